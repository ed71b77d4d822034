"""The length that no order of clusters can beat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.windows.placing import Placing

from .order import by_stack, leader_of, soak_of, takes_turns, waves

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from upgrades.model.steps import Plan


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
        ends[name] = max(alone, placing.worked_off(stacks[name], places, released))
    return max([*ends.values(), placing.worked_off(plans, concurrency, 0)], default=0)
