"""The network of the nodes."""

from ipaddress import IPv4Network
from typing import Any

from components.cluster_network import ClusterNetwork, ClusterNetworkArgs
from settings.subnets import Subnet
from tests.components.helpers import SUBSCRIPTION, depends_on, run

PLAN = [
    Subnet("nodes-system", "10.60.0.0/24", ("system",)),
    Subnet("nodes-general", "10.60.1.0/24", ("general", "win")),
]


def register(subnets, **args):
    seen = {}

    def program():
        base: dict[str, Any] = {
            "resource_group_name": "rg",
            "network_name": "vnet-test",
            "address_space": IPv4Network("10.60.0.0/16"),
        }
        network = ClusterNetwork("network", ClusterNetworkArgs(subnets=subnets, **{**base, **args}))
        for pool, subnet_id in network.pool_subnet_ids.items():
            subnet_id.apply(lambda known, pool=pool: seen.update({pool: known}))

    return run(program), seen


def test_network_has_its_address_space_and_tags():
    inputs = register(PLAN, tags={"owner": "platform"})[0].one(":VirtualNetwork").inputs

    assert inputs["addressSpace"] == {"addressPrefixes": ["10.60.0.0/16"]}
    assert (inputs["virtualNetworkName"], inputs["resourceGroupName"]) == ("vnet-test", "rg")
    assert inputs["tags"] == {"owner": "platform"}
    assert "subnets" not in inputs


def test_each_subnet_has_its_range_and_a_security_group_of_its_own():
    done, _ = register(PLAN)

    for subnet in PLAN:
        inputs = done.one(":Subnet", subnet.name).inputs
        group = done.one(":NetworkSecurityGroup", subnet.name)
        assert inputs["addressPrefix"] == subnet.cidr
        assert inputs["subnetName"] == subnet.name
        assert inputs["networkSecurityGroup"] == {"id": f"{SUBSCRIPTION}/{group.type}/{subnet.name}"}
        # No rule: Azure's defaults let nothing in from the internet.
        assert "securityRules" not in group.inputs


def test_subnets_come_after_the_network_and_one_after_another():
    done, _ = register(PLAN)
    network, first, second = (
        done.one(":VirtualNetwork"),
        done.one(":Subnet", "nodes-system"),
        done.one(":Subnet", "nodes-general"),
    )

    assert depends_on(first, network)
    assert depends_on(second, network)
    assert depends_on(second, first)


def test_each_pool_finds_its_subnet():
    _, seen = register(PLAN)

    assert seen == {
        "system": f"{SUBSCRIPTION}/azure-native:network:Subnet/nodes-system",
        "general": f"{SUBSCRIPTION}/azure-native:network:Subnet/nodes-general",
        "win": f"{SUBSCRIPTION}/azure-native:network:Subnet/nodes-general",
    }


def test_network_of_your_own_is_used_as_it_is():
    own = f"{SUBSCRIPTION}/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub/subnets/aks"
    done, seen = register([Subnet("aks", "10.1.0.0/20", ("system", "general"), own)], address_space=None)

    assert [one.type for one in done.registered] == ["secure-aks:index:ClusterNetwork"]
    assert seen == {"system": own, "general": own}


def test_component_is_the_parent_and_registers_the_subnets():
    done, _ = register(PLAN)
    component = done.one(":ClusterNetwork")

    assert {one.request.parent for one in done.registered if one is not component} == {component.urn}
    assert set(done.outputs[component.urn]["subnetIds"]) == {"nodes-system", "nodes-general"}
