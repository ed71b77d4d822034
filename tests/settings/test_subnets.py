from ipaddress import IPv4Network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from secure_aks_lifecycle.versions.version import Version

from settings.sections.network import Network
from settings.sections.pools import Autoscaling, Pool, Upgrade
from settings.subnets import NoRoom, addresses_needed, allot, plan, prefix_for
from tests.settings.helpers import GONE, good

USABLE_LESS = 5  # Azure: network, broadcast, gateway and two for its DNS


def pool(name, most, surge="33%", subnet=None):
    return Pool(
        name=name,
        version=Version(1, 35, 6),
        vm_size="Standard_D4s_v5",
        os_sku="AzureLinux",
        autoscaling=Autoscaling(min=0, max=most),
        upgrade=Upgrade(max_surge=surge),
        subnet=subnet,
    )


SIZES = st.lists(st.integers(1, 1000), min_size=1, max_size=8)
SURGES = st.one_of(st.integers(1, 100).map(lambda n: f"{n}%"), st.integers(1, 50).map(str))


@settings(deadline=None)
@given(st.integers(1, 5000))
def test_prefix_is_the_smallest_that_holds_so_many(addresses):
    prefix = prefix_for(addresses)
    assert IPv4Network((0, prefix)).num_addresses >= addresses
    assert prefix == 32 or IPv4Network((0, prefix + 1)).num_addresses < addresses


@settings(deadline=None)
@given(SIZES, SURGES, st.sampled_from(["shared", "per-pool"]), st.integers(8, 16))
def test_nodes_and_surge_fit_in_subnets_apart_from_each_other(sizes, surge, mode, prefix):
    pools = [pool(f"p{index}", size, surge) for index, size in enumerate(sizes)]
    space = IPv4Network((10 << 24, prefix))
    subnets = allot(Network(address_space=space, subnets=mode), pools)
    networks = [IPv4Network(subnet.cidr) for subnet in subnets]
    assert [name for subnet in subnets for name in subnet.pools] == [p.name for p in pools]
    for index, network in enumerate(networks):
        inside = [p for p in pools if p.name in subnets[index].pools]
        nodes = sum(p.max_nodes + p.surge_nodes for p in inside)
        assert len(list(network.hosts())) + 2 - USABLE_LESS >= nodes
        assert network.subnet_of(space)
        assert not any(network.overlaps(other) for other in networks[:index])


@settings(deadline=None)
@given(SIZES, st.integers(1, 1000), st.sampled_from(["shared", "per-pool"]))
def test_appending_a_pool_leaves_the_others(sizes, more, mode):
    """Of a shared subnet that holds as long as the pools fit in its least size, which they do here."""
    sizes = [size // 4 + 1 for size in sizes]
    pools = [pool(f"p{index}", size, "1") for index, size in enumerate(sizes)]
    network = Network(address_space=IPv4Network("10.0.0.0/8"), subnets=mode)
    before = allot(network, pools)
    after = allot(network, [*pools, pool("added", more)])
    kept = [subnet.cidr for subnet in after[: len(before)]]
    assert kept == [subnet.cidr for subnet in before]


@settings(deadline=None)
@given(st.data(), SIZES)
def test_pinned_subnets_stay_whatever_comes_and_goes(data, sizes):
    pools = [pool(f"p{index}", size) for index, size in enumerate(sizes)]
    network = Network(address_space=IPv4Network("10.0.0.0/8"), subnets="per-pool")
    where = {subnet.pools[0]: subnet.cidr for subnet in allot(network, pools)}
    pinned = [pool(p.name, p.max_nodes, subnet=where[p.name]) for p in pools]
    kept = data.draw(st.lists(st.sampled_from(pinned), unique_by=lambda p: p.name))
    for subnet in allot(network, [pool("first", 3), *kept]):
        assert where.get(subnet.pools[0], subnet.cidr) == subnet.cidr


@settings(deadline=None)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=40))
def test_no_room_is_said_only_when_there_is_none(sizes):
    pools = [pool(f"p{index}", size) for index, size in enumerate(sizes)]
    network = Network(address_space=IPv4Network("10.0.0.0/20"), subnets="per-pool")
    try:
        subnets = allot(network, pools)
    except NoRoom:
        assert len(pools) > 16
    else:
        assert len(subnets) == len(pools) <= 16


def test_a_space_is_used_up_to_its_end():
    network = Network(address_space=IPv4Network("10.0.0.0/22"), subnets="per-pool")
    pools = [pool(f"p{index}", 3) for index in range(5)]
    assert [subnet.cidr for subnet in allot(network, pools[:4])][-1] == "10.0.3.0/24"
    with pytest.raises(NoRoom, match="no room left for a subnet of /24"):
        allot(network, pools)


def test_addresses():
    assert addresses_needed([pool("a", 10), pool("b", 3, "2")]) == 10 + 4 + 3 + 2 + 5


def test_shared_plan():
    [subnet] = plan(good())
    assert (subnet.name, subnet.cidr, subnet.id) == ("nodes", "10.60.0.0/20", None)
    assert subnet.pools == ("system", "general", "spot", "win", "sandbox")


def test_plan_for_each_pool():
    subnets = plan(good({"network.subnets": "per-pool", "pools[1].subnet": "10.60.1.0/24"}))
    assert [(subnet.name, subnet.cidr) for subnet in subnets] == [
        ("nodes-system", "10.60.0.0/24"),
        ("nodes-general", "10.60.2.0/24"),
        ("nodes-spot", "10.60.1.0/24"),
        ("nodes-win", "10.60.3.0/24"),
        ("nodes-sandbox", "10.60.4.0/24"),
    ]


def test_a_small_space_is_used_as_a_whole():
    [subnet] = plan(good({"network.addressSpace": "10.60.0.0/25"}))
    assert subnet.cidr == "10.60.0.0/25"


def test_plan_in_existing_subnets():
    root = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/"
    existing = {
        "addressSpaces": ["10.9.0.0/16"],
        "subnets": [
            {"id": f"{root}sys", "cidr": "10.9.0.0/25", "pools": ["system"]},
            {"id": f"{root}rest", "cidr": "10.9.1.0/24"},
        ],
    }
    first, rest = plan(good({"network.addressSpace": GONE, "network.existing": existing}))
    assert (first.name, first.pools) == ("sys", ("system",))
    assert (rest.id, rest.pools) == (f"{root}rest", ("general", "spot", "win", "sandbox"))
