"""The last opening: all that is left is worked in it, one step of a plan at a time, each in time at its longest."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from upgrades.plan.waves.last import finish


def placed(tasks, shares):
    """Return for each plan when its steps begin and end; a place waits where a part says so."""
    found = [[] for _ in tasks]
    for place in shares:
        at = 0
        for part in place:
            at = max(at, part.begin)
            found[part.waiting].append((at, part.steps))
            # Which steps these are is told by when other places work the same plan: lengths are alike within a plan.
            at += part.steps * tasks[part.waiting][0][0]
    return [sorted(parts) for parts in found]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(5, 60), st.integers(0, 90), st.integers(1, 4)), min_size=1, max_size=8),
    st.integers(1, 4),
)
def test_all_steps_are_worked_in_time_and_no_plan_at_two_places_at_once(drawn, places):
    tasks = [[(minutes, minutes + more)] * count for minutes, more, count in drawn]
    shares = finish(tasks, places, 240)
    assert len(shares) <= places
    for steps, parts in zip(tasks, placed(tasks, shares), strict=True) if shares else ():
        (expected, longest), *_ = steps
        assert sum(count for _, count in parts) == len(steps)
        assert all(at + count * expected <= after for (at, count), (after, _) in pairwise(parts))
        assert all(at + (count - 1) * expected + longest <= 240 for at, count in parts)


def test_the_plan_that_has_to_begin_first_does():
    """By its latest start the second goes first; the other way round it would be too late."""
    assert [part.waiting for part in finish([[(60, 60)], [(60, 200)]], 1, 240)[0]] == [1, 0]


def test_a_place_waits_for_the_step_before_that_another_place_has():
    """The other place is free after 20 minutes, and what it works next follows a step of 40 at the first."""
    first, other = finish([[(20, 20)], [(40, 40)], [(40, 80), (30, 30)]], 2, 100)
    assert (first[0].waiting, first[0].steps, other[0].waiting) == (2, 1, 0)
    assert (other[1].waiting, other[1].begin) == (2, 40)


def test_what_cannot_be_over_in_time_is_not_begun():
    assert not finish([[(60, 60)] * 3, [(60, 200)]], 1, 230)
    assert not finish([[(60, 260)]], 2, 240)
