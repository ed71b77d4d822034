"""A stack whose sections all change at once, on a real API server by the real Kubernetes provider: nothing is replaced, and admission never sleeps.

Left out are a group's role, which Kubernetes has a binding keep for life, and kured, whose chart comes from elsewhere.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from emulator.azure.ids import SUBSCRIPTION
from emulator.cloud.cloud import Cloud
from emulator.control_plane.client import ApiError
from tests.asked.life import stand_there
from tests.emulator.azure_provider import Azure
from tests.emulator.test_lab_on_a_control_plane import changes, cluster_of
from tests.lab_stack import LabStack
from tests.project_copy import ROOT, copy_of

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


pytestmark = [pytest.mark.soak, pytest.mark.control_plane]
SHARED = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/shared/providers"
METRICS = f"{SHARED}/Microsoft.Monitor/accounts/metrics"
ID = "6f1c0d1e-2f3a-4b5c-8d9e-0a1b2c3d4e5{}"


def group(name: str, number: int) -> dict[str, str]:
    """A group that exists."""
    return {"name": name, "objectId": ID.format(number)}


def sections(*, later: bool) -> dict[str, Any]:
    """What is said beside the dev stack at first, and `later`: by section and key."""
    backup = {
        "vaultGroup": "vaults",
        "snapshotGroup": "snapshots",
        "storageAccount": f"{SHARED}/Microsoft.Storage/storageAccounts/contosobackups",
        "container": "aks",
        "days": 21 if later else 14,
        "namespaces": ["payments", "checkout"] if later else ["payments"],
        "softDeleteDays": 30 if later else 14,
    }
    agent = {
        "name": "agent",
        "owner": "watch team" if later else "team watch",
        "reason": "reads what there is, twice" if later else "reads what there is",
        "images": ["contoso.azurecr.io/agent/", *(["contoso.azurecr.io/more/"] if later else [])],
        "serviceAccounts": [
            {
                "name": "agent",
                "roles": ["agent-*"],
                "rights": ["read-secrets", *(["change-nodes"] if later else [])],
            }
        ],
    }
    return {
        "cluster.backup": backup,
        "cluster.gitops": {
            "repository": "https://example.com/contoso/fleet",
            "branch": "next" if later else "main",
            "syncMinutes": 9 if later else 5,
            "kustomizations": [{"name": "all", "path": "./more" if later else "./all"}],
        },
        "cluster.monitoring": {
            "prometheus": {
                "workspace": METRICS,
                "alerts": ["node-not-ready", *(["support-ends"] if later else ["pool-at-maximum"])],
            },
            "grafana": {
                "name": "pictures",
                "publicAccess": True,
                "viewers": [group("pictures-viewers", 2), *([group("pictures-more", 3)] if later else [])],
            },
            "contacts": {"emails": ["duty@contoso.com", *(["more@contoso.com"] if later else [])]},
        },
        "cluster.breakGlass": [group("dev-break-glass", 4), *([group("dev-more", 5)] if later else [])],
        "cluster.readers": [group("dev-readers", 6), *([group("dev-readers-more", 7)] if later else [])],
        "platform": [agent],
        "admission": {"systemNamespaces": ["watch"] if later else []},
        "maintenance.nodeOs.startTime": "23:00" if later else "22:00",
        "profiles.seccomp": ["prevent-chmod"] if later else ["hardened", "prevent-chmod"],
        "exemptions": [
            {
                "rule": "pod-probes",
                "resource": {
                    "name": "api",
                    "kind": "Deployment",
                    "namespace": "payments",
                    "type": "kubernetes:apps/v1:Deployment",
                },
                "reason": "has none yet",
                "until": "2027-01-31",
            }
        ]
        if later
        else [],
    }


def another(team: dict[str, Any]) -> None:
    """Change all of a team that is changed in normal life."""
    team["quota"] = {"cpu": "16", "memory": "64Gi", "pods": 80}
    team["podSecurity"] = "baseline"
    team["customRoles"] = [{"name": "looks", "rules": [{"resources": ["configmaps"], "verbs": ["get"]}]}]
    team["groups"].append({**group("payments-looks", 8), "role": "looks"})
    team["egress"] = [{"range": "203.0.113.0/24", "ports": [443]}]
    team["ingress"] = [{"range": "10.60.0.0/16", "ports": [8080]}]
    team["identities"] = [{"serviceAccount": "api"}]


def write(file: Path, *, later: bool) -> None:
    """Put the sections into a stack file."""
    said = yaml.safe_load(file.read_text("utf-8"))
    config = said["config"]
    for path, value in sections(later=later).items():
        name, *keys = path.split(".")
        place, key = config, f"secure-aks:{name}"
        for inner in keys:
            place, key = place.setdefault(key, {}), inner
        place[key] = value
    if later:
        another(config["secure-aks:teams"][0])
        config["secure-aks:teams"].append(
            {
                "name": "search",
                "groups": [{"name": "search-dev", "role": "developer"}],
                "quota": {"cpu": "4", "memory": "16Gi", "pods": 20},
            }
        )
    file.write_text(yaml.safe_dump(said, sort_keys=False), "utf-8")


@pytest.fixture
def dev(tmp_path: Path, control_plane_built: None) -> Generator[LabStack]:
    del control_plane_built
    folder = copy_of(ROOT, tmp_path / "project")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
        stack = LabStack("dev", folder, control_plane=True)
        stack.lab_folder.mkdir()
        write(folder / "Pulumi.dev.yaml", later=False)
        stand_there(Azure(Cloud(stack.lab_folder / "cloud.json")), sections(later=False))
        try:
            stack.up()
            yield stack
        finally:
            cluster_of(stack).end()


POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "try", "labels": {"app": "try"}},
    "spec": {
        "containers": [
            {"name": "a", "image": "contoso.azurecr.io/a", "securityContext": {"privileged": True}}
        ]
    },
}
"""Nobody may run it, in any mode of a namespace's Pod Security."""


