"""Clusters: settings, inline pools, what Azure fills in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from emulator.errors import ProviderError
from tests.emulator.azure_provider import Azure, refused, system_profile


def test_names_on_the_internet_of_a_public_cluster(azure: Azure) -> None:
    outputs = azure.cluster(dnsPrefix="team", oidcIssuerProfile={"enabled": True}).outputs
    assert outputs["fqdn"].startswith("team-")
    assert outputs["fqdn"].endswith(".hcp.westeurope.azmk8s.io")
    assert "privateFQDN" not in outputs
    assert outputs["oidcIssuerProfile"]["issuerURL"].startswith("https://westeurope.oic.prod-aks.azure.com/")
    assert outputs["nodeResourceGroup"] == "MC_rg_aks_westeurope"
    assert outputs["provisioningState"] == "Succeeded"
    assert outputs["powerState"] == {"code": "Running"}
    assert set(outputs["identityProfile"]["kubeletidentity"]) == {"resourceId", "clientId", "objectId"}


def test_names_on_the_internet_of_a_private_cluster(azure: Azure) -> None:
    access = {"enablePrivateCluster": True, "enablePrivateClusterPublicFQDN": False}
    outputs = azure.cluster(apiServerAccessProfile=access).outputs
    assert ".privatelink.westeurope.azmk8s.io" in outputs["privateFQDN"]
    assert "fqdn" not in outputs


def test_the_id_is_in_arms_form(azure: Azure) -> None:
    subscription = azure.provider.invoke("azure-native:authorization:getClientConfig", {})["subscriptionId"]
    assert azure.cluster().id == (
        f"/subscriptions/{subscription}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks"
    )


def test_a_cluster_shows_all_its_pools(azure: Azure) -> None:
    cluster = azure.cluster()
    azure.pool()
    read = azure.read(cluster)
    assert read is not None
    assert [p["name"] for p in read[2]["agentPoolProfiles"]] == ["system", "general"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"aadProfile": None}, "local accounts can only be disabled"),
        ({"sku": {"name": "Base", "tier": "Gold"}}, "Gold"),
        ({"supportPlan": "AKSLongTermSupport"}, "Premium"),
        ({"fqdnSubdomain": "shop", "dnsPrefix": None}, "a private DNS zone of your own"),
        ({"fqdnSubdomain": "shop", "dnsPrefix": "team"}, "together with dnsPrefix"),
        (
            {
                "sku": {"name": "Base", "tier": "Free"},
                "metricsProfile": {"costAnalysis": {"enabled": True}},
            },
            "cost analysis",
        ),
        ({"networkProfile": {"networkPolicy": "cilium", "networkDataplane": "azure"}}, "cilium"),
        ({"networkProfile": {"networkPolicy": "calico", "networkDataplane": "cilium"}}, "calico"),
        ({"networkProfile": {"networkPlugin": "none", "networkPluginMode": "overlay"}}, "overlay"),
        (
            {"networkProfile": {"serviceCidr": "10.0.0.0/16", "dnsServiceIP": "10.9.0.10"}},
            "not in the service CIDR",
        ),
        ({"networkProfile": {"serviceCidr": "10.0.0.0/16", "podCidr": "10.0.128.0/20"}}, "overlaps"),
        ({"apiServerAccessProfile": {"authorizedIPRanges": ["203.0.113.0/33"]}}, "no address range"),
        (
            {
                "apiServerAccessProfile": {
                    "authorizedIPRanges": ["203.0.113.0/24"],
                    "enablePrivateCluster": True,
                }
            },
            "a private cluster has no authorized",
        ),
        (
            {"securityProfile": {"defender": {"securityMonitoring": {"enabled": True}}}},
            "Defender needs a workspace",
        ),
        ({"securityProfile": {"workloadIdentity": {"enabled": True}}}, "OIDC issuer"),
        ({"securityProfile": {"imageCleaner": {"enabled": True, "intervalHours": 12}}}, "not between 24"),
        ({"autoUpgradeProfile": {"upgradeChannel": "weekly"}}, "weekly"),
        ({"autoUpgradeProfile": {"nodeOSUpgradeChannel": "Nightly"}}, "Nightly"),
        ({"aadProfile": {"managed": True, "enableAzureRBAC": True}, "enableRBAC": False}, "enableRBAC"),
    ],
)
def test_settings_that_do_not_work(azure: Azure, more: dict[str, Any], words: str) -> None:
    with refused("InvalidParameter", words):
        azure.cluster(**more)
    assert azure.cloud.of_type("Microsoft.ContainerService/managedClusters") == []


@pytest.mark.parametrize(
    "more",
    [
        {
            "securityProfile": {
                "defender": {
                    "securityMonitoring": {"enabled": True},
                    "logAnalyticsWorkspaceResourceId": "/a/b",
                }
            }
        },
        {"identity": {"type": "UserAssigned", "userAssignedIdentities": ["/a/identity"]}},
        {"apiServerAccessProfile": {"enablePrivateCluster": True, "privateDNSZone": "/a/zone"}},
    ],
)
def test_links_to_nothing(azure: Azure, more: dict[str, Any]) -> None:
    with refused("LinkedResourceNotFound", "/a/"):
        azure.cluster(**more)


def test_links_to_something(azure: Azure) -> None:
    azure.group()
    identity = azure.create(
        "managedidentity:UserAssignedIdentity", "id", resourceGroupName="rg", resourceName="aks-id"
    )
    log = azure.workspace()
    defender = {"securityMonitoring": {"enabled": True}, "logAnalyticsWorkspaceResourceId": log.id}
    outputs = azure.cluster(
        securityProfile={"defender": defender},
        identity={"type": "UserAssigned", "userAssignedIdentities": [identity.id]},
    ).outputs
    assert outputs["identity"]["userAssignedIdentities"] == {
        identity.id: {k: identity.outputs[k] for k in ("clientId", "principalId")}
    }


def test_a_cluster_needs_a_system_pool(azure: Azure) -> None:
    with refused("MustDefineAtLeastOneSystemPool"):
        azure.cluster(agentPoolProfiles=[])
    with refused("MustDefineAtLeastOneSystemPool"):
        azure.cluster(agentPoolProfiles=[system_profile(mode="User")])
    with refused("InvalidParameter", "must run Linux"):
        azure.cluster(agentPoolProfiles=[system_profile(osType="Windows", osSKU="Windows2025", name="sys")])


# Inline pools.


def test_a_pool_added_inline(azure: Azure) -> None:
    cluster = azure.cluster()
    with refused("BadRequest", "A new agent pool was introduced"):
        azure.update(cluster, agentPoolProfiles=[system_profile(), system_profile(name="more")])


def test_an_inline_pool_that_was_deleted_since(azure: Azure) -> None:
    cluster = azure.cluster(agentPoolProfiles=[system_profile(), system_profile(name="second")])
    second = next(r for r in azure.cloud.view().resources.values() if r.name == "second")
    azure.provider.delete("x::x::azure-native:containerservice:AgentPool::second", second.id, {})
    with refused("BadRequest", "A new agent pool was introduced"):
        azure.update(cluster, tags={"a": "b"})


def test_an_inline_pool_that_is_left_out_stays(azure: Azure) -> None:
    cluster = azure.cluster(agentPoolProfiles=[system_profile(), system_profile(name="second")])
    outputs = azure.update(cluster, agentPoolProfiles=[system_profile()]).outputs
    assert [p["name"] for p in outputs["agentPoolProfiles"]] == ["system", "second"]


def test_an_old_inline_count_scales_the_pool_back(azure: Azure) -> None:
    profile = system_profile(enableAutoScaling=True, minCount=1, maxCount=9, count=2)
    cluster = azure.cluster(agentPoolProfiles=[profile])
    pool = next(r for r in azure.cloud.view().resources.values() if r.name == "system")
    azure.cloud.edit(pool.id, {"count": 7})
    azure.update(cluster, tags={"a": "b"})
    assert azure.cloud.view().get(pool.id).properties["count"] == 2  # type: ignore[union-attr]


def test_a_refresh_brings_every_pool_into_the_inputs_and_the_next_bump_is_refused(azure: Azure) -> None:
    cluster = azure.cluster("1.35.5")
    azure.pool()
    read = azure.read(cluster)
    assert read is not None
    cluster.inputs = read[1]
    assert len(cluster.inputs["agentPoolProfiles"]) == 2
    with refused("NotAllAgentPoolOrchestratorVersionSpecifiedAndUnchanged"):
        azure.update(cluster, kubernetesVersion="1.35.6")


# Changes and the end.


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"dnsPrefix": "other"}, "dnsPrefix"),
        ({"nodeResourceGroup": "other"}, "nodeResourceGroup"),
        ({"networkProfile": {"networkPlugin": "none"}}, "networkProfile.networkPlugin"),
        (
            {"apiServerAccessProfile": {"enablePrivateCluster": True}},
            "apiServerAccessProfile.enablePrivateCluster",
        ),
    ],
)
def test_what_a_cluster_keeps_for_life(azure: Azure, changes: dict[str, Any], path: str) -> None:
    with refused("PropertyChangeNotAllowed", json.dumps(path)[1:-1]):
        azure.update(azure.cluster(), **changes)


def test_what_cannot_be_switched_off_again(azure: Azure) -> None:
    cluster = azure.cluster(oidcIssuerProfile={"enabled": True})
    with refused("OperationNotAllowed", "oidcIssuerProfile.enabled"):
        azure.update(cluster, oidcIssuerProfile={"enabled": False})


def test_what_a_put_leaves_out_is_gone_but_for_what_aks_keeps(azure: Azure) -> None:
    cluster = azure.cluster("1.35.6", tags={"a": "b"}, addonProfiles={"azurepolicy": {"enabled": True}})
    outputs = azure.update(
        cluster, tags=None, addonProfiles=None, kubernetesVersion=None, aadProfile=None
    ).outputs
    assert "tags" not in outputs
    assert "addonProfiles" not in outputs
    assert outputs["kubernetesVersion"] == "1.35.6"
    assert outputs["aadProfile"]["managed"] is True


def test_the_nodes_group_comes_and_goes_with_the_cluster(azure: Azure) -> None:
    cluster = azure.cluster()
    azure.pool()
    groups = "Microsoft.Resources/resourceGroups"
    assert [g.name for g in azure.cloud.of_type(groups)] == ["MC_rg_aks_westeurope", "rg"]
    with refused("NodeResourceGroupAlreadyExists"):
        azure.cluster(resourceName="second", nodeResourceGroup="MC_rg_aks_westeurope")
    azure.delete(cluster)
    assert [g.name for g in azure.cloud.of_type(groups)] == ["rg"]
    assert azure.read(cluster) is None
    azure.delete(cluster)


def test_a_cluster_needs_its_resource_group(azure: Azure) -> None:
    with refused("ResourceGroupNotFound", "'nowhere'"):
        azure.cluster(resourceGroupName="nowhere")


def test_a_cluster_that_exists_is_not_adopted(azure: Azure) -> None:
    azure.cluster()
    with pytest.raises(ProviderError, match="cannot create already existing resource"):
        azure.cluster()


def test_tags_of_an_azure_policy_come_back_with_every_put_and_show_as_a_change(azure: Azure) -> None:
    azure.cloud.configure(policy_tags={"governed": "yes"})
    cluster = azure.cluster(tags={"owner": "platform"})
    assert cluster.outputs["tags"] == {"owner": "platform", "governed": "yes"}
    assert azure.update(cluster, tags={"owner": "others"}).outputs["tags"]["governed"] == "yes"
    read = azure.read(cluster)
    assert read is not None
    assert read[1]["tags"] == {"owner": "others", "governed": "yes"}
