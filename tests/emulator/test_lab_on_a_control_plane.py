"""The shipped development stack on a real API server, by the real Kubernetes provider and the product's own kubeconfig."""

from __future__ import annotations

import base64
import json
import re
import time
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from components.access.cluster_roles import DEPLOYERS, READERS
from components.admitted.ask import ask
from components.admitted.circle import Circle
from emulator.arm.discovery import authentication_file
from emulator.azure import ids
from emulator.azure.aks.credentials import SERVER_APPLICATION
from emulator.azure.aks.nodes import BINDING
from emulator.cloud.cloud import Cloud
from emulator.cloud.faults import Fault
from emulator.control_plane.client import MERGE, ApiClient, ApiError
from emulator.control_plane.stack_cluster import StackCluster
from emulator.entra.directory import Principal
from emulator.entra.keys import SigningKey
from emulator.entra.tokens import issue
from emulator.lab import Lab
from settings.sections.cluster import Cluster
from tests.documented_login import sign_in_with_the_documented_roles
from tests.emulator.principals import sign_up
from tests.first_cluster import advice
from tests.lab_stack import LabStack, enter
from tests.project_copy import ROOT, copy_of

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable
    from pathlib import Path


BINDING_PATH = f"/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/{BINDING}"
OUTSIDER = ids.guid("somebody else")
REVIEW = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
POOL = {
    "name": "extra",
    "version": "1.35.6",
    "vmSize": "Standard_D4ds_v5",
    "osSku": "Ubuntu2404",
    "zones": ["1"],
    "autoscaling": {"min": 1, "max": 2},
}


@pytest.fixture(scope="module")
def said() -> list[str]:
    """What the first `up` printed."""
    return []


@pytest.fixture(scope="module")
def dev(said: list[str], tmp_path_factory: pytest.TempPathFactory) -> Generator[LabStack]:
    """The development stack, brought up by somebody with the documented roles, whose first tokens know of no group yet."""
    folder = copy_of(ROOT, tmp_path_factory.mktemp("lab") / "project")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
        stack = LabStack("dev", folder, control_plane=True)
        stack.lab_folder.mkdir()
        sign_in_with_the_documented_roles(stack)
        with Cloud(stack.lab_folder / "cloud.json").change() as state:
            state.add_fault(Fault("staleToken", on="token", times=2))
        try:
            said.append(stack.up().stdout)
            yield stack
        finally:
            cluster_of(stack).end()


def cluster_of(stack: LabStack) -> StackCluster:
    return StackCluster(stack.lab_folder, "lab", authentication_file(stack.lab_folder))


def caller(stack: LabStack, groups: Iterable[str] = (), audience: str = SERVER_APPLICATION) -> ApiClient:
    """A client with the token of an outsider of the lab's Entra."""
    plane = cluster_of(stack).ensure()
    key, outsider = SigningKey(stack.lab_folder / "arm"), Principal(OUTSIDER, OUTSIDER)
    token = issue(key, ids.TENANT, outsider, audience, groups)
    port = int(plane.url.rpartition(":")[2])
    return ApiClient(("127.0.0.1", port), plane.authority.files.certificate, token)


def who(client: ApiClient) -> dict[str, Any]:
    return client.create("/apis/authentication.k8s.io/v1/selfsubjectreviews", REVIEW)["status"]["userInfo"]


@pytest.mark.control_plane
def test_it_comes_up_by_the_kubeconfig_that_azure_hands_out(dev: LabStack, control_plane_built: None) -> None:
    del control_plane_built
    kubeconfig = json.loads(dev.outputs()["kubeconfig"])
    cluster = kubeconfig["clusters"][0]["cluster"]
    plane = cluster_of(dev).ensure()
    assert cluster["server"] == plane.url
    authority = base64.b64decode(cluster["certificate-authority-data"])
    assert authority == plane.authority.files.certificate.read_bytes()
    assert kubeconfig["users"][0]["user"]["exec"]["command"] == "kubelogin"
    spaces = {n["metadata"]["name"] for n in plane.client().get("/api/v1/namespaces")["items"]}
    assert {"payments", "checkout", "partners", "secure-aks-admission"} <= spaces
    nodes = plane.client().get("/api/v1/nodes?labelSelector=agentpool=general")["items"]
    assert len(nodes) == 1


