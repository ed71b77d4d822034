from typing import get_args

import pytest

from settings.sections.cluster import Cluster
from settings.subnets import plan
from tests.settings.features.ids import IDENTITY, REGISTRY
from tests.settings.helpers import GONE, Case, good, read, refuse

CLUSTER, NETWORK = "secure-aks:cluster", "secure-aks:network"
SUBNET = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/{}/subnets/{}"

EVERYTHING = {"range": "0.0.0.0/0", "by": "10.200.0.4"}


def existing(*subnets):
    return {"network": {"existing": {"subnets": list(subnets), "addressSpaces": ["10.60.0.0/16"]}}}


def subnet(name="nodes", cidr="10.60.0.0/24", network="v", **more):
    return {"id": SUBNET.format(network, name), "cidr": cidr, **more}


OF_AKS = {
    "network": {"ofAks": True},
    "cluster.adopted": {"dnsPrefix": "aks"},
    "cluster.outboundType": "managedNATGateway",
}
CASES = [
    Case("no network", {"network.addressSpace": GONE}, NETWORK, "the nodes have no network", "`addressSpace: 10.60.0.0/16`"),
    Case("not a network", {"network.addressSpace": "10.60.0.0/33"}, f"{NETWORK}.addressSpace", "not an IPv4 network", "write a CIDR"),
    Case("created and existing", existing(subnet()) | {"network.addressSpace": "10.99.0.0/16"}, f"{NETWORK}.existing", "not both", "remove one"),
    Case("pods in the network", {"cluster.podCidr": "10.60.0.0/16"}, f"{CLUSTER}.podCidr", "overlaps 10.60.0.0/16 of network.addressSpace", "apart from each other"),
    Case("services in the pods", {"cluster.serviceCidr": "10.244.128.0/20"}, f"{CLUSTER}.serviceCidr", "overlaps 10.244.0.0/16 of cluster.podCidr", "apart"),
    Case("services in AKS's own", {"cluster.serviceCidr": "172.30.0.0/16"}, f"{CLUSTER}.serviceCidr", "AKS keeps for itself", "another private range"),
    Case("services too large", {"cluster.serviceCidr": "10.64.0.0/12"}, f"{CLUSTER}.serviceCidr", "smaller than /12", "write a /16"),
    Case("services too small", {"cluster.serviceCidr": "10.0.0.0/29"}, f"{CLUSTER}.serviceCidr", "this is /29", "write a /16"),
    Case("dns outside", {"cluster.dnsServiceIp": "10.1.0.10"}, f"{CLUSTER}.dnsServiceIp", "outside of the service network", "write 10.0.0.10"),
    Case("dns is the API server's", {"cluster.dnsServiceIp": "10.0.0.1"}, f"{CLUSTER}.dnsServiceIp", "those are taken", "write 10.0.0.10"),
    Case("dns is the network's", {"cluster.dnsServiceIp": "10.0.0.0"}, f"{CLUSTER}.dnsServiceIp", "those are taken", "write 10.0.0.10"),
    Case("dns is the broadcast address", {"cluster.dnsServiceIp": "10.0.255.255"}, f"{CLUSTER}.dnsServiceIp", "those are taken", "write 10.0.0.10"),
    Case("dns no address", {"cluster.dnsServiceIp": "dns"}, f"{CLUSTER}.dnsServiceIp", "not an IPv4 address", "10.0.0.10"),
    Case("pod network too small", {"cluster.podCidr": "10.244.0.0/20"}, f"{CLUSTER}.podCidr", "16 of them for 54 nodes", "write a /18 or larger"),
    Case("pod network too small by one", {"cluster.podCidr": "10.244.0.0/18", "pools[1].autoscaling.max": 21}, f"{CLUSTER}.podCidr", "64 of them for 65 nodes", "write a /17 or larger"),
    Case("pod network without a node", {"cluster.podCidr": "10.244.0.0/25"}, f"{CLUSTER}.podCidr", "none of them", "write a /18 or larger"),
    Case("cilium with windows", {"cluster.networkPolicy": "cilium"}, f"{CLUSTER}.networkPolicy", "Linux only, and there are Windows pools (win)", "calico"),
    Case("shared subnet too small", {"network.subnetPrefix": 27}, f"{NETWORK}.subnetPrefix", "has 32 addresses, and 59 are needed: 42 nodes, 12 surge nodes and 5", "write a /26 or larger"),
    Case("shared subnet too small by one", {"network.subnetPrefix": 26, "pools[1].autoscaling.max": 16}, f"{NETWORK}.subnetPrefix", "has 64 addresses, and 65 are needed", "write a /25"),
    Case("address space too small", {"network.addressSpace": "10.60.0.0/27"}, f"{NETWORK}.addressSpace", "has 32 addresses, and 59", "write a /26 or larger"),
    Case("per pool, one too small", {"network.subnets": "per-pool", "network.subnetPrefix": 28}, f"{NETWORK}.subnetPrefix", "nodes-general (10.60.0.16/28) has 16 addresses, and 32", "write a /27 or larger"),
    Case("per pool, no room", {"network.subnets": "per-pool", "network.addressSpace": "10.60.0.0/22"}, f"{NETWORK}.addressSpace", "no room left for a subnet of /24", "larger addressSpace"),
    Case("prefix longer than the space", {"network.subnetPrefix": 15}, f"{NETWORK}.addressSpace", "no room left for a subnet of /15", "larger addressSpace"),
    Case("pin in a shared subnet", {"pools[0].subnet": "10.60.1.0/24"}, "secure-aks:pools[0].subnet", "one for each pool", "`subnets: per-pool`"),
    Case("pin outside", {"network.subnets": "per-pool", "pools[0].subnet": "10.61.1.0/24"}, "secure-aks:pools[0].subnet", "not part of the address space", "a part of it"),
    Case("pin too small", {"network.subnets": "per-pool", "pools[0].subnet": "10.60.9.0/28"}, "secure-aks:pools[0].subnet", "16 addresses, and 32 are needed", "/27"),
    Case("pins overlap", {"network.subnets": "per-pool", "pools[0].subnet": "10.60.9.0/24", "pools[1].subnet": "10.60.9.128/25"}, "secure-aks:pools[1].subnet", "overlaps 10.60.9.0/24 of secure-aks:pools[0]", "apart"),
    Case("existing too small", existing(subnet(cidr="10.60.0.0/27")), f"{NETWORK}.existing.subnets[0].cidr", "the subnet nodes (10.60.0.0/27) has 32", "/26"),
    Case("existing without an id", existing({"id": "nodes", "cidr": "10.60.0.0/24"}), f"{NETWORK}.existing.subnets[0].id", "not the id of a subnet", "/subscriptions/"),
    Case("existing in two networks", existing(subnet("a", pools=["system"]), subnet("b", "10.60.1.0/24", network="w")), f"{NETWORK}.existing.subnets", "in one virtual network", "one virtual network"),
    Case("existing named twice", existing(subnet(pools=["system"]), subnet(cidr="10.60.1.0/24")), f"{NETWORK}.existing.subnets[1].id", "named by", "once"),
    Case("existing overlapping", existing(subnet("a", pools=["system"]), subnet("b")), f"{NETWORK}.existing.subnets[1].cidr", "overlaps 10.60.0.0/24", "apart"),
    Case("existing for a pool that is not there", existing(subnet("a", pools=["sytem"]), subnet("b", "10.60.1.0/24")), f"{NETWORK}.existing.subnets[0].pools[0]", "no pool 'sytem'", "did you mean `system`?"),
    Case("existing with a pool twice", existing(subnet("a", pools=["system"]), subnet("b", "10.60.1.0/24", pools=["system", "general"]), subnet("c", "10.60.2.0/24")), f"{NETWORK}.existing.subnets[1].pools[0]", "is in", "once"),
    Case("existing with two rests", existing(subnet("a"), subnet("b", "10.60.1.0/24")), f"{NETWORK}.existing.subnets[1].pools", "existing.subnets[0].pools takes all the other pools", "name the pools"),
    Case("existing without a pool's", existing(subnet("a", pools=["system", "spot", "win", "sandbox"])), f"{NETWORK}.existing.subnets", "no subnet is named for general", "for the rest"),
    Case("existing without subnets", existing(), f"{NETWORK}.existing.subnets", "the list is empty", "name one at least"),
    Case("sizes of what exists", existing(subnet()) | {"network.subnetPrefix": 24}, f"{NETWORK}.subnetPrefix", "these exist", "remove the key"),
    Case("routes of nobody", {"cluster.outboundType": "userDefinedRouting"}, f"{CLUSTER}.outboundType", "no route for what leaves it", "`routes: [{range: 0.0.0.0/0, by: <address of the firewall>}]`"),
    Case("routes that leave something out", {"cluster.outboundType": "userDefinedRouting", "network.routes": [{"range": "10.9.0.0/16", "by": "10.200.0.4"}]}, f"{CLUSTER}.outboundType", "no route for what leaves it", "0.0.0.0/0"),
    Case("routes of AKS's own network", {"network": {"ofAks": True}, "cluster.adopted": {"dnsPrefix": "aks"}, "cluster.outboundType": "userDefinedRouting"}, f"{CLUSTER}.outboundType", "network of your own", "`outboundType: loadBalancer`"),
    Case("a gateway of nobody", {"cluster.outboundType": "userAssignedNATGateway"}, f"{CLUSTER}.outboundType", "no NAT gateway", "`natGateway: {}`"),
    Case("a gateway that takes over", {"network.natGateway": {}}, f"{NETWORK}.natGateway", "goes by loadBalancer", "`outboundType: userAssignedNATGateway`"),
    Case("a gateway for what exists", existing(subnet()) | {"cluster.outboundType": "userAssignedNATGateway", "network.natGateway": {}}, f"{NETWORK}.natGateway", "this one exists", "remove the key"),
    Case("a route for what exists", existing(subnet()) | {"cluster.outboundType": "userDefinedRouting", "network.routes": [EVERYTHING]}, f"{NETWORK}.routes", "this one exists", "remove the key"),
    Case("answers past the way in", {"network.routes": [EVERYTHING]}, f"{NETWORK}.routes[0].range", "would leave by the firewall", "`outboundType: userDefinedRouting`"),
    Case("a route twice", {"cluster.outboundType": "userDefinedRouting", "network.routes": [EVERYTHING, EVERYTHING]}, f"{NETWORK}.routes[1].range", "already", "once"),
    Case("more addresses than a gateway takes", {"cluster.outboundType": "userAssignedNATGateway", "network.natGateway": {"addresses": 17}}, f"{NETWORK}.natGateway.addresses", "17", "16"),
    Case("AKS's gateway in our network", {"cluster.outboundType": "managedNATGateway"}, f"{CLUSTER}.outboundType", "only in a network that it makes itself", "loadBalancer"),
    Case("AKS's gateway that nothing goes by", {"cluster.natGateway": {"addresses": 2}}, f"{CLUSTER}.natGateway", "goes by loadBalancer", "`outboundType: managedNATGateway`"),
    Case("AKS's gateway with too many addresses", OF_AKS | {"cluster.natGateway": {"addresses": 17}}, f"{CLUSTER}.natGateway.addresses", "17", "16"),
]  # fmt: skip

