"""A plan under way: where it stands, how urgent its next steps are, and which of them go together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from upgrades.windows.placing import DAY

from .filling import Stretch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from upgrades.model.steps import Plan, Step
    from upgrades.windows.placing import Placing


class Urgency(NamedTuple):
    """What it counts for a cluster's place in the queue that steps may take long, where windows close."""

    every: float = 0.0
    """How much all that are left count."""
    following: float = 0.0
    """How much the next one counts."""
    filled: int = 0
    """Minutes before an opening closes from which a place takes what fills them best, and not what is most urgent."""
    packed: float = 0.0
    """How much more a cluster counts that has more left, where whole openings are shared out at once; 0: they are not."""
    ahead: int = 0
    """Where all openings of a stack are planned ahead, the seed of what is drawn; 0: they are not."""
    latest: float = 0.0
    """How much it counts when a cluster has to begin at the latest, so that all its steps fit into what is left of an opening."""


@dataclass(slots=True)
class Run:
    """A plan under way: when the steps so far began, and when each target got what it runs."""

    plan: Plan
    starts: list[int] = field(default_factory=list[int])
    arrived: dict[str, int] = field(default_factory=dict[str, int])
    later: int = 0
    """Parts of it that a place is going to work in this opening, beside the one under way."""
    until: int = 0
    """When the part of it that was begun last is over."""


class Share(NamedTuple):
    """What a place works of a plan: how many of its steps, and from which minute at the earliest."""

    run: Run
    steps: int
    begin: int


def way_left(run: Run, urgency: Urgency) -> float:
    """Return the minutes that a plan still takes, and what counts for it beside them."""
    left = run.plan.steps[len(run.starts) :]
    rest = sum(step.duration.expected for step in left) + sum(step.wait_days for step in left[1:]) * DAY
    if not left:
        return rest
    slack = sum(step.duration.longest - step.duration.expected for step in left)
    found = rest + urgency.every * slack + urgency.following * left[0].duration.longest
    return found + urgency.latest * (_needed(left) - rest) if urgency.latest else found


def _needed(steps: Sequence[Step]) -> int:
    minutes = needed = 0
    for step in steps:
        needed = max(needed, minutes + step.duration.longest)
        minutes += step.duration.expected
    return needed


def minutes_left(run: Run, soak: int) -> int:
    """Return the minutes that a plan's steps still take, without the days between."""
    left = run.plan.steps[len(run.starts) :]
    return sum(step.duration.expected for step in left) + soak * max(len(left) - 1, 0)


def that_may_go(run: Run, placing: Placing, now: int) -> tuple[tuple[int, int], ...]:
    """Return the next steps of a plan that nothing but its place holds up in this opening, as (expected, longest)."""
    found: list[tuple[int, int]] = []
    arrived, at = dict(run.arrived), now
    for index, step in enumerate(run.plan.steps[len(run.starts) :], start=len(run.starts)):
        if placing.held(run.plan, index, arrived) > at:
            break
        more = placing.soak if index + 1 < len(run.plan.steps) else 0
        found.append((step.duration.expected + more, step.duration.longest))
        arrived[step.target] = at + step.duration.expected
        at += step.duration.expected + more
    return tuple(found)


def stretches(run: Run, placing: Placing, now: int, room: int) -> list[Stretch]:
    """Return the next steps of a plan that need no wait between them, the first alone, the first two and so on."""
    found: list[Stretch] = []
    minutes = needed = 0
    targets: set[str] = set()
    for index, step in enumerate(run.plan.steps[len(run.starts) :], start=len(run.starts)):
        if found and (step.wait_days or (step.target in targets and run.plan.cluster.follower_days)):
            break
        needed = max(needed, minutes + step.duration.longest)
        if needed > room or placing.held(run.plan, index, run.arrived) > now:
            break
        minutes += step.duration.expected
        minutes += placing.soak if index + 1 < len(run.plan.steps) else 0
        targets.add(step.target)
        found.append(Stretch(minutes, room - needed))
    return found


def due(run: Run) -> int:
    """Return how many steps come before all that are left change different targets, where what changes has to prove itself."""
    left = [step.target for step in run.plan.steps[len(run.starts) :]]
    again = [index for index, target in enumerate(left) if target in left[index + 1 :]]
    return again[-1] + 1 if again and run.plan.cluster.follower_days else 0
