"""The length that no order of clusters can beat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.windows.placing import Placing

from .order import by_stack, leader_of, soak_of, takes_turns, waves
from .tails import Tails

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from upgrades.model.steps import Plan

_FEW = 200
"""Plans up to which it is worked out what each can do at the ends of openings; with more, single minutes count for little."""


def lower_bound(plans: Sequence[Plan], concurrency: int, begin: datetime | None = None) -> int:
    """Return the minutes that no order can beat: the longest chain of stacks, or the work over the places there are.

    A stack of the chain takes at least its longest cluster alone, and at least its work over the places, while its windows
    are open.
    """
    stacks, placing = by_stack(plans), Placing(begin)
    ends: dict[str, int] = {}
    for name in sorted(stacks, key=waves(stacks).__getitem__):
        leader = leader_of(stacks, name)
        released = ends[leader] + soak_of(stacks, name) if leader else 0
        alone = max(placing.end_alone(plan, released) for plan in stacks[name])
        places = 1 if takes_turns(stacks[name]) else concurrency
        ends[name] = max(alone, _worked_off(placing, stacks[name], places, released))
    return max([*ends.values(), placing.worked_off(plans, concurrency, 0)], default=0)


def _worked_off(placing: Placing, plans: Sequence[Plan], places: int, released: int) -> int:
    """Return when the work of a stack is done at the earliest, with what can be worked at the ends of its openings."""
    found = placing.worked_off(plans, places, released)
    if len(plans) > _FEW or len({id(placing.openings(plan)) for plan in plans}) > 1:
        return found
    tails, rooms = Tails(plans, places), list[int]()
    work = sum(plan.duration.expected for plan in plans)
    for begin, room in placing.coming(plans[0], released) if work else ():
        rooms.append(room)
        if begin + room >= found and tails.does(rooms):
            left = max(work - tails.most(rooms[:-1]), 1)
            return max(found, begin - (-left // places))
    return found
