"""The lower bound and the rollout held to the shortest of all orders, on fleets that are small enough to try them all."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from settings.sections.maintenance import Maintenance
from tests.upgrades.builders import v
from tests.upgrades.windows.test_openings import at, kept
from upgrades.model.clusters import Cluster
from upgrades.model.steps import Duration, Plan, Step
from upgrades.plan.waves.bound import lower_bound
from upgrades.plan.waves.schedule import URGENCIES, schedule
from upgrades.plan.waves.tails import Tails
from upgrades.windows.placing import DAY, Placing

BEGIN = at("2026-12-05T07:00")  # a Saturday
WINDOWS = [Maintenance(), kept(hours=4), kept(hours=4, weekly={"day": "Sunday"})]


def made(name, stack, lengths, maintenance):
    cluster = Cluster(name, stack, v("1.34.7"), (), maintenance=maintenance)
    steps = tuple(
        Step(stack, name, f"p{n}", v("1.34.7"), v("1.35.7"), "test", Duration(minutes, minutes + more))
        for n, (minutes, more) in enumerate(lengths)
    )
    return Plan(cluster, v("1.35.7"), steps)


def ways(counts):
    """Yield every order in which the steps of plans can be placed, as plan numbers."""
    if not any(counts):
        yield ()
    for number, count in enumerate(counts):
        if count:
            for rest in ways([*counts[:number], count - 1, *counts[number + 1 :]]):
                yield (number, *rest)


def shortest(plans, places):
    """Return the makespan of the best order: each step, in that order, as early as its plan, its window and the places allow."""
    placing = Placing(BEGIN)
    fit = cache(lambda number, index, now: placing.next_start(plans[number], index, {}, now))
    return min(end_of(plans, order, places, fit) for order in ways([len(plan.steps) for plan in plans]))


def end_of(plans, order, places, fit):
    busy: list[tuple[int, int]] = []
    over = [0] * len(plans)
    taken = [0] * len(plans)
    for number in order:
        minutes = plans[number].steps[taken[number]].duration.expected
        wanted = sorted({over[number], *(end for _, end in busy if end > over[number])})
        begin = next(
            start
            for start in (fit(number, taken[number], moment) for moment in wanted)
            if most(busy, start, start + minutes) < places
        )
        busy.append((begin, begin + minutes))
        over[number], taken[number] = begin + minutes, taken[number] + 1
    return max(over)


def most(busy, begin, end):
    """Return how many are under way at once, at most, between two minutes."""
    moments = [begin, *(start for start, _ in busy if begin < start < end)]
    return max(sum(low <= moment < high for low, high in busy) for moment in moments)


def overlaps_nowhere(slot):
    ends = [s + step.duration.expected for s, step in zip(slot.starts, slot.plan.steps, strict=True)]
    return all(end <= start for end, start in zip(ends, slot.starts[1:], strict=False)) and all(
        low < high for low, high in pairwise(slot.starts)
    )


@st.composite
def fleets(draw):
    alike = draw(st.booleans())
    window = draw(st.sampled_from(WINDOWS))
    lengths = st.lists(st.tuples(st.integers(10, 120), st.integers(0, 100)), min_size=1, max_size=2)
    return [
        made(
            f"c{n}",
            "a" if alike else f"s{n}",
            draw(lengths),
            window if alike else draw(st.sampled_from(WINDOWS)),
        )
        for n in range(draw(st.integers(1, 3)))
    ]


@settings(max_examples=80, deadline=None)
@given(fleets(), st.integers(1, 2))
def test_no_order_beats_the_bound_and_the_rollout_beats_no_best_order(plans, places):
    best = shortest(plans, places)
    found = schedule(plans, places, BEGIN)
    assert lower_bound(plans, places, BEGIN) <= best <= found.makespan
    assert all(map(overlaps_nowhere, found.slots))


@settings(max_examples=60, deadline=None)
@given(fleets(), st.integers(1, 2), st.sampled_from([u for u in URGENCIES if u.packed]))
def test_an_order_that_shares_openings_out_keeps_every_step_in_its_turn(plans, places, urgency):
    from upgrades.plan.waves import schedule as module  # noqa: PLC0415

    whole = module.URGENCIES
    module.URGENCIES = (urgency,)
    try:
        found = schedule(plans, places, BEGIN)
    finally:
        module.URGENCIES = whole
    assert shortest(plans, places) <= found.makespan
    assert all(map(overlaps_nowhere, found.slots))
    assert sorted(map(id, plans)) == sorted(id(slot.plan) for slot in found.slots)


def test_the_best_order_is_found_where_it_is_one_opening_shorter():
    """An opening of four hours: 60 minutes that may take 200 have to begin first, or they wait a week."""
    window = kept(hours=4)
    plans = [made("long", "a", [(60, 140)], window), made("short", "a", [(100, 0), (50, 10)], window)]
    assert schedule(plans, 1, BEGIN).makespan == shortest(plans, 1) == 210


@st.composite
def crowded(draw):
    """Fleets of one stack whose short openings few steps fill."""
    lengths = st.lists(st.sampled_from([(30, 10), (30, 60), (60, 90), (100, 100)]), min_size=1, max_size=3)
    return [made(f"c{n}", "a", draw(lengths), WINDOWS[1]) for n in range(draw(st.integers(2, 3)))]


@settings(max_examples=60, deadline=None)
@given(crowded(), st.integers(1, 2))
def test_no_order_beats_what_can_be_worked_at_the_ends_of_openings(plans, places):
    assert lower_bound(plans, places, BEGIN) <= shortest(plans, places)


def test_a_step_that_fills_the_end_of_an_opening_waits_for_those_before_it():
    """One opening has the minutes for both, but what fits at its end comes only after what does not: a week more."""
    plans = [made(name, "a", [(40, 100), (70, 0), (10, 100)], WINDOWS[1]) for name in ("one", "other")]
    work = Placing(BEGIN).worked_off(plans, 1, 0)
    assert work < DAY < lower_bound(plans, 1, BEGIN) <= shortest(plans, 1)


def test_what_is_to_prove_itself_first_waits_for_another_opening():
    plan = made("one", "a", [(30, 0), (30, 0)], WINDOWS[1])
    again = replace(plan.steps[1], target=plan.steps[0].target)
    for days, does in ((0, True), (1, False)):
        cluster = replace(plan.cluster, follower_days=days)
        assert Tails([replace(plan, cluster=cluster, steps=(plan.steps[0], again))], 1).does([240]) is does
