"""Who gets into the cluster, over which network, and what of it exists already."""

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settings.subnets import plan
from settings.way_in import findings, ways
from tests.settings.helpers import GONE, Case, good, refuse

ID = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers/{}"
HUB = ID.format("Microsoft.Network/virtualNetworks/hub")
SUBNET = ID.format("Microsoft.Network/virtualNetworks/own/subnets/{}")
REGISTRY = ID.format("Microsoft.ContainerRegistry/registries/contoso")
IDENTITY = ID.format("Microsoft.ManagedIdentity/userAssignedIdentities/one")
SOMEBODY = "6f1c0d1e-2f3a-4b5c-8d9e-0a1b2c3d4e5f"
CLUSTER, NETWORK = "secure-aks:cluster", "secure-aks:network"
EXISTING = {
    "network.addressSpace": GONE,
    "network.existing": {
        "addressSpaces": ["10.1.0.0/16"],
        "subnets": [{"id": SUBNET.format("n"), "cidr": "10.1.0.0/20"}],
    },
}
DEPLOYERS = {"cluster.deployers": [{"name": "deployers", "members": [SOMEBODY]}]}
INTEGRATED = {"cluster.apiServer.vnetIntegration": True, "network.apiServerSubnet": "10.60.255.0/28"}
API_SERVER = SUBNET.format("api-server")
IN_THEIRS = {
    **EXISTING,
    "network.existing": {**EXISTING["network.existing"], "apiServerSubnet": API_SERVER},
    "cluster.apiServer.vnetIntegration": True,
}
SPACE = {"network.existing.addressSpaces": ["10.1.0.0/16"]}

