"""Waves: soak kept, concurrency kept, circles refused, close to the shortest that is possible."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.upgrades.builders import v
from upgrades.model.clusters import CONTROL_PLANE, Cluster
from upgrades.model.steps import Duration, Plan, Step
from upgrades.plan.waves.bound import lower_bound
from upgrades.plan.waves.order import in_waves
from upgrades.plan.waves.schedule import schedule
from upgrades.windows.placing import DAY


def made(stack, minutes, follows=None, soak=0, name="aks"):
    cluster = Cluster(name, stack, v("1.34.7"), (), follows=follows, soak_days=soak)
    step = Step(stack, name, CONTROL_PLANE, v("1.34.7"), v("1.35.7"), "test", Duration(minutes, minutes))
    return Plan(cluster, v("1.35.7"), (step,))


def test_a_stack_waits_for_the_one_it_follows_and_its_soak():
    found = schedule([made("prod", 60, "staging", 7), made("staging", 30, "dev", 2), made("dev", 20)])
    assert [(slot.plan.cluster.stack, slot.wave, slot.start) for slot in found.slots] == [
        ("dev", 1, 0),
        ("staging", 2, 20 + 2 * DAY),
        ("prod", 3, 20 + 2 * DAY + 30 + 7 * DAY),
    ]
    assert list(in_waves(found.slots)) == [1, 2, 3]


def test_all_clusters_of_a_stack_end_before_its_follower_starts():
    found = schedule([made("a", 10, name="x"), made("a", 50, name="y"), made("b", 5, "a")], concurrency=2)
    assert found.slots[-1].start == 50


def test_a_followed_stack_outside_the_rollout_holds_nothing_up():
    assert schedule([made("prod", 10, "elsewhere", 7)]).makespan == 10


@pytest.mark.parametrize("concurrency", [0, -1])
def test_no_concurrency_is_refused(concurrency):
    with pytest.raises(ValueError, match="write 1 or more"):
        schedule([made("a", 1)], concurrency)


def test_a_circle_is_refused_by_name():
    with pytest.raises(ValueError, match="a follows b follows a"):
        schedule([made("a", 1, "b"), made("b", 1, "a")])


def test_an_empty_fleet_takes_no_time():
    assert schedule([]).makespan == 0


def legs(minutes, days, stack="a", **changes):
    """A plan of several legs: `minutes` each, with `days` before all but the first."""
    base = made(stack, 1, **changes)
    base = replace(base, cluster=replace(base.cluster, follower_days=days))
    steps = tuple(
        replace(base.steps[0], duration=Duration(m, m), wait_days=days if place else 0)
        for place, m in enumerate(minutes)
    )
    return replace(base, steps=steps)


def test_days_between_legs_are_kept_and_leave_the_place_to_others():
    first, other = legs([10, 20], 3), made("b", 5)
    found = schedule([first, other])
    starts = {slot.plan.cluster.stack: slot.starts for slot in found.slots}
    assert starts == {"a": (0, 10 + 3 * DAY), "b": (10,)}
    assert found.makespan == 30 + 3 * DAY == lower_bound([first, other], 1)


@given(
    st.lists(st.lists(st.integers(1, 90), min_size=1, max_size=3), min_size=1, max_size=4),
    st.integers(0, 3),
    st.integers(1, 3),
)
def test_clusters_of_a_stack_that_has_several_go_one_after_another(work, days, concurrency):
    """Whatever may be under way at once elsewhere; between two legs of one the next may go."""
    plans = [legs(minutes, days, "dev" + (f"/c{n}" if n else "")) for n, minutes in enumerate(work)]
    plans += [made("prod", 5, "dev", 1), *(made(f"other{n}", 30) for n in range(2))]
    found = schedule(plans, concurrency)
    steps = sorted(
        (start, start + step.duration.expected)
        for slot in found.slots
        if slot.plan.cluster.stack.partition("/")[0] == "dev"
        for start, step in zip(slot.starts, slot.plan.steps, strict=True)
    )
    assert len(steps) == sum(map(len, work))
    assert all(end <= start for (_, end), (start, _) in pairwise(steps))
    prod = next(slot for slot in found.slots if slot.plan.cluster.stack == "prod")
    assert prod.start >= steps[-1][1] + DAY
    assert found.makespan >= lower_bound(plans, concurrency)


def test_one_is_through_before_the_next_begins_and_others_do_not_wait():
    plans = [made("dev", 30), made("dev/blue", 20), made("other", 5)]
    found = {slot.plan.cluster.stack: slot.start for slot in schedule(plans, 3).slots}
    assert found == {"dev": 0, "dev/blue": 30, "other": 0}


def test_a_follower_waits_for_the_last_leg():
    found = schedule([legs([10, 20], 3), made("b", 5, "a", 7)])
    assert found.slots[-1].starts == (30 + 10 * DAY,)


def test_days_that_are_left_come_before_the_first_step():
    plan = made("a", 10)
    held = replace(
        plan,
        cluster=replace(plan.cluster, hold_days={CONTROL_PLANE: 2}),
        steps=(replace(plan.steps[0], wait_days=2),),
    )
    assert schedule([held]).slots[0].starts == (2 * DAY,)


@st.composite
def fleets(draw):
    plans = []
    for number in range(draw(st.integers(1, 6))):
        follows = draw(st.sampled_from([None, *[f"s{n}" for n in range(number)]]))
        soak = draw(st.integers(0, 2))
        minutes = draw(st.lists(st.integers(1, 90), min_size=1, max_size=4))
        plans.extend(made(f"s{number}", m, follows, soak, f"c{n}") for n, m in enumerate(minutes))
    return plans


@settings(max_examples=200, deadline=None)
@given(fleets(), st.integers(1, 4))
def test_every_schedule_keeps_its_constraints(plans, concurrency):
    found = schedule(plans, concurrency)
    assert sorted(map(id, plans)) == sorted(id(slot.plan) for slot in found.slots)
    ends = {}
    for slot in found.slots:
        stack = slot.plan.cluster.stack
        ends[stack] = max(ends.get(stack, 0), slot.end)
    for slot in found.slots:
        cluster = slot.plan.cluster
        if cluster.follows:
            assert slot.start >= ends[cluster.follows] + cluster.soak_days * DAY
        at_once = [other for other in found.slots if other.start <= slot.start < other.end]
        assert len(at_once) <= concurrency
    assert lower_bound(plans, concurrency) <= found.makespan
    assert found.makespan <= sum(p.duration.expected + p.cluster.soak_days * DAY for p in plans)
