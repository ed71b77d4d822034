"""An opening shared out among places: nothing overlaps, everything ends in time, and what fits only in two parts is found."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from upgrades.plan.waves.packing import Task, pack


def placed(tasks, shares):
    """Return for each plan when its steps begin, as (begin, expected, longest), from what the places work."""
    parts = [
        (begin, part)
        for place in shares
        for begin, part in zip(begins(tasks, shares, place), place, strict=True)
    ]
    done = defaultdict(int)
    found = defaultdict(list)
    for begin, part in sorted(parts, key=lambda one: one[0]):
        at = begin
        for expected, longest in tasks[part.waiting].steps[done[part.waiting] :][: part.steps]:
            found[part.waiting].append((at, expected, longest))
            at += expected
        done[part.waiting] += part.steps
    return found


def begins(tasks, shares, place):
    """Return when each part of a place begins; the last of a place is the later part of what the next begins with."""
    found, at = [], 0
    for part in place:
        found.append(at)
        first = 0
        following = shares[shares.index(place) + 1 :][:1]
        if part is place[-1] and following and following[0][0].waiting == part.waiting:
            first = following[0][0].steps
        at += sum(expected for expected, _ in tasks[part.waiting].steps[first:][: part.steps])
    return found


def test_what_fits_only_in_two_parts_is_worked_at_two_places():
    """Three plans of 460 minutes, two places of 720: no place takes two of them, both take all three."""
    tasks = [Task(460, ((46, 70),) * 10)] * 3
    shares = pack(tasks, 2, 720, 30, 2.0)
    assert sum(46 * part.steps for place in shares for part in place) == 3 * 460
    assert sorted(part.waiting for place in shares for part in place) in (
        [0, 0, 1, 2],
        [0, 1, 1, 2],
        [0, 1, 2, 2],
    )


def test_a_plan_that_has_to_get_far_gets_far():
    """Before the last opening a short plan, whose later steps wait for its next ones, goes before longer ones."""
    long, short = Task(600, ((60, 60),) * 10), Task(240, ((30, 30),) * 4)

    def worked(first):
        shares = pack([first, long, long], 1, 300, 0, 2.0)
        return sum(part.steps for place in shares for part in place if not part.waiting)

    assert worked(short) < worked(short._replace(due=4)) == 4


def test_nothing_to_do():
    assert pack([], 3, 720, 30, 2.0) == []
    assert pack([Task(800, ((300, 800),))], 2, 720, 30, 2.0) == []


steps = st.tuples(st.integers(1, 60), st.integers(0, 90)).map(lambda one: (one[0], one[0] + one[1]))
tasks = st.builds(
    lambda of, more, due: Task(sum(m for m, _ in of) + more, tuple(of), due),
    st.lists(steps, max_size=6),
    st.integers(0, 200),
    st.integers(0, 6),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(tasks, max_size=10), st.integers(1, 4), st.integers(60, 240), st.integers(0, 60))
def test_nothing_overlaps_and_everything_ends_in_time_at_its_longest(waiting, places, room, idle):
    shares = pack(waiting, places, room, idle, 2.0)
    assert len(shares) <= places
    for begun in placed(waiting, shares).values():
        assert all(at + expected <= following for (at, expected, _), (following, *_) in pairwise(begun))
        assert all(at + longest <= room for at, _, longest in begun)
