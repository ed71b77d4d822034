"""The page's stack on a real API server that is there already, by the real engine and the real Kubernetes provider."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from emulator.control_plane.client import ApiError
from emulator.control_plane.stack_cluster import StackCluster
from tests.adoption.test_existing import CONFIG
from tests.adoption.workflows import ROOT
from tests.lab_stack import LabStack
from tests.project_copy import PACKS, copy_of

if TYPE_CHECKING:
    from collections.abc import Generator

    from emulator.control_plane.server import ControlPlane

pytestmark = [pytest.mark.soak, pytest.mark.control_plane]
PODS = "/api/v1/namespaces/{}/pods?dryRun=All"
ADMISSION = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies"


class Kind(LabStack):
    """The stack, and the cluster that it finds."""

    @property
    def cluster(self) -> StackCluster:
        return StackCluster(self.lab_folder, "lab")  # which knows certificates alone, and no Entra

    @property
    def plane(self) -> ControlPlane:
        return self.cluster.ensure()

    def namespaces(self) -> set[str]:
        return {one["metadata"]["name"] for one in self.plane.client().get("/api/v1/namespaces")["items"]}


@pytest.fixture
def kind(tmp_path: Any, monkeypatch: pytest.MonkeyPatch, control_plane_built: None) -> Generator[Kind]:
    del control_plane_built
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
    stack = Kind("kind", copy_of(ROOT, tmp_path / "project"), PACKS, control_plane=True)
    there = CONFIG.replace("context: kind-kind", "kubeconfig: mine/config\n      context: emulated")
    (stack.folder / "Pulumi.kind.yaml").write_text(there, "utf-8")
    try:
        stack.plane  # noqa: B018  # started, before anything of this project knows of it
        (stack.folder / "mine").mkdir()
        shutil.copy(stack.cluster.kubeconfig, stack.folder / "mine" / "config")
        yield stack
    finally:
        stack.cluster.end()


def changes(summary: Any) -> set[str]:
    return {str(getattr(one, "value", one)) for one in summary} - {"same", "read"}


def test_it_comes_up_stays_and_goes_by_a_kubeconfig_of_somebody_else_s(kind: Kind) -> None:
    before = kind.namespaces()
    kind.up()
    assert kind.namespaces() - before == {"payments", "secure-aks-admission"}
    assert kind.plane.client().get(ADMISSION)["items"]
    types = {one["type"].partition(":")[0] for one in kind.resources()}
    assert types == {"pulumi", "secure-aks", "kubernetes"}
    assert kind.outputs()["cluster"] == {"name": "kind", "context": "emulated"}

    pod = {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "c", "image": "r.example/c:1"}]}}
    developer = kind.plane.client(user="ann", groups=["payments-developers"])
    assert developer.get("/api/v1/namespaces/payments/pods")["items"] == []
    for namespace, why in (("payments", "restricted"), ("default", "cannot create resource")):
        with pytest.raises(ApiError, match=why):
            developer.create(PODS.format(namespace), pod)

    assert changes(kind.preview().change_summary) == set()
    # Another machine's path, and the context under a new name, are no other cluster.
    config = kind.folder / "mine" / "config"
    (kind.folder / "theirs").write_text(config.read_text("utf-8").replace('"emulated"', '"renamed"'), "utf-8")
    file = kind.folder / "Pulumi.kind.yaml"
    text = file.read_text("utf-8").replace("mine/config", "theirs").replace("emulated", "renamed")
    file.write_text(text, "utf-8")
    config.unlink()
    done = kind.up()
    assert changes(done.summary.resource_changes) <= {"update"}
    assert kind.outputs()["cluster"]["context"] == "renamed"

    kind.destroy()
    assert kind.namespaces() == before
