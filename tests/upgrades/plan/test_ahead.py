"""Several openings planned ahead: together they take every step once, in its order, and each closes on time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upgrades.plan.waves import ahead as module
from upgrades.plan.waves.ahead import ahead
from upgrades.plan.waves.tails import Chain

ROOM = 240


@pytest.fixture(scope="module", autouse=True)
def _few_moves():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_MOVES", 2_000)
        yield


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(20, 60), st.integers(0, 60), st.integers(1, 6)), min_size=2, max_size=6),
    st.integers(1, 3),
    st.integers(2, 4),
)
def test_every_step_is_worked_once_and_no_place_beyond_the_end(drawn, places, openings):
    steps = [[(minutes, minutes + more, "a")] * count for minutes, more, count in drawn]
    shares = ahead([Chain(one, 0) for one in steps], places, [ROOM] * openings, seed=1)
    worked = [0] * len(steps)
    for opening in shares:
        assert len(opening) <= places
        for place in opening:
            now = 0
            for part in place:
                expected, longest, _ = steps[part.waiting][0]
                assert now + (part.steps - 1) * expected + longest <= ROOM
                now += part.steps * expected
                worked[part.waiting] += part.steps
    assert worked == [len(one) for one in steps] or shares == []


def test_what_fits_is_found():
    """Three clusters of four steps of an hour on two places: six steps an opening of four hours are not enough, eight are."""
    chains = [Chain([(60, 60, "a")] * 4, 0) for _ in range(3)]
    shares = ahead(chains, 2, [ROOM + 10] * 2, seed=1)
    assert sum(part.steps for opening in shares for place in opening for part in place) == 12
    assert ahead(chains, 1, [ROOM + 10] * 2, seed=1) == []
