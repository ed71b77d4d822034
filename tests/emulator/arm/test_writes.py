"""The long-running calls, through the SDK's own polling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from emulator.cloud.faults import Fault
from tests.emulator.arm.helpers import CLUSTER, GROUP

if TYPE_CHECKING:
    from tests.emulator.arm.helpers import Lab

CREATE = """
body = {
    "location": "westeurope",
    "identity": {"type": "SystemAssigned"},
    "properties": {
        "kubernetesVersion": "1.35.5",
        "agentPoolProfiles": [{"name": "system", "mode": "System", "count": 2, "vmSize": "Standard_D2ds_v5"}],
        "networkProfile": {"networkPlugin": "azure", "networkPluginMode": "overlay"},
        "aadProfile": {"managed": True},
        "disableLocalAccounts": True,
    },
}
clusters, pools = client.managed_clusters, client.agent_pools
made = clusters.begin_create_or_update("rg", "aks", body).result()
"""


def test_sdk_makes_upgrades_and_deletes_a_cluster_and_its_pools(lab: Lab):
    lab.azure.group()
    seen = lab.sdk(
        CREATE
        + """
pool = {"properties": {"count": 2, "vmSize": "Standard_D4ds_v5", "orchestratorVersion": "1.35.4"}}
general = pools.begin_create_or_update("rg", "aks", "general", pool).result()
whole = clusters.get("rg", "aks")
whole.kubernetes_version = "1.35.6"
whole.agent_pool_profiles = None
upgraded = clusters.begin_create_or_update("rg", "aks", whole).result()
general.orchestrator_version = "1.35.6"
pools.begin_create_or_update("rg", "aks", "general", general).result()
after = {p.name: p.current_orchestrator_version for p in pools.list("rg", "aks")}
pools.begin_delete("rg", "aks", "general").result()
left = [p.name for p in pools.list("rg", "aks")]
clusters.begin_delete("rg", "aks").result()
clusters.begin_delete("rg", "aks").result()
show([made.provisioning_state, upgraded.current_kubernetes_version, after, left, list(clusters.list())])
"""
    )
    assert seen == ["Succeeded", "1.35.6", {"system": "1.35.5", "general": "1.35.6"}, ["system"], []]


def test_sdk_gives_a_pool_a_new_node_image(lab: Lab):
    lab.azure.cluster()
    pool = lab.azure.pool(nodeLabels={"team": "shop"})
    old = "AKSUbuntu-2404gen2containerd-202601.05.0"
    lab.azure.cloud.edit(pool.id, {"nodeImageVersion": old})
    seen = lab.sdk("""
client.agent_pools.begin_upgrade_node_image_version("rg", "aks", "general").result()
pool = client.agent_pools.get("rg", "aks", "general")
newest = client.agent_pools.get_upgrade_profile("rg", "aks", "general").latest_node_image_version
show([pool.node_image_version == newest, newest, pool.node_labels, pool.provisioning_state])
""")
    assert seen == [True, seen[1], {"team": "shop"}, "Succeeded"]
    assert seen[1] != old


def test_an_operation_under_way_is_polled_and_keeps_others_out(lab: Lab):
    lab.azure.group()
    lab.azure.cluster()
    lab.azure.cloud.inject(Fault("stuck", "*/agentPools/slow", "put"))
    seen = lab.sdk("""
pools, states = client.agent_pools, []
body = {"properties": {"count": 1, "vmSize": "Standard_D4ds_v5"}}
slow = pools.begin_create_or_update("rg", "aks", "slow", body)
states += [slow.status(), pools.get("rg", "aks", "slow").provisioning_state]
try: pools.begin_create_or_update("rg", "aks", "other", body)
except HttpResponseError as error: states += [error.status_code, error.error.code]
show(states)
""")
    assert seen == ["InProgress", "Creating", 409, "OperationNotAllowed"]


def test_failures_come_at_once_or_with_the_operation(lab: Lab):
    lab.azure.group()
    lab.azure.cluster()
    lab.azure.cloud.inject(Fault("fails", "*/agentPools/broken", "put"))
    seen = lab.sdk("""
pools, said = client.agent_pools, []
body = {"properties": {"count": 1, "vmSize": "Standard_D4ds_v5"}}
def attempt(name, body):
    try: pools.begin_create_or_update("rg", "aks", name, body).result()
    except HttpResponseError as error: said.append([error.status_code, error.error.code])
attempt("newer", {"properties": {**body["properties"], "orchestratorVersion": "1.36.2"}})
attempt("broken", body)
attempt("broken", body)
show([said, pools.get("rg", "aks", "broken").provisioning_state])
""")
    assert seen == [[[400, "NodePoolMcVersionIncompatible"], [200, "InternalOperationError"]], "Succeeded"]


def test_what_is_read_can_be_put_back(lab: Lab):
    lab.azure.group()
    lab.azure.network()
    lab.azure.cluster()
    lab.azure.pool()
    for id_ in (
        f"{GROUP}/providers/Microsoft.Network/virtualNetworks/network",
        f"{GROUP}/providers/Microsoft.Network/virtualNetworks/network/subnets/nodes",
        CLUSTER,
        f"{CLUSTER}/agentPools/general",
    ):
        before = lab.get(id_).json()
        answer = lab.put(id_, before)
        assert answer.status_code == 200, answer.text
        assert untagged(lab.get(id_).json()) == untagged(before)
        assert ("Azure-AsyncOperation" in answer.headers) == ("managedClusters" in id_)


def test_an_operation_ends_when_azure_is_through(lab: Lab):
    lab.azure.cluster()
    lab.azure.cloud.inject(Fault("stuck", "*/agentPools/slow", "put"))
    pool = {"properties": {"count": 1, "vmSize": "Standard_D4ds_v5"}}
    answer = lab.put(f"{CLUSTER}/agentPools/slow", pool)
    assert (answer.status_code, answer.json()["properties"]["provisioningState"]) == (201, "Creating")
    operation = urlsplit(answer.headers["Azure-AsyncOperation"]).path
    assert lab.get(operation).json()["status"] == "InProgress"
    lab.azure.cloud.release(f"{CLUSTER}/agentPools/slow")
    assert lab.get(operation).json()["status"] == "Succeeded"
    assert lab.get(operation[:-1]).json()["error"]["code"] == "OperationNotFound"


def test_what_azure_alone_says_is_not_taken_from_a_body(lab: Lab):
    lab.azure.cluster()
    pool = lab.azure.pool()
    said = lab.get(pool.id).json()
    said["properties"] |= {"nodeImageVersion": "mine", "currentOrchestratorVersion": "1.34.0"}
    assert lab.put(pool.id, said).status_code == 200
    now = lab.get(pool.id).json()["properties"]
    assert now["nodeImageVersion"] == pool.outputs["nodeImageVersion"]
    assert now["currentOrchestratorVersion"] == "1.35.5"


def untagged(value: Any) -> Any:
    """A body without the tags that move with every PUT."""
    if isinstance(value, dict):
        return {k: untagged(v) for k, v in value.items() if k.lower() != "etag"}
    return [untagged(v) for v in value] if isinstance(value, list) else value


def test_a_body_that_cannot_be_taken_changes_nothing(lab: Lab):
    lab.azure.group()
    network = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/network"
    for path, body, code in (
        (network, {"properties": {}}, "LocationRequired"),
        (network.replace("/rg/", "/none/"), {"location": "westeurope"}, "ResourceGroupNotFound"),
        (network, [], "InvalidRequestContent"),
    ):
        assert lab.put(path, body).json()["error"]["code"] == code
    assert lab.get(network).status_code == 404
