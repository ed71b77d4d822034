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


def test_nodes_and_runners_leave_by_the_gateway_and_the_api_server_does_not():
    apart = {"runners": "10.60.254.0/24", "api-server": "10.60.255.0/28"}
    done, _ = register(PLAN, network={"set_apart": apart, "nat_gateway": {"addresses": 2, "zone": "1"}})
    gateway = done.one(":NatGateway")

    addresses = {one.name for one in done.of(":PublicIPAddress")}
    assert addresses == {"nat-1", "nat-2"}
    assert len(gateway.inputs["publicIpAddresses"]) == 2
    assert gateway.inputs["zones"] == done.one(":PublicIPAddress", "nat-1").inputs["zones"] == ["1"]
    linked = {one.name for one in done.of(":Subnet") if "natGateway" in one.inputs}
    assert linked == {"nodes-system", "nodes-general", "runners"}
    assert depends_on(done.one(":Subnet", "nodes-system"), gateway)
    assert done.of(":RouteTable") == []


def test_routes_lead_to_the_firewall():
    routes = [{"name": "default", "range": "0.0.0.0/0", "by": "10.200.0.4"}]
    done, _ = register(PLAN, network={"routes": routes})
    [route] = done.one(":RouteTable").inputs["routes"]

    assert route == {
        "name": "default",
        "addressPrefix": "0.0.0.0/0",
        "nextHopType": "VirtualAppliance",
        "nextHopIpAddress": "10.200.0.4",
    }
    assert all("routeTable" in one.inputs for one in done.of(":Subnet"))


def test_a_network_without_either_has_links_to_nothing():
    done, _ = register(PLAN)
    assert not any({"natGateway", "routeTable"} & one.inputs.keys() for one in done.of(":Subnet"))