BY_CONTENT = "seccomp-profiles"
"""A ConfigMap whose name has the hash of what it holds, so that the loaders roll over: the new one is there before the old one goes."""


class Watch(threading.Thread):
    """Asks the API server all the while whether it would take a pod that it may not."""

    def __init__(self, stack: LabStack) -> None:
        super().__init__(daemon=True)
        self.client = cluster_of(stack).ensure().client()
        self.over = threading.Event()
        self.asked, self.admitted, self.parameters = 0, 0, list[str]()

    def run(self) -> None:
        while not self.over.is_set():
            self.asked += 1
            try:
                self.client.create(
                    "/api/v1/namespaces/kube-public/configmaps?dryRun=All", {"metadata": {"name": "x"}}
                )
                self.client.create("/api/v1/namespaces/checkout/pods?dryRun=All", POD)
                self.admitted += 1
            except ApiError as error:
                if "param" in str(error).lower() and "not found" in str(error).lower():
                    self.parameters.append(str(error))
            self.over.wait(0.1)


def test_every_section_is_changed_in_place_and_admission_is_never_away(dev: LabStack) -> None:
    assert changes(dev.preview().change_summary) == set()
    write(dev.folder / "Pulumi.dev.yaml", later=True)
    watch, replaced = Watch(dev), set[str]()

    def note(event: Any) -> None:
        if (step := event.resource_pre_event) and "replace" in str(step.metadata.op).lower():
            replaced.add(step.metadata.urn.rpartition("::")[2])

    watch.start()
    try:
        changed = dev.up(on_event=note).summary.resource_changes
    finally:
        watch.over.set()
        watch.join()
    assert replaced == {BY_CONTENT}
    assert changed.get("update", 0) > 15
    assert watch.asked > 20
    assert (watch.admitted, watch.parameters) == (0, [])
    assert changes(dev.preview().change_summary) == set()
