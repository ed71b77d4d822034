"""When a cluster has to begin, so that it has left each version before the support of that version ends.

Reckoned backwards from each end of support through the windows and the soaks, with every step at its longest, and through
those who follow: a stack has to be done the days of their soak before they have to begin.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from upgrades.windows.openings import minute_of
from upgrades.windows.placing import DAY, Placing

from .order import by_stack, leader_of, soak_of, waves
from .values import Deadline, Schedule, Slot

if TYPE_CHECKING:
    from datetime import date

    from secure_aks_lifecycle.facts.catalog import Catalog
    from secure_aks_lifecycle.versions.version import Version

    from upgrades.model.clusters import Cluster
    from upgrades.model.steps import Plan

NEVER = 2**60
"""A minute that is later than every other."""


def with_deadlines(made: Schedule, catalog: Catalog, soak: int = 0) -> Schedule:
    """Return a schedule whose slots say when they have to begin. It has to be placed in the calendar."""
    if made.begin is None:
        return made
    reckoner = _Reckoner(made.begin, catalog, Placing(made.begin, soak))
    stacks = by_stack(slot.plan for slot in made.slots)
    numbers = waves(stacks)
    bounds: dict[str, int] = defaultdict(lambda: NEVER)
    latest: dict[int, int] = {}
    for name in sorted(stacks, key=lambda stack: -numbers[stack]):
        for plan in stacks[name]:
            latest[id(plan)] = reckoner.latest_start(plan, bounds[name])
        leader = leader_of(stacks, name)
        if leader is not None:
            first = min(latest[id(plan)] for plan in stacks[name])
            bounds[leader] = min(bounds[leader], first - soak_of(stacks, name))
    slots = tuple(
        replace(slot, deadline=reckoner.deadline(slot, latest[id(slot.plan)])) for slot in made.slots
    )
    return replace(made, slots=slots)


@dataclass(frozen=True, slots=True)
class _Reckoner:
    """Minutes from the beginning of a schedule, backwards from the ends of support."""

    begin: datetime
    catalog: Catalog
    placing: Placing

    def latest_start(self, plan: Plan, bound: int) -> int:
        """Return the last minute at which a plan may begin; NEVER when nothing ends, below 0 when it is too late by now."""
        following = bound
        of_target: dict[str, int] = {}
        for step in reversed(plan.steps):
            proven = plan.cluster.follower_days * DAY if step.target in of_target else 0
            ends = min(following - self.placing.soak, of_target.get(step.target, NEVER) - proven)
            limit = min(
                ends - step.duration.expected,
                self._ends(plan.cluster, step.before) - step.duration.longest,
            )
            if limit >= NEVER // 2:
                continue
            found = self.placing.last_fit(plan, step, limit)
            if found is None:
                return -1
            following = of_target[step.target] = found
        return following

    def deadline(self, slot: Slot, latest: int) -> Deadline | None:
        """Return the deadline of a placed plan; None when nothing it leaves has an end that is known."""
        cluster = slot.plan.cluster
        ends = {step.before: self._last_day(cluster, step.before) for step in slot.plan.steps}
        known = {version: day for version, day in ends.items() if day is not None}
        if not known:
            return None
        version = min(known, key=lambda one: (known[one], one))
        late: list[str] = []
        for step, start in zip(slot.plan.steps, slot.starts, strict=True):
            day = known.get(step.before)
            over = self.begin + timedelta(minutes=start + step.duration.longest)
            if day is not None and over > _end_of(day):
                late.append(
                    f"{step.target} leaves {step.before} on {over.astimezone(UTC):%Y-%m-%d}, and its support ends on {day}"
                )
        moment = None if latest < 0 else self.begin + timedelta(minutes=min(latest, 10**8))
        return Deadline(known[version], str(version), moment, tuple(late))

    def _ends(self, cluster: Cluster, version: Version) -> int:
        day = self._last_day(cluster, version)
        return NEVER if day is None else minute_of(_end_of(day)) - minute_of(self.begin)

    def _last_day(self, cluster: Cluster, version: Version) -> date | None:
        support = self.catalog.support(version, self.begin.date(), lts=cluster.lts)
        return None if support.newer else support.ends


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), UTC)
