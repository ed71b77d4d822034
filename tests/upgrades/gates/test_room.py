"""Room for a surge: what a pool has when its step begins, where AKS falls back, and what nobody tells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.upgrades.builders import catalog, cluster, pool, v
from tests.upgrades.gates.test_gates import BEFORE_STATE, NOW, POOL, gate
from upgrades.gates.base import Verdict
from upgrades.model.moves import Kind, Move
from upgrades.model.steps import Needs
from upgrades.model.surroundings import Outbound, PodRoom
from upgrades.model.workloads import Node, Pod
from upgrades.plan.cost import load_now
from upgrades.plan.planner import plan


def test_a_surge_is_what_the_pool_has_when_the_step_begins():
    """An autoscaled pool planned at 3 nodes that has 24 of at most 30 by now."""
    shape = pool(nodes=3, most=30, surge=1, max_surge="33%", cores=8)
    [step] = plan(
        cluster("1.35.7", [replace(shape, version=v("1.35.3"))]), v("1.35.7"), catalog(), NOW.date()
    ).steps
    assert step.most is not None
    assert (step.needs, step.most.nodes, step.most.needs) == (Needs(1, 8), 30, Needs(10, 80))
    nodes = tuple(Node(f"n{number}", "general", v("1.35.3")) for number in range(24))
    view = replace(BEFORE_STATE, nodes=nodes, free_cores={"general": 30}, free_addresses={"general": 9})
    assert load_now(step, view).needs == Needs(8, 64)
    assert gate("QUOTA001").run(view, step).verdict is Verdict.PASS, (
        "room for one is enough where AKS falls back"
    )
    [finding] = gate("QUOTA002").run(view, step).findings
    assert "30 cores of quota are left for its VM family, and the surge takes 64" in finding.why
    assert gate("NET002").run(view, step).verdict is Verdict.PASS
    older = replace(step, before=v("1.33.3"), after=v("1.34.7"))
    assert gate("QUOTA001").run(view, older).verdict is Verdict.FAIL
    counted = replace(view, node_counts={"general": 6})
    assert load_now(step, counted).needs == Needs(2, 16), (
        "Azure's count is closer than the nodes that registered"
    )


@pytest.mark.parametrize(
    ("code", "change"),
    [("NET001", {"free_addresses": {"other": 9}}), ("QUOTA001", {"free_cores": {"other": 9}})],
)
def test_room_that_nobody_tells_of_is_unknown_unless_none_is_needed(code, change):
    view = replace(BEFORE_STATE, **change)
    result = gate(code).run(view, POOL)
    assert (result.verdict, result.stops) == (Verdict.UNKNOWN, True)
    assert result.findings[0].resource == "pool general"
    for needs_none in (pool(nodes=0, cores=4), pool(nodes=3, max_surge="0", max_unavailable="1", surge=0)):
        empty = replace(view, node_counts={"general": needs_none.nodes})
        assert gate(code).run(empty, replace(POOL, pool=needs_none)).verdict is Verdict.PASS
    nameless = replace(POOL, pool=pool(cores=None))
    assert gate("QUOTA001").run(BEFORE_STATE, nameless).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(("free", "fails"), [(30, "NET001"), (31, "NET002"), (92, "NET002"), (93, None)])
def test_a_node_that_takes_the_addresses_of_its_pods_too(free, fails):
    """Azure CNI, neither overlay nor with a subnet for pods, of 30 pods a node: a surge of three, room for one is required."""
    step = replace(POOL, pool=pool(nodes=3, surge=3, max_surge="100%", node_addresses=31))
    view = replace(BEFORE_STATE, free_addresses={"general": free}, node_counts={"general": 3})
    found = [code for code in ("NET001", "NET002") if gate(code).run(view, step).verdict is Verdict.FAIL]
    assert found == [fails] * (fails is not None)
    if fails:
        assert "takes 93 (31 a node, for its pods)" in gate(fails).run(view, step).findings[0].why


def test_no_room_for_one_is_said_to_be_too_little():
    [finding] = gate("NET001").run(replace(BEFORE_STATE, free_addresses={"general": 0}), POOL).findings
    assert "one node at a time would do, and there is no room for one" in finding.why


@pytest.mark.parametrize(
    ("room", "pods", "fails"),
    [
        (PodRoom(15, 110), 4, "NET004"),  # not one batch of 16
        (PodRoom(16, 110), 4, "NET005"),
        (PodRoom(48, 110), 8, None),  # eight of sixteen are in use, and eight are enough to spare
        (PodRoom(48, 110), 9, "NET005"),  # three nodes of two batches
        (PodRoom(96, 110), 9, None),
        (PodRoom(143, 30), 40, "NET005"),  # no more than it may have: 30, and 8 to spare, are three batches
        (PodRoom(144, 30), 40, None),
        (PodRoom(383, 110), 0, "NET005"),  # nobody told of pods: as many as a node may have
        (PodRoom(384, 110), 0, None),
        (PodRoom(31, 31, blocks=2), 1, "NET004"),
        (PodRoom(32, 31, blocks=2), 1, "NET005"),
        (PodRoom(96, 31, blocks=2), 31, None),
    ],
)
def test_pods_with_a_subnet_of_their_own_take_addresses_there_as_azure_cni_gives_them(room, pods, fails):
    """Dynamic allocation: 16 as a node comes, 16 more when fewer than 8 are left. Static: all its blocks at once."""
    step = replace(POOL, pool=pool(nodes=3, surge=3, max_surge="100%"))
    there = tuple(Pod("shop", f"p{number}", "general", node="n1") for number in range(pods))
    view = replace(BEFORE_STATE, pod_room={"general": room}, node_counts={"general": 3}, pods=there)
    found = [code for code in ("NET004", "NET005") if gate(code).run(view, step).verdict is Verdict.FAIL]
    assert found == [fails] * (fails is not None)
    older = replace(step, before=v("1.33.3"), after=v("1.34.7"))
    needed = 3 * room.first
    assert room.free is not None
    assert (gate("NET004").run(view, older).verdict is Verdict.FAIL) == (room.free < needed), (
        "all, before 1.35"
    )


def test_a_subnet_of_pods_that_azure_does_not_tell_of_is_unknown_and_a_surge_of_none_takes_nothing():
    view = replace(BEFORE_STATE, pod_room={"general": PodRoom(None, 110)}, node_counts={"general": 3})
    result = gate("NET004").run(view, POOL)
    assert (result.verdict, result.findings[0].why) == (
        Verdict.UNKNOWN,
        "the subnet of its pods was not found",
    )
    in_place = replace(POOL, pool=pool(nodes=3, max_surge="0", max_unavailable="1", surge=0))
    assert gate("NET004").run(view, in_place).verdict is Verdict.PASS
    assert gate("NET005").run(view, POOL).verdict is Verdict.PASS


def test_a_pool_that_takes_anothers_place_takes_addresses_as_that_one_does():
    move = Move(Kind.ADD, "general", "general2", {})
    step = replace(
        POOL, target="general2", move=move, needs=Needs(4, 16), pool=pool("general2", node_addresses=31)
    )
    view = replace(BEFORE_STATE, free_addresses={"general2": 123}, pod_room={"general2": PodRoom(63, 110)})
    [finding] = gate("NET001").run(view, step).findings
    assert "pool general2 takes 124 (31 a node, for its pods)" in finding.why
    [finding] = gate("NET004").run(view, step).findings
    assert "pool general2 takes 64 (16 a node)" in finding.why
    assert "fewer nodes (--set count=N)" in finding.remedy


def test_a_blue_green_upgrade_needs_all_its_nodes_whatever_the_minor():
    """AKS goes on node by node only where it rolls: a double of the pool that is one node short is no double."""
    doubled = replace(POOL, pool=pool(nodes=24, blue_green=True, cores=8), needs=Needs(24, 192))
    rolling = replace(POOL, pool=pool(nodes=24, max_surge="100%", cores=8), needs=Needs(24, 192))
    for code, short in (
        ("NET001", {"free_addresses": {"general": 23}}),
        ("QUOTA001", {"free_cores": {"general": 191}}),
        ("NET003", {"outbound": Outbound(1, 1600, 17)}),
        ("NET004", {"pod_room": {"general": PodRoom(23 * 16, 30)}}),
    ):
        view = replace(BEFORE_STATE, node_counts={"general": 24}, **short)
        assert gate(code).run(view, rolling).verdict is Verdict.PASS, code
        [finding] = gate(code).run(view, doubled).findings
        assert "upgradeStrategy: Rolling" in finding.remedy
    assert gate("NET002").run(replace(view, free_addresses={"general": 23}), doubled).verdict is Verdict.PASS
