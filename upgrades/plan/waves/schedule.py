"""When each cluster's plan runs: stacks after the stack they follow and its soak, at most so many clusters at once.

Clusters that are ready start in the order of the longest way still behind them, which keeps the whole rollout short. With
a start in the calendar every step is placed inside the cluster's own window; between two windows, and while a version
proves itself for those who follow, a cluster takes no place of another.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from upgrades.windows.placing import DAY, Placing

from .bound import lower_bound
from .clock import Clock
from .order import by_stack, longest_way, waves
from .under_way import Urgency

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from upgrades.model.steps import Plan

    from .filling import Part
    from .values import Schedule


UNPACKED = tuple(
    Urgency(every, following, filled)
    for every, following in ((0.0, 0.0), (0.5, 0.0), (0.0, 2.0), (0.0, 4.0), (0.0, 12.0), (3.0, 10.0))
    for filled in (0, 240, 400)
)
_PACKED = tuple(
    Urgency(packed=packed, latest=latest)
    for latest, powers in ((1.0, (2.0, 3.0, 1.5, 4.0, 5.0, 2.5)), (0.7, (4.0,)))
    for packed in powers
)
_AHEAD = tuple(_PACKED[1]._replace(ahead=seed) for seed in (1, 2, 3, 4, 5))
URGENCIES = (UNPACKED[0], *_PACKED, *_AHEAD, *UNPACKED[1:4])
"""The orders that are tried where windows close.

Which order packs windows best depends on the fleet, so each is tried for each wave, and the shortest rollout is kept."""
FEW = 1000
"""Plans up to which every order is tried; with more, one order is as good as another."""
FEW_PACKED = 200
"""Plans up to which whole openings are shared out at once, which takes longest of all orders."""
FEW_WAVES = 6
"""Waves of which each is given an order of its own; those after them have that of all."""


CLOSE = 1.005
"""How close to what no order can beat a rollout is short enough, so that no further order is tried."""


def schedule(
    plans: Sequence[Plan], concurrency: int = 1, begin: datetime | None = None, soak: int = 0
) -> Schedule:
    """Place the plans in time, with `soak` minutes after each step but a cluster's last.

    With `begin` each step is placed where it fits into its cluster's window, so that it is over before the window closes even
    when it takes its longest; without, windows count for nothing.
    Raises ValueError when stacks follow one another in a circle, when `concurrency` is below 1, or when a step fits into no
    opening of the coming years.
    """
    if concurrency < 1:
        raise ValueError(
            f"concurrency {concurrency}: at least one cluster has to be under way; write 1 or more"
        )
    stacks = by_stack(plans)
    numbers = waves(stacks)
    start = begin.replace(second=0, microsecond=0) + timedelta(minutes=1) if begin and _odd(begin) else begin
    placing = Placing(start, soak)
    behind = longest_way(stacks, numbers, concurrency)
    windowed = len(plans) <= FEW and any(map(placing.openings, plans))

    known: dict[tuple[str, int, int, int], list[list[list[Part]]]] = {}

    def run(orders: Mapping[int, Urgency]) -> Schedule:
        return Clock(stacks, numbers, behind, concurrency, placing, orders, known).run()

    orders = dict.fromkeys(numbers.values(), URGENCIES[0])
    best = run(orders)
    enough = lower_bound(plans, concurrency, start) * CLOSE if windowed else 0
    bounds: dict[tuple[int, int], int] = {}
    for wave in sorted(orders)[:FEW_WAVES] if windowed else ():
        for urgency in URGENCIES[1:] if len(plans) <= FEW_PACKED else UNPACKED[1:]:
            if best.makespan <= enough or _as_short_as_can_be(best, wave, concurrency, placing, bounds):
                break
            made = run(orders | {wave: urgency})
            if made.makespan < best.makespan or _end(made, wave) < _end(best, wave):
                best, orders = made, orders | {wave: urgency}
    return best


def _end(made: Schedule, wave: int) -> int:
    return max(slot.end for slot in made.slots if slot.wave == wave)


def _as_short_as_can_be(
    made: Schedule, wave: int, concurrency: int, placing: Placing, bounds: dict[tuple[int, int], int]
) -> bool:
    """Tell whether no order of a wave could end it on another day, or it has no windows. `bounds` are known by wave and its start."""
    slots = [slot for slot in made.slots if slot.wave == wave and slot.plan.steps]
    start = min((slot.start for slot in slots), default=0)
    if not any(placing.openings(slot.plan) for slot in slots):
        return True
    if (wave, start) not in bounds:
        bounds[wave, start] = lower_bound([slot.plan for slot in slots], concurrency, made.moment(start))
    return max(slot.end for slot in slots) - start < bounds[wave, start] + DAY


def _odd(moment: datetime) -> bool:
    return bool(moment.second or moment.microsecond)
