"""azure-identity and azure-mgmt-containerservice, unchanged, by environment alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.azure import ids
from tests.emulator.arm.helpers import CLUSTER, GROUP, SUBSCRIPTION

if TYPE_CHECKING:
    from tests.emulator.arm.helpers import Lab


def test_sdk_reads_clusters_pools_and_what_they_may_be_upgraded_to(lab: Lab):
    lab.azure.cluster("1.34.8", location="westeurope")
    lab.azure.pool(orchestratorVersion="1.34.3", tags={"team": "shop"})
    seen = lab.sdk("""
clusters, pools = client.managed_clusters, client.agent_pools
show({
    "all": [c.as_dict() for c in clusters.list()],
    "group": [c.name for c in clusters.list_by_resource_group("RG")],
    "one": clusters.get("rg", "AKS").as_dict(),
    "pools": [p.as_dict() for p in pools.list("rg", "aks")],
    "upgrades": clusters.get_upgrade_profile("rg", "aks").as_dict(),
    "pool": pools.get_upgrade_profile("rg", "aks", "general").as_dict(),
    "new": pools.get_available_agent_pool_versions("rg", "aks").as_dict(),
    "versions": clusters.list_kubernetes_versions("westeurope").as_dict(),
    "login": bytes(clusters.list_cluster_user_credentials("rg", "aks", format="exec").kubeconfigs[0].value).decode(),
})
""")
    assert [c["id"] for c in seen["all"]] == [CLUSTER]
    assert seen["group"] == ["aks"]
    assert seen["one"] == seen["all"][0]
    properties = seen["one"]["properties"]
    assert seen["one"]["location"] == "westeurope"
    assert seen["one"]["identity"]["type"] == "SystemAssigned"
    assert properties["currentKubernetesVersion"] == "1.34.8"
    assert properties["aadProfile"] == {"managed": True, "tenantID": ids.TENANT}
    assert {p["name"] for p in properties["agentPoolProfiles"]} == {"system", "general"}
    pools = {p["name"]: p for p in seen["pools"]}
    assert pools["general"]["type"] == "Microsoft.ContainerService/managedClusters/agentPools"
    assert pools["general"]["properties"]["currentOrchestratorVersion"] == "1.34.3"
    assert pools["general"]["properties"]["type"] == "VirtualMachineScaleSets"
    assert pools["general"]["properties"]["tags"] == {"team": "shop"}
    assert offers(seen["upgrades"]["properties"]["controlPlaneProfile"]) == [
        "1.34.9",
        *(f"1.35.{patch}" for patch in range(1, 7)),
    ]
    assert offers(seen["pool"]["properties"]) == [f"1.34.{patch}" for patch in range(4, 9)]
    assert seen["pool"]["properties"]["latestNodeImageVersion"].startswith("AKSUbuntu-2204")
    fresh = {v["kubernetesVersion"] for v in seen["new"]["properties"]["agentPoolVersions"]}
    assert "1.34.8" in fresh
    assert "1.34.9" not in fresh
    rows = {v["version"]: v for v in seen["versions"]["values"]}
    assert rows["1.35"]["isDefault"]
    assert rows["1.33"]["capabilities"]["supportPlan"] == ["AKSLongTermSupport"]
    assert "1.36.2" in rows["1.35"]["patchVersions"]["1.35.6"]["upgrades"]
    assert "kubelogin" in seen["login"]


def offers(profile: dict[str, list[dict[str, str]]]) -> list[str]:
    return [u["kubernetesVersion"] for u in profile["upgrades"]]


def test_sdk_reads_quota_addresses_and_locks_of_other_providers(lab: Lab):
    subnet = lab.azure.network("10.1.0.0/24") if lab.azure.group() else None
    assert subnet is not None
    lab.azure.cluster(agentPoolProfiles=[_pool(subnet.id)])
    lab.azure.pool(vnetSubnetID=subnet.id, scaleSetPriority="Spot", count=3)
    seen = lab.sdk(f"""
root, group = {SUBSCRIPTION!r}, {GROUP!r}
compute, network = root + "/providers/Microsoft.Compute", group + "/providers/Microsoft.Network/virtualNetworks"
show({{
    "quota": listed(compute + "/locations/westeurope/usages"),
    "elsewhere": listed(compute + "/locations/northeurope/usages"),
    "sizes": listed(compute + "/skus", "2021-07-01", **{{"$filter": "location eq 'westus'"}}),
    "addresses": listed(network + "/network/usages"),
    "networks": listed(network),
    "subnets": listed(network + "/network/subnets"),
    "locks": listed(group + "/providers/Microsoft.Authorization/locks", "2020-05-01"),
    "groups": listed(root + "/resourceGroups"),
}})
""")
    used = {row["name"]["value"]: row["currentValue"] for row in seen["quota"]}
    assert (used["cores"], used["standardDDSv5Family"], used["lowPriorityCores"]) == (4, 4, 12)
    assert {row["currentValue"] for row in seen["elsewhere"]} == {0}
    size = next(s for s in seen["sizes"] if s["name"] == "Standard_D4ds_v5")
    assert size["family"] == "standardDDSv5Family"
    assert size["locationInfo"] == [{"location": "westus", "zones": [], "zoneDetails": []}]
    assert [(row["id"], row["currentValue"], row["limit"]) for row in seen["addresses"]] == [
        (subnet.id, 5, 251)
    ]
    inside = seen["networks"][0]["properties"]
    assert inside["addressSpace"] == {"addressPrefixes": ["10.0.0.0/8"]}
    assert inside["subnets"][0]["properties"]["addressPrefix"] == "10.1.0.0/24"
    assert seen["subnets"][0]["id"] == subnet.id
    assert seen["subnets"][0]["properties"]["addressPrefix"] == "10.1.0.0/24"
    assert seen["locks"] == []
    assert "rg" in {row["name"] for row in seen["groups"]}


def _pool(subnet: str) -> dict[str, object]:
    return {
        "name": "system",
        "mode": "System",
        "count": 2,
        "vmSize": "Standard_D2ds_v5",
        "vnetSubnetID": subnet,
    }


def test_sdk_is_told_of_a_wrong_secret_as_entra_does(lab: Lab):
    ran = lab.run("list(client.managed_clusters.list())", AZURE_CLIENT_SECRET="guess")
    assert ran.returncode == 1
    assert "AADSTS7000215: Invalid client secret provided" in ran.stderr


def test_sdk_tries_again_what_is_throttled_and_reads_why_it_fails(lab: Lab):
    from emulator.cloud.faults import Fault  # noqa: PLC0415

    lab.azure.cluster()
    lab.azure.cloud.inject(Fault("throttled", "*/managedClusters", "read"))
    lab.azure.cloud.inject(Fault("conflict", "*/managedClusters/aks", "read"))
    seen = lab.sdk("""
waits = []
import time; time.sleep = waits.append
names = [c.name for c in client.managed_clusters.list()]
try: client.managed_clusters.get("rg", "aks")
except HttpResponseError as error: refused = [error.status_code, error.error.code]
try: client.managed_clusters.get("rg", "other")
except HttpResponseError as error: missing = [error.status_code, error.error.code, error.error.message]
show([names, waits, refused, missing])
""")
    assert seen == [
        ["aks"],
        [1.0],
        [409, "OperationNotAllowed"],
        [
            404,
            "ResourceNotFound",
            "The Resource 'Microsoft.ContainerService/managedClusters/other' under resource group 'rg' was not found.",
        ],
    ]
