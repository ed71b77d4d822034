"""Virtual networks, subnets, network security groups."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.azure_provider import Azure, Made, refused, system_profile


@pytest.fixture
def azure(azure: Azure) -> Azure:
    azure.group()
    return azure


def security_group(azure: Azure, **more: Any) -> Made:
    return azure.create(
        "network:NetworkSecurityGroup", "nsg", resourceGroupName="rg", networkSecurityGroupName="nsg", **more
    )


def test_a_subnet_and_its_network(azure: Azure) -> None:
    subnet = azure.network()
    assert subnet.id.endswith("/Microsoft.Network/virtualNetworks/network/subnets/nodes")
    network = azure.provider.invoke(
        "azure-native:network:getVirtualNetwork", {"resourceGroupName": "rg", "virtualNetworkName": "network"}
    )
    assert [s["id"] for s in network["subnets"]] == [subnet.id]


def test_a_subnet_of_no_network(azure: Azure) -> None:
    with refused("ParentResourceNotFound", "virtualNetworks/network"):
        azure.subnet("nodes", "10.1.0.0/24")


@pytest.mark.parametrize(
    ("prefix", "code"),
    [
        ("192.168.0.0/24", "NetcfgInvalidSubnet"),
        ("10.1.0.128/25", "NetcfgSubnetRangesOverlap"),
        ("10.1.0.1/24", "InvalidCIDRNotation"),
        ("fd00::/64", "NetcfgInvalidSubnet"),
    ],
)
def test_prefixes(azure: Azure, prefix: str, code: str) -> None:
    azure.network("10.1.0.0/24")
    with refused(code):
        azure.subnet("second", prefix)


def test_a_network_without_addresses(azure: Azure) -> None:
    with refused("InvalidRequestFormat", "addressPrefixes"):
        azure.create(
            "network:VirtualNetwork", "v", resourceGroupName="rg", addressSpace={"addressPrefixes": []}
        )


def test_a_network_cannot_drop_a_prefix_in_use(azure: Azure) -> None:
    azure.network()
    network = Made("network:VirtualNetwork", "network", "", {}, {})
    network.id = next(r.id for r in azure.cloud.of_type("Microsoft.Network/virtualNetworks"))
    network.inputs = {"resourceGroupName": "rg", "virtualNetworkName": "network", "location": "westeurope"}
    with refused("InUsePrefixCannotBeDeleted", "10.1.0.0/24"):
        azure.update(network, addressSpace={"addressPrefixes": ["172.16.0.0/12"]})


def test_nodes_keep_their_subnet_and_their_network(azure: Azure) -> None:
    subnet = azure.network()
    azure.cluster(agentPoolProfiles=[system_profile(vnetSubnetID=subnet.id)])
    with refused("InUseSubnetCannotBeDeleted", "agentPools/system"):
        azure.delete(subnet)
    with refused("InUsePrefixCannotBeDeleted"):
        azure.update(subnet, addressPrefix="10.2.0.0/24")
    network = azure.cloud.of_type("Microsoft.Network/virtualNetworks")[0]
    with refused("InUseSubnetCannotBeDeleted"):
        azure.provider.delete("x::x::azure-native:network:VirtualNetwork::n", network.id, {})


def test_links_of_a_subnet(azure: Azure) -> None:
    azure.network()
    with refused("InvalidResourceReference", "/nowhere"):
        azure.subnet("second", "10.2.0.0/24", networkSecurityGroup={"id": "/nowhere"})
    group = security_group(azure)
    subnet = azure.subnet("second", "10.2.0.0/24", networkSecurityGroup={"id": group.id})
    with refused("InUseNetworkSecurityGroupCannotBeDeleted", subnet.id):
        azure.delete(group)
    azure.delete(subnet)
    azure.delete(group)


def test_two_rules_of_one_priority(azure: Azure) -> None:
    rules = [
        {"name": n, "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp"}
        for n in ("a", "b")
    ]
    with refused("SecurityRuleConflict", "a and b"):
        security_group(azure, securityRules=rules)
    rules[1]["direction"] = "Outbound"
    security_group(azure, securityRules=rules)


@pytest.mark.parametrize("type_", ["PublicIPAddress", "NatGateway", "RouteTable"])
def test_simple_types(azure: Azure, type_: str) -> None:
    beside = {
        "PublicIPAddress": {"sku": {"name": "Standard"}, "publicIPAllocationMethod": "Static"},
        "NatGateway": {"sku": {"name": "Standard"}},
    }
    made = azure.create(f"network:{type_}", "x", resourceGroupName="rg", **beside.get(type_, {}))
    assert made.outputs["provisioningState"] == "Succeeded"
    assert azure.read(made) is not None