FINE = {
    "AKS's gateway in AKS's network": OF_AKS | {"cluster.natGateway": {"addresses": 2, "idleMinutes": 30}},
    "a gateway": {"cluster.outboundType": "userAssignedNATGateway", "network.natGateway": {"addresses": 2, "zone": "1"}},
    "a firewall": {"cluster.outboundType": "userDefinedRouting", "network.routes": [EVERYTHING]},
    "a way to one network": {"network.routes": [{"range": "10.9.0.0/16", "by": "10.200.0.4"}]},
    "the largest service network": {"cluster.serviceCidr": "10.64.0.0/13"},
    "the smallest service network": {"cluster.serviceCidr": "10.0.0.0/28"},
    "dns at the last address but one": {"cluster.dnsServiceIp": "10.0.255.254"},
    "dns at the third address": {"cluster.dnsServiceIp": "10.0.0.2"},
    "pods for exactly so many nodes": {"cluster.podCidr": "10.244.0.0/18", "pools[1].autoscaling.max": 20},
    "exactly so many addresses": {"network.subnetPrefix": 26, "pools[1].autoscaling.max": 15},
    "one subnet of the whole space": {"network.subnetPrefix": 16},
    "cilium without Windows": {"cluster.networkPolicy": "cilium", "pools[3]": GONE, "pools[2]": GONE, "teams[1].isolation": GONE},
}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused(case):
    refuse(case)


