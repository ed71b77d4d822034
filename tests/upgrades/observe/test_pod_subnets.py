"""The addresses left where pods have a subnet of their own, from Azure's usages of its network."""

from __future__ import annotations

import pytest

from tests.upgrades.check.arm import azure, cluster, pool
from tests.upgrades.observe.test_live import NETWORK, usage
from upgrades.model.surroundings import PodRoom
from upgrades.observe.azure.pod_subnets import pod_room

PODS = f"{NETWORK}/subnets/pods"
STATIC = {"podSubnetID": PODS, "podIPAllocationMode": "StaticBlock"}


def of_pools(arm, *pools):
    return pod_room(azure(arm), cluster("c", "1.35.6", *pools))


def test_without_such_a_subnet_nothing_is_asked(arm):
    assert of_pools(arm, pool("a", "1.35.6", vnetSubnetID=f"{NETWORK}/subnets/nodes")) == {}
    assert arm.asked == []


def test_each_pool_has_what_is_left_of_its_own_subnet(arm):
    arm.put(f"{NETWORK}/usages", {"value": [usage("pods", 200, 251), usage("nodes", 3, 251)]})
    found = of_pools(
        arm,
        pool("a", "1.35.6", podSubnetID=PODS.upper(), maxPods=50),
        pool("b", "1.35.6", podSubnetID=PODS, podIPAllocationMode="DynamicIndividual"),
        pool("gone", "1.35.6", podSubnetID=f"{NETWORK}/subnets/gone"),
        pool("none", "1.35.6"),
    )
    assert found == {"a": PodRoom(51, 50), "b": PodRoom(51, 110), "gone": PodRoom(None, 110)}


@pytest.mark.parametrize(("most", "blocks"), [(30, 2), (31, 2), (32, 3), (250, 16)])
def test_a_node_takes_blocks_for_all_pods_it_may_have_and_for_itself(arm, most, blocks):
    """The examples of AKS's page on static block allocation."""
    arm.put(f"{NETWORK}/usages", {"value": [usage("pods", 0, 4091)]})
    found = of_pools(arm, pool("a", "1.35.6", count=0, maxPods=most, **STATIC))
    assert found == {"a": PodRoom(4080, most, blocks)}


@pytest.mark.parametrize(
    ("taken", "free"),
    [
        (192, 48),  # addresses: 251 less 192, in whole blocks
        (12, 48),  # blocks: less than what six nodes of two blocks have, so that twelve are 192
        (251, 0),
    ],
)
def test_blocks_count_whether_azure_counts_them_or_their_addresses(arm, taken, free):
    arm.put(f"{NETWORK}/usages", {"value": [usage("pods", taken, 251)]})
    pools = [pool(name, "1.35.6", count=3, maxPods=31, **STATIC) for name in ("a", "b")]
    assert of_pools(arm, *pools) == {name: PodRoom(free, 31, 2) for name in ("a", "b")}


@pytest.mark.parametrize("most", ["many", [1]])
def test_what_cannot_be_read_is_a_message(arm, most):
    arm.put(f"{NETWORK}/usages", {"value": []})
    with pytest.raises(ValueError, match="maxPods"):
        of_pools(arm, pool("a", "1.35.6", podSubnetID=PODS, maxPods=most))