@pytest.mark.control_plane
def test_a_new_membership_is_waited_for_with_one_line(dev: LabStack, said: list[str]) -> None:
    del dev
    line = "takes minutes to reach it. Asking again for up to 10 minutes."
    assert said[0].count(line) == 2  # while it waits, and in the engine's summary
    assert "wrong version" not in said[0], "the provider is as new as its SDK"


def changes(summary: Any) -> set[str]:
    """The kinds of changes in a summary."""
    return {str(getattr(kind, "value", kind)) for kind in summary} - {"same", "read"}


@pytest.mark.control_plane
def test_every_object_of_the_state_is_there(dev: LabStack) -> None:
    admin = cluster_of(dev).ensure().client()
    inputs = [
        one["inputs"]
        for one in dev.resources()
        if one["type"].startswith("kubernetes:") and not one["type"].endswith("Patch")
    ]
    assert len(inputs) > 60
    for version in {one["apiVersion"] for one in inputs}:
        root = "/api/v1" if version == "v1" else f"/apis/{version}"
        served = {one["kind"]: one["name"] for one in admin.get(root)["resources"] if "/" not in one["name"]}
        for kind in {one["kind"] for one in inputs if one["apiVersion"] == version}:
            there = {place(one) for one in admin.get(f"{root}/{served[kind]}")["items"]}
            assert there >= {
                place(one) for one in inputs if (one["apiVersion"], one["kind"]) == (version, kind)
            }


def place(item: dict[str, Any]) -> tuple[str, str]:
    """An object's namespace ("" for none) and name."""
    return item["metadata"].get("namespace", ""), item["metadata"]["name"]


@pytest.mark.control_plane
def test_a_second_up_changes_nothing(dev: LabStack) -> None:
    assert changes(dev.up().summary.resource_changes) == set()