@pytest.mark.parametrize("changes", FINE.values(), ids=FINE)
def test_fine(changes):
    good(changes)


WAYS_OUT = {
    "loadBalancer": {"created", "existing", "AKS's"},
    "managedNATGateway": {"AKS's"},
    "userAssignedNATGateway": {"created", "existing"},
    "userDefinedRouting": {"created", "existing"},
    "none": {"created", "existing", "AKS's"},
}
"""By the type: the networks that it is for (AKS documentation of 5 August 2026, "Customize cluster egress with outbound types"); `block` is a preview."""
NETWORKS = {
    "created": {},
    "existing": existing(subnet()),
    "AKS's": {"network": {"ofAks": True}, "cluster.adopted": {"dnsPrefix": "aks"}},
}
NEEDS = {
    "none": {"cluster.imageSource": REGISTRY, "cluster.kubeletIdentity": IDENTITY},
    "userAssignedNATGateway in created": {"network.natGateway": {}},
    "userDefinedRouting in created": {"network.routes": [EVERYTHING]},
}
"""What a type takes beside itself."""


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("type_", WAYS_OUT)
def test_each_way_out_is_for_the_networks_that_azure_has_it_for(type_, network):
    beside = NEEDS.get(type_, {}) | NEEDS.get(f"{type_} in {network}", {})
    _, found = read(NETWORKS[network] | beside | {"cluster.outboundType": type_})
    assert (found == []) is (network in WAYS_OUT[type_]), found
    assert {one.path for one in found} <= {f"{CLUSTER}.outboundType"}


def test_every_way_out_is_there():
    assert WAYS_OUT.keys() == set(get_args(Cluster.model_fields["outbound_type"].annotation))


def test_routes_in_a_network_of_your_own():
    settings = good(existing(subnet()) | {"cluster.outboundType": "userDefinedRouting"})
    [only] = plan(settings)
    assert only.name == "nodes"
    assert only.id == SUBNET.format("v", "nodes")
    assert only.pools == ("system", "general", "spot", "win", "sandbox")
