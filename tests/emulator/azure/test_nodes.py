"""The nodes behind a cluster of the emulated Azure, on a real API server."""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from typing_extensions import override

from emulator.azure.aks.nodes import BINDING, ClusterNodes
from emulator.cloud.cloud import Cloud
from emulator.control_plane.stack_cluster import StackCluster
from emulator.plugins.azure_native import AzureProvider
from tests.emulator.azure_provider import Azure, refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from emulator.control_plane.server import ControlPlane

BUDGET = "/apis/policy/v1/namespaces/kube-system/poddisruptionbudgets/in-the-way"
BINDINGS = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings"
WORKLOAD = "/apis/apps/v1/namespaces/kube-system/deployments/stubborn"


class Shared(StackCluster):
    """The control plane of the test process, as a stack's own."""

    def __init__(self, folder: Path, control_plane: ControlPlane) -> None:
        super().__init__(folder, "dev")
        self._control_plane = control_plane
        self.restarted = 0

    @property
    @override
    def is_kept(self) -> bool:
        return True

    @override
    def ensure(self) -> ControlPlane:
        return self._control_plane

    @override
    def restart_empty(self) -> None:
        self.restarted += 1


@pytest.fixture
def cluster(tmp_path: Path, control_plane: ControlPlane) -> Iterator[Shared]:
    shared = Shared(tmp_path, control_plane)
    yield shared
    for node in _nodes(shared):
        control_plane.client().delete(f"/api/v1/nodes/{node['metadata']['name']}")


@pytest.fixture
def azure(cluster: Shared) -> Azure:
    cloud = Cloud()
    cloud.configure(minute_seconds=0.02)
    made = Azure(cloud)
    made.provider = AzureProvider(cloud, ClusterNodes(cloud, cluster))
    made.provider.configure({"location": made.location})
    return made


def _nodes(cluster: Shared, pool: str = "") -> list[dict[str, Any]]:
    label = f"agentpool={pool}" if pool else "agentpool"
    return cluster.ensure().client().get(f"/api/v1/nodes?labelSelector={label}")["items"]


def versions(cluster: Shared, pool: str) -> list[str]:
    return sorted(n["status"]["nodeInfo"]["kubeletVersion"] for n in _nodes(cluster, pool))


def test_pools_have_nodes_that_move_with_them_and_go_with_them(azure: Azure, cluster: Shared) -> None:
    azure.cluster("1.35.6")
    assert versions(cluster, "system")
    pool = azure.pool(orchestratorVersion="1.35.5", count=2)
    assert versions(cluster, "general") == ["v1.35.5"] * 2
    pool = azure.update(pool, orchestratorVersion="1.35.6")
    assert versions(cluster, "general") == ["v1.35.6"] * 2
    azure.update(pool, count=3)
    assert versions(cluster, "general") == ["v1.35.6"] * 3
    azure.delete(pool)
    assert versions(cluster, "general") == []


def test_a_budget_in_the_way_fails_the_upgrade_half_way(azure: Azure, cluster: Shared) -> None:
    azure.cluster("1.35.6")
    pool = azure.pool(orchestratorVersion="1.35.5", count=1)
    _budget_in_the_way(cluster)
    try:
        with refused("UpgradeFailed", "in-the-way"):
            azure.update(pool, orchestratorVersion="1.35.6", count=1)
        assert versions(cluster, "general") == ["v1.35.5", "v1.35.6"]
    finally:
        cluster.ensure().client().delete(BUDGET)
    azure.update(pool, orchestratorVersion="1.35.6", count=1)
    assert versions(cluster, "general") == ["v1.35.6"]
    cluster.ensure().client().delete(WORKLOAD)


def test_the_admin_groups_are_bound_and_no_others(azure: Azure, cluster: Shared) -> None:
    def bound() -> list[str]:
        bindings = cluster.ensure().client().get(BINDINGS)["items"]
        found = [b for b in bindings if b["metadata"]["name"] == BINDING]
        return [subject["name"] for b in found for subject in b["subjects"]]

    made = azure.cluster("1.35.6", aadProfile=_admins("one", "two"))
    assert bound() == ["one", "two"]
    made = azure.update(made, aadProfile=_admins("two"))
    assert bound() == ["two"]
    azure.update(made, aadProfile=_admins())
    assert bound() == []


def _admins(*groups: str) -> dict[str, Any]:
    return {"managed": True, "adminGroupObjectIDs": list(groups)}


def test_the_login_of_a_cluster_leads_to_its_api_server(azure: Azure, cluster: Shared) -> None:
    azure.cluster("1.35.6")
    args = {"resourceGroupName": "rg", "resourceName": "aks", "format": "exec"}
    answer = azure.provider.invoke("azure-native:containerservice:listManagedClusterUserCredentials", args)
    config = json.loads(base64.b64decode(answer["kubeconfigs"][0]["value"]))["clusters"][0]["cluster"]
    plane = cluster.ensure()
    assert config["server"] == plane.url
    assert (
        base64.b64decode(config["certificate-authority-data"])
        == plane.authority.files.certificate.read_bytes()
    )


def test_a_cluster_that_goes_leaves_an_empty_control_plane(azure: Azure, cluster: Shared) -> None:
    made = azure.cluster("1.35.6")
    azure.delete(made)
    assert cluster.restarted == 1


def test_a_new_control_plane_gets_the_nodes_of_the_clusters_that_there_are(
    azure: Azure, cluster: Shared
) -> None:
    azure.provider = AzureProvider(azure.cloud)
    azure.provider.configure({"location": azure.location})
    azure.cluster("1.35.6")
    azure.pool(orchestratorVersion="1.35.5", count=2)
    assert _nodes(cluster) == []
    ClusterNodes(azure.cloud, cluster).catch_up()
    assert versions(cluster, "general") == ["v1.35.5"] * 2
    assert versions(cluster, "system")


def _budget_in_the_way(cluster: Shared) -> None:
    """Run one pod on the pool, which a budget never lets go."""
    client, labels = cluster.ensure().client(), {"app": "stubborn"}
    selector = {"matchLabels": labels}
    client.create(
        BUDGET.rpartition("/")[0],
        {"metadata": {"name": "in-the-way"}, "spec": {"minAvailable": 1, "selector": selector}},
    )
    pod = {
        "nodeSelector": {"agentpool": "general"},
        "tolerations": [{"operator": "Exists"}],
        "containers": [{"name": "c", "image": "registry.example/stubborn:1"}],
    }
    template = {"metadata": {"labels": labels}, "spec": pod}
    client.create(
        WORKLOAD.rpartition("/")[0],
        {"metadata": {"name": "stubborn"}, "spec": {"selector": selector, "template": template}},
    )
    end = time.monotonic() + 60
    while client.get(BUDGET).get("status", {}).get("currentHealthy") != 1:
        assert time.monotonic() < end, "the pod never ran"
        time.sleep(0.1)