def reversed_lists(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: reversed_lists(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [reversed_lists(inner) for inner in reversed(value)]
    return value


@pytest.mark.control_plane
def test_neither_the_order_of_lists_nor_a_change_of_the_cluster_touches_what_is_inside(dev: LabStack) -> None:
    file = dev.folder / "Pulumi.dev.yaml"
    before = file.read_text("utf-8")
    after = reversed_lists(yaml.safe_load(before))
    cluster = after["config"]["secure-aks:cluster"]
    cluster["imageCleanerHours"] = 96
    after["config"]["secure-aks:tags"] = {"owner": "somebody"}
    file.write_text(yaml.safe_dump(after, sort_keys=False), "utf-8")
    planned: dict[str, str] = {}

    def note(event: Any) -> None:
        if (said := event.resource_pre_event) and (kind := said.metadata.op.value) not in {"same", "read"}:
            planned[said.metadata.urn] = kind

    try:
        dev.preview(on_event=note)
    finally:
        file.write_text(before, "utf-8")
    types = {urn.split("::")[2].rpartition("$")[2] for urn in planned}
    assert "azure-native:containerservice:ManagedCluster" in types
    assert {one for one in types if not one.startswith("azure-native:")} == set()
    assert set(planned.values()) == {"update"}


@pytest.mark.control_plane
def test_a_token_is_a_user_in_groups_as_in_aks(dev: LabStack) -> None:
    found = who(caller(dev, groups=["a-group"]))
    assert found["username"] == OUTSIDER
    assert found["groups"] == ["a-group", "system:authenticated"]


@pytest.mark.control_plane
def test_only_the_admin_groups_administer_the_cluster(dev: LabStack) -> None:
    with pytest.raises(ApiError, match=f"403 Forbidden: .*{OUTSIDER}"):
        caller(dev).get("/api/v1/nodes")
    admin = cluster_of(dev).ensure().client()
    groups = [subject["name"] for subject in admin.get(BINDING_PATH)["subjects"]]
    assert len(groups) == 2  # break-glass, and the deployers for the first `up`
    for group in groups:
        assert caller(dev, groups=[group]).get("/api/v1/nodes")["items"]


@pytest.mark.control_plane
def test_a_token_for_something_else_is_none(dev: LabStack) -> None:
    with pytest.raises(ApiError, match="401"):
        who(caller(dev, audience="https://management.azure.com"))


@pytest.mark.control_plane
def test_who_is_in_no_group_is_told_what_to_write(dev: LabStack, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = Cluster.model_validate(
        {
            "name": "aks-dev",
            "kubernetes_version": "1.35.6",
            "deployers": [{"name": "d", "members": [OUTSIDER]}],
        }
    )
    kubeconfig = dev.outputs()["kubeconfig"]
    with Lab(dev.lab_folder) as lab:
        enter(monkeypatch, lab)
        for name, value in sign_up(Cloud(dev.lab_folder / "cloud.json"), "nobody", (), (), "/").items():
            monkeypatch.setenv(name, value)
        answer = ask(kubeconfig)
    assert answer is not None
    assert not answer.allowed
    why = Circle(cluster, {}, has_rights=False).hopeless(answer, None)
    assert f"{ids.guid('application', 'nobody', 'principal')} is in none of the groups" in str(why)


@pytest.mark.control_plane
def test_tokens_are_taken_when_everything_was_started_anew(dev: LabStack) -> None:
    before = cluster_of(dev).ensure()
    url = before.url
    before.stop()
    with Lab(dev.lab_folder):
        assert cluster_of(dev).ensure().url == url
        assert who(caller(dev))["username"] == OUTSIDER


def members_of(stack: LabStack, role: str) -> ApiClient:
    """A client as somebody in the groups that have a cluster-wide role."""
    path = f"/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/{role}"
    binding = cluster_of(stack).ensure().client().get(path)
    return caller(stack, groups=[subject["name"] for subject in binding["subjects"]])


@pytest.mark.soak
@pytest.mark.control_plane
def test_the_deployers_own_rights_apply_the_whole_stack(dev: LabStack) -> None:
    file = dev.folder / "Pulumi.dev.yaml"
    file.write_text(by_their_own_rights(file.read_text("utf-8")), "utf-8")
    went_on = dev.up().summary.resource_changes
    assert (changes(went_on), went_on["update"]) == ({"update"}, 1), "of the cluster, as the page says"
    admin = cluster_of(dev).ensure().client()
    assert len(admin.get(BINDING_PATH)["subjects"]) == 1
    take_away(admin)
    dev.up(refresh=True)
    spaces = {n["metadata"]["name"] for n in admin.get("/api/v1/namespaces")["items"]}
    assert spaces >= {"payments", "security-profiles", "secure-aks-admission"}
    assert admin.get("/apis/apps/v1/namespaces/security-profiles/daemonsets")["items"]


def take_away(admin: ApiClient) -> None:
    """Delete what the stack has inside the cluster, but the right to make it anew."""
    for name in ("validatingadmissionpolicybindings", "validatingadmissionpolicies"):
        path = f"/apis/admissionregistration.k8s.io/v1/{name}"
        for item in admin.get(path)["items"]:
            admin.delete(f"{path}/{item['metadata']['name']}")
    for name in ("clusterrolebindings", "clusterroles"):
        admin.delete(f"/apis/rbac.authorization.k8s.io/v1/{name}/secure-aks-profile-loaders")
    mine = ("payments", "checkout", "partners", "security-profiles", "secure-aks-admission")
    for name in mine:
        admin.delete(f"/api/v1/namespaces/{name}")
    end = time.monotonic() + 60
    while {n["metadata"]["name"] for n in admin.get("/api/v1/namespaces")["items"]} & set(mine):
        assert time.monotonic() < end, "the namespaces do not go"
        time.sleep(0.1)


PATCHES: dict[str, dict[str, Any]] = {
    "/api/v1/namespaces/payments": {"metadata": {"labels": {"secure-aks/team": "others"}}},
    "/api/v1/namespaces/payments/resourcequotas/quota": {"spec": {"hard": {"pods": "9999"}}},
    "/api/v1/namespaces/payments/limitranges/defaults": {"spec": {"limits": []}},
    "/api/v1/namespaces/payments/serviceaccounts/default": {"automountServiceAccountToken": True},
    "/apis/networking.k8s.io/v1/namespaces/payments/networkpolicies/allow-dns": {"spec": {"egress": [{}]}},
    "/apis/rbac.authorization.k8s.io/v1/namespaces/payments/roles/developer": {
        "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]
    },
    "/apis/rbac.authorization.k8s.io/v1/namespaces/payments/rolebindings/payments-dev-developers": {
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "others"}]
    },
    "/api/v1/namespaces/secure-aks-admission/configmaps/parameters": {"data": {"breakGlassGroups": "others"}},
    "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/secure-aks-ingresses": {
        "spec": {"failurePolicy": "Ignore"}
    },
}
"""What somebody changes with kubectl behind Pulumi's back, by the object's path; the admission policies let it pass."""


@pytest.mark.control_plane
def test_what_was_patched_with_kubectl_is_put_back_while_a_team_goes_and_a_pool_comes(dev: LabStack) -> None:
    admin = cluster_of(dev).ensure().client()
    before = {path: part(admin.get(path), patch) for path, patch in PATCHES.items()}
    for path, patch in PATCHES.items():
        admin.call("PATCH", f"{path}?fieldManager=kubectl-patch", patch, content_type=MERGE)
        assert part(admin.get(path), patch) != before[path], path
    drift = dev.refresh().summary.resource_changes
    assert drift.get("update", 0) >= len(PATCHES)
    file = dev.folder / "Pulumi.dev.yaml"
    file.write_text(by_their_own_rights(file.read_text("utf-8")), "utf-8")
    another_pool_and_a_team_less(file)
    changed = dev.up().summary.resource_changes
    assert len(admin.get(BINDING_PATH)["subjects"]) == 1, "break-glass alone"
    assert changes(changed) <= {"create", "update", "delete"}
    assert changed.get("update", 0) >= len(PATCHES)
    assert {path: part(admin.get(path), patch) for path, patch in PATCHES.items()} == before
    assert "checkout" not in {n["metadata"]["name"] for n in admin.get("/api/v1/namespaces")["items"]}
    assert len(admin.get("/api/v1/nodes?labelSelector=agentpool=extra")["items"]) == 1


def by_their_own_rights(text: str) -> str:
    """The stack file after the first `up`: the deployers are no administrators any more."""
    return re.sub(r"(?m)^    bootstrap: true.*\n", "", text)


def another_pool_and_a_team_less(file: Path) -> None:
    """Add a pool in the middle of a stack file, and take a team out of the middle."""
    said = yaml.safe_load(file.read_text("utf-8"))
    teams = said["config"]["secure-aks:teams"]
    said["config"]["secure-aks:teams"] = [team for team in teams if team["name"] != "checkout"]
    said["config"]["secure-aks:pools"].insert(1, POOL)
    file.write_text(yaml.safe_dump(said, sort_keys=False), "utf-8")


def part(found: Any, patch: Any) -> Any:
    """The places of an object that a patch is about."""
    if isinstance(patch, dict):
        return {key: part(found.get(key) if isinstance(found, dict) else None, patch[key]) for key in patch}
    return found


@pytest.mark.control_plane
def test_deployers_make_nobody_an_administrator(dev: LabStack) -> None:
    deployer = members_of(dev, DEPLOYERS)
    api = "rbac.authorization.k8s.io"
    everything = [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]
    for name in ("mine", DEPLOYERS):
        role = {
            "apiVersion": f"{api}/v1",
            "kind": "ClusterRole",
            "metadata": {"name": name},
            "rules": everything,
        }
        with pytest.raises(ApiError, match="403 Forbidden") as refusal:
            deployer.apply(role, "somebody", force=True)
        assert "break-glass" in advice(str(refusal.value))
    binding = {
        "apiVersion": f"{api}/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": "mine"},
        "roleRef": {"apiGroup": api, "kind": "ClusterRole", "name": "cluster-admin"},
        "subjects": [{"apiGroup": api, "kind": "User", "name": OUTSIDER}],
    }
    with pytest.raises(ApiError, match="403 Forbidden"):
        deployer.apply(binding, "somebody")
    with pytest.raises(ApiError, match="403 Forbidden"):
        deployer.get("/api/v1/secrets")
    assert deployer.get("/api/v1/namespaces")["items"], "which is how the page looks at a new cluster"
    with pytest.raises(ApiError, match="403 Forbidden") as refusal:
        caller(dev).apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "mine"}}, "somebody")
    assert "`bootstrap: true`, your object id under `members`" in advice(str(refusal.value))


@pytest.mark.control_plane
def test_readers_see_what_gates_look_at_and_change_nothing(dev: LabStack) -> None:
    reader = members_of(dev, READERS)
    assert reader.get("/api/v1/nodes")["items"]
    assert reader.request("GET", "/metrics")[0] == 200
    assert reader.get("/apis/networking.k8s.io/v1/ingressclasses")["items"] == []
    with pytest.raises(ApiError, match="404 NotFound"):  # they may look whether it is there
        reader.get("/api/v1/namespaces/kube-system/configmaps/coredns-custom")
    for path in ("/api/v1/secrets", "/api/v1/configmaps"):
        with pytest.raises(ApiError, match="403 Forbidden"):
            reader.get(path)
    with pytest.raises(ApiError, match="403 Forbidden"):
        reader.delete("/api/v1/namespaces/payments")
