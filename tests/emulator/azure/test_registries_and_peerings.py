"""Container registries, peerings, and what a cluster wants of its network."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.azure_provider import Azure, Made, refused, system_profile

REGISTRY = "containerregistry:Registry"


def registry(azure: Azure, name: str, **more: Any) -> Made:
    said = {"resourceGroupName": "rg", "registryName": name, "sku": {"name": "Standard"}} | more
    return azure.create(REGISTRY, name, **said)


def test_a_registry_has_a_name_of_its_own_in_all_of_azure(azure: Azure) -> None:
    azure.group()
    assert registry(azure, "contoso").outputs["loginServer"] == "contoso.azurecr.io"
    azure.create("resources:ResourceGroup", "other", resourceGroupName="other")
    with refused("AlreadyInUse", "contoso.azurecr.io"):
        registry(azure, "Contoso", resourceGroupName="other")
    with refused("InvalidResourceName"):
        registry(azure, "a-b-c")
    with refused("InvalidSku"):
        registry(azure, "another", sku={"name": "Gold"})


def network(azure: Azure, name: str, prefix: str) -> Made:
    space = {"addressPrefixes": [prefix]}
    return azure.create(
        "network:VirtualNetwork", name, resourceGroupName="rg", virtualNetworkName=name, addressSpace=space
    )


def peer(azure: Azure, one: str, other: str) -> Made:
    return azure.create(
        "network:VirtualNetworkPeering",
        f"{one}-{other}",
        resourceGroupName="rg",
        virtualNetworkName=one,
        virtualNetworkPeeringName=f"to-{other}",
        remoteVirtualNetwork={"id": "/nowhere" if other == "nowhere" else network_id(azure, other)},
    )


def network_id(azure: Azure, name: str) -> str:
    [found] = [one.id for one in azure.cloud.of_type("Microsoft.Network/virtualNetworks") if one.name == name]
    return found


def test_a_peering_is_connected_when_both_sides_say_so(azure: Azure) -> None:
    azure.group()
    network(azure, "one", "10.1.0.0/16")
    network(azure, "two", "10.2.0.0/16")
    first = peer(azure, "one", "two")
    assert first.outputs["peeringState"] == "Initiated"
    assert peer(azure, "two", "one").outputs["peeringState"] == "Connected"
    read = azure.read(first)
    assert read is not None
    assert read[2]["peeringState"] == "Connected"


def test_networks_that_cannot_be_peers(azure: Azure) -> None:
    azure.group()
    network(azure, "one", "10.1.0.0/16")
    network(azure, "same", "10.1.128.0/17")
    with refused("VnetAddressSpacesOverlap"):
        peer(azure, "one", "same")
    with refused("VnetPeeringWithSelf"):
        peer(azure, "one", "one")
    with refused("InvalidResourceReference"):
        peer(azure, "one", "nowhere")


def brought(azure: Azure) -> dict[str, Any]:
    return system_profile(vnetSubnetID=azure.network("10.1.0.0/20").id)


@pytest.mark.parametrize(("outbound", "own"), [("managedNATGateway", True), ("userDefinedRouting", False)])
def test_outbound_types_go_by_whose_network_it_is(azure: Azure, outbound: str, own: bool) -> None:  # noqa: FBT001 - a case
    azure.group()
    profile = brought(azure) if own else system_profile()
    said = {"networkPlugin": "azure", "networkPluginMode": "overlay", "outboundType": outbound}
    with refused("InvalidParameter", outbound):
        azure.cluster(agentPoolProfiles=[profile], networkProfile=said)


@pytest.mark.parametrize("policy", ["azure", "cilium"])
def test_windows_nodes_have_no_policies_but_calicos(azure: Azure, policy: str) -> None:
    said = {"networkPlugin": "azure", "networkPluginMode": "overlay", "networkPolicy": policy}
    azure.cluster(networkProfile=said | ({"networkDataplane": "cilium"} if policy == "cilium" else {}))
    with refused("InvalidParameter", "Windows node pools"):
        azure.pool("win", osType="Windows", osSKU="Windows2022")


def test_os_guard_nodes_are_not_unmanaged(azure: Azure) -> None:
    azure.cluster(autoUpgradeProfile={"nodeOSUpgradeChannel": "Unmanaged"})
    with refused("InvalidParameter", "AzureLinuxOSGuard"):
        azure.pool("guard", osSKU="AzureLinuxOSGuard")


def test_an_api_servers_subnet_is_delegated_to_aks(azure: Azure) -> None:
    azure.group()
    profile = brought(azure)
    access = {"enableVnetIntegration": True, "subnetId": profile["vnetSubnetID"]}
    with refused("SubnetNotDelegated"):
        azure.cluster(agentPoolProfiles=[profile], apiServerAccessProfile=access)
    with refused("SubnetNotFound"):
        azure.cluster(agentPoolProfiles=[profile], apiServerAccessProfile=access | {"subnetId": "/no"})
