"""What fills an opening's last minutes: held to a search of every way."""

from __future__ import annotations

from itertools import permutations, product

from hypothesis import given
from hypothesis import strategies as st

from upgrades.plan.waves.filling import Part, Stretch, fill


def test_steps_that_fit_together_go_before_the_first_that_leaves_a_gap():
    long, short, last = [Stretch(50, 20)], [Stretch(30, 40)], [Stretch(15, 60)]
    assert fill([long, short, last]) == [Part(0, 1), Part(2, 1)]
    assert fill([long, [Stretch(30, 50)], last]) == [Part(0, 1), Part(1, 1)]


def test_nothing_fits():
    assert fill([]) == []
    assert fill([[Stretch(5, -1)]]) == []


@st.composite
def waiting(draw):
    found = []
    for _ in range(draw(st.integers(1, 4))):
        minutes, latest, plan = 0, 60, []
        for _ in range(draw(st.integers(0, 3))):
            minutes += draw(st.integers(1, 25))
            latest = draw(st.integers(-3, latest))
            plan.append(Stretch(minutes, latest))
        found.append(plan)
    return found


def worked(plans, parts):
    """Return the minutes that parts work in their order; None when one begins too late."""
    now = 0
    for part in parts:
        stretch = plans[part.waiting][part.steps - 1]
        if now > stretch.latest:
            return None
        now += stretch.minutes
    return now


def ways(plans):
    """Every way in the order in which plans wait: some steps, or none, of each."""
    for counts in product(*(range(len(plan) + 1) for plan in plans)):
        yield [Part(place, steps) for place, steps in enumerate(counts) if steps]


@given(waiting())
def test_no_way_in_the_order_of_those_that_wait_works_longer(plans):
    found = worked(plans, fill(plans))
    assert found is not None
    assert found == max(minutes for way in ways(plans) if (minutes := worked(plans, way)) is not None)


@given(waiting())
def test_each_plan_is_worked_once(plans):
    parts = fill(plans)
    assert len({part.waiting for part in parts}) == len(parts)
    assert [part.waiting for part in parts] == sorted(part.waiting for part in parts)
    assert any(worked(plans, order) is not None for order in permutations(parts))
