"""A plan under way: where it stands, how urgent its next steps are, and which of them go together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from upgrades.windows.placing import DAY

from .filling import Stretch

if TYPE_CHECKING:
    from upgrades.model.steps import Plan
    from upgrades.windows.placing import Placing


class Urgency(NamedTuple):
    """What it counts for a cluster's place in the queue that steps may take long, where windows close."""

    every: float = 0.0
    """How much all that are left count."""
    following: float = 0.0
    """How much the next one counts."""
    filled: int = 0
    """Minutes before an opening closes from which a place takes what fills them best, and not what is most urgent."""


@dataclass(slots=True)
class Run:
    """A plan under way: when the steps so far began, and when each target got what it runs."""

    plan: Plan
    starts: list[int] = field(default_factory=list[int])
    arrived: dict[str, int] = field(default_factory=dict[str, int])


def way_left(run: Run, urgency: Urgency) -> float:
    """Return the minutes that a plan still takes, and what counts for it beside them."""
    left = run.plan.steps[len(run.starts) :]
    rest = sum(step.duration.expected for step in left) + sum(step.wait_days for step in left[1:]) * DAY
    if not left:
        return rest
    slack = sum(step.duration.longest - step.duration.expected for step in left)
    return rest + urgency.every * slack + urgency.following * left[0].duration.longest


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