CASES = [
    Case("deployers that nobody is in", {"cluster.deployers": [{"name": "deployers"}]}, f"{CLUSTER}.deployers[0]", "nobody could apply", "`members: [<object id>]`"),
    Case("a bootstrap of nobody", {"cluster.bootstrap": True}, f"{CLUSTER}.bootstrap", "no deployers", "add `deployers`"),
    Case("deployers who are break-glass", {"cluster.deployers": [{"name": "aks-admins", "members": [SOMEBODY]}]}, f"{CLUSTER}.deployers[0].name", "taken by secure-aks:cluster.breakGlass[0].name", "one place"),
    Case("two resource groups", {"cluster.resourceGroup": "a", "cluster.existingResourceGroup": "b"}, f"{CLUSTER}.existingResourceGroup", "not both", "remove one"),
    Case("a resource group with a dot", {"cluster.existingResourceGroup": "b."}, f"{CLUSTER}.existingResourceGroup", "not a name", "at most 90"),
    Case("one identity for all", {"cluster.identity": IDENTITY, "cluster.kubeletIdentity": IDENTITY}, f"{CLUSTER}.kubeletIdentity", "give each node", "another identity"),
    Case("an identity of one word", {"cluster.identity": "mine"}, f"{CLUSTER}.identity", "not the resource id of a user-assigned identity", "userAssignedIdentities/<name>"),
    Case("a registry of one word", {"cluster.registries": ["contoso"]}, f"{CLUSTER}.registries[0].id", "not the resource id of a container registry", "registries/<name>"),
    Case("a registry of a short name", {"cluster.registries": [{"name": "abc"}]}, f"{CLUSTER}.registries[0].name", "not a name", "5 to 50"),
    Case("a registry that exists and does not", {"cluster.registries": [{"name": "abcde", "id": REGISTRY}]}, f"{CLUSTER}.registries[0]", "one of them", "`{name: contosoaks}`"),
    Case("a registry twice", {"cluster.registries": [REGISTRY, REGISTRY]}, f"{CLUSTER}.registries[1]", "is secure-aks:cluster.registries[0] already", "once"),
    Case("the tier of somebody's registry", {"cluster.registries": [{"id": REGISTRY, "sku": "Premium"}]}, f"{CLUSTER}.registries[0].sku", "its owner's", "remove"),
    Case("runners outside", {"network.runnerSubnet": "10.61.0.0/27"}, f"{NETWORK}.runnerSubnet", "not part of the address space", "10.60.255.224/27"),
    Case("runners in a network that exists", {**EXISTING, "network.runnerSubnet": "10.1.255.0/27"}, f"{NETWORK}.runnerSubnet", "the network exists", "remove"),
    Case("no room for runners", {"network.runnerSubnet": "10.60.255.0/30"}, f"{NETWORK}.runnerSubnet", "too small", "/29"),
    Case("runners where the API server is", {**INTEGRATED, "network.runnerSubnet": "10.60.255.0/27"}, f"{NETWORK}.apiServerSubnet", "overlaps 10.60.255.0/27", "apart"),
    Case("runners where nodes are", {"network.subnets": "per-pool", "network.runnerSubnet": "10.60.1.0/27", "pools[0].subnet": "10.60.1.0/24"}, f"{NETWORK}.runnerSubnet", "overlaps 10.60.1.0/24", "apart"),
    Case("an API server in no subnet", {"cluster.apiServer.vnetIntegration": True}, f"{CLUSTER}.apiServer.vnetIntegration", "no subnet", "`apiServerSubnet:"),
    Case("an API server in no subnet of yours", {**EXISTING, "cluster.apiServer.vnetIntegration": True}, f"{CLUSTER}.apiServer.vnetIntegration", "no subnet", "existing.apiServerSubnet"),
    Case("a subnet for no API server", {"network.apiServerSubnet": "10.60.255.0/28"}, f"{NETWORK}.apiServerSubnet", "unless it is told", "vnetIntegration"),
    Case("a small subnet for the API server", {**INTEGRATED, "network.apiServerSubnet": "10.60.255.0/29"}, f"{NETWORK}.apiServerSubnet", "too small", "/28"),
    Case("a peer that finds no name", {"network.peerings": [{"network": HUB}]}, f"{CLUSTER}.apiServer.privateDnsZone", "no address for the API server's name", "write `none`"),
    Case("a peer twice", {"network.peerings": [{"network": HUB}, {"network": HUB}], "cluster.apiServer.privateDnsZone": "none"}, f"{NETWORK}.peerings[1].network", "already", "once"),
    Case("a peer of a network that exists", {**EXISTING, "network.peerings": [{"network": HUB}]}, f"{NETWORK}.peerings", "where it was made", "remove"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused(case):
    refuse(case)


WAYS = {
    "runners": ({"network.runnerSubnet": "10.60.255.0/27"}, "network.runnerSubnet"),
    "a peer": ({"network.peerings": [{"network": HUB}], "cluster.apiServer.privateDnsZone": "none"}, "from hub"),
    "integration": (INTEGRATED, "apiServer.vnetIntegration"),
    "integration in a network of your own": (IN_THEIRS, f"at an address in {API_SERVER}, from the network"),
    "a network of your own": (EXISTING, "network.existing"),
    "named ranges": ({"cluster.apiServer": {"access": "ip-restricted", "authorizedIpRanges": ["203.0.113.0/24"]}}, "203.0.113.0/24"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "said"), WAYS.values(), ids=WAYS)
def test_a_way_to_the_api_server(changes, said):
    stack = good({**DEPLOYERS, **changes})
    assert any(said in way for way in ways(stack))
    assert list(findings(stack)) == []


def test_a_private_stack_without_a_way_hears_the_choices():
    [found] = findings(good(DEPLOYERS))
    assert found.path == f"{CLUSTER}.apiServer.access"
    for choice in (
        "runnerSubnet",
        "peerings",
        "existing",
        "vnetIntegration",
        "inside: later",
        "ip-restricted",
    ):
        assert choice in found.remedy


def test_in_two_halves_nothing_has_to_be_reached_yet():
    assert list(findings(good({"cluster.inside": "later"}))) == []


def test_a_stack_that_nobody_could_apply():
    way = {"network.runnerSubnet": "10.60.255.0/27"}
    [found] = findings(good(way))
    assert found.path == f"{CLUSTER}.deployers"
    assert "bootstrap: true" in found.remedy
    for group in ({"members": [SOMEBODY]}, {"objectId": SOMEBODY}):
        assert list(findings(good({**way, "cluster.breakGlass": [{"name": "admins", **group}]}))) == []
        assert list(findings(good({**way, "cluster.deployers": [{"name": "deployers", **group}]}))) == []


@given(
    prefix=st.integers(16, 20), runners=st.integers(24, 28), number=st.integers(0, 2**16), each=st.booleans()
)
def test_nodes_get_no_address_of_what_is_set_apart(prefix, runners, number, each):
    space = IPv4Network(f"10.60.0.0/{prefix}")
    parts = 2 ** (runners - prefix)
    apart = IPv4Network((int(space.network_address) + (number % parts) * 2 ** (32 - runners), runners))
    changes = {"network.addressSpace": str(space), "network.runnerSubnet": str(apart)}
    stack = good({**changes, "network.subnets": "per-pool" if each else "shared"})
    ranges = [IPv4Network(subnet.cidr) for subnet in plan(stack)]
    assert ranges
    assert not any(apart.overlaps(one) for one in ranges)
    assert all(one.subnet_of(space) for one in ranges)
