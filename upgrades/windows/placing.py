"""Where a step may begin: inside its cluster's window, and when what its target runs has proven itself for those who follow."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from .closed import closed_by
from .openings import WITHOUT_END, Openings, minute_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from upgrades.model.steps import Plan, Step

DAY = 24 * 60
"""Minutes of a day."""
_SHORT = DAY // 2
"""Minutes of a wait inside a rollout that is worth taking before it."""
_FEW = 8
"""Windows of different stacks whose union is still worth working out for a bound."""


def _proven(plan: Plan, step: Step, arrived: Mapping[str, int]) -> int:
    """Return the minute from which what a step's target runs has proven itself."""
    if step.target in arrived:
        return arrived[step.target] + plan.cluster.follower_days * DAY
    return plan.cluster.hold_days.get(step.target, 0) * DAY


class Placing:
    """Places steps on a clock of minutes from `begin`; without a begin there are no windows."""

    def __init__(self, begin: datetime | None, soak: int = 0) -> None:
        """Take the moment of minute 0, and the minutes to soak after each step."""
        self.begin, self.soak = begin, soak
        self._origin = minute_of(begin) if begin else 0
        self._openings: dict[int, Openings | None] = {}
        self._alike: dict[str, Openings | None] = {}

    def next_start(self, plan: Plan, index: int, arrived: Mapping[str, int], now: int) -> int:
        """Return the first minute, from `now` on, at which a plan's step may begin; `now` when no step is left.

        `arrived` are the minutes at which targets got the version they run. Raises ValueError when no opening is long enough.
        """
        if index == len(plan.steps):
            return now
        return self.fit(plan, plan.steps[index], max(now, self.held(plan, index, arrived)))

    def held(self, plan: Plan, index: int, arrived: Mapping[str, int]) -> int:
        """Return until when a step is held, so that what its target runs has proven itself.

        Short waits for the steps that follow it without days between are taken before it: one rollout does them all.
        """
        held = _proven(plan, plan.steps[index], arrived)
        if not plan.cluster.follower_days or (index and not plan.steps[index].wait_days):
            return held
        first, offset = held, 0
        for step, following in pairwise(plan.steps[index:]):
            if following.wait_days:
                break
            offset += step.duration.expected + self.soak
            wanted = _proven(plan, following, arrived) - offset
            if wanted <= first + _SHORT:
                held = max(held, wanted)
        return held

    def fit(self, plan: Plan, step: Step, minute: int) -> int:
        """Return the first minute, from one on, at which a step fits. Raises ValueError when there is none."""
        openings, maintenance = self.openings(plan), plan.cluster.maintenance
        if openings is None or maintenance is None or self.begin is None:
            return minute
        found = openings.fit(self._origin + minute, step.duration.longest)
        if found is None:
            why, remedy = closed_by(maintenance, self.begin.date())
            raise ValueError(
                f"{step.title}: fits into no opening of the stack's `upgrades` window in the coming years: {why}; {remedy}"
            )
        return found - self._origin

    def last_fit(self, plan: Plan, step: Step, minute: int) -> int | None:
        """Return the last minute, up to one, at which a step fits; None when that is before the beginning."""
        openings = self.openings(plan)
        longest = step.duration.longest
        if openings is None:
            return minute if minute >= 0 else None
        found = openings.last_fit(self._origin + minute + longest, longest)
        return None if found is None or found < self._origin else found - self._origin

    def left_open(self, plan: Plan, minute: int) -> int | None:
        """Return for how many minutes a cluster's window is still open at one; None where it is closed or there is none."""
        openings = self.openings(plan)
        closes = openings.closes(self._origin + minute) if openings else None
        return None if closes is None else closes - self._origin - minute

    def coming(self, plan: Plan, minute: int) -> Iterator[tuple[int, int]]:
        """Yield the openings of a plan's cluster from a minute on: when each begins, and its minutes. Nothing where there is no window."""
        openings, now = self.openings(plan), self._origin + minute
        while openings and (begin := openings.fit(now, 1)) is not None:
            closes = openings.closes(begin)
            if closes is None:
                return
            yield begin - self._origin, closes - begin
            now = closes

    def openings(self, plan: Plan) -> Openings | None:
        """Return the openings of a plan's cluster; None when it takes upgrades at any time."""
        maintenance = plan.cluster.maintenance
        if maintenance is None or self.begin is None:
            return None
        key = id(maintenance)
        if key not in self._openings:
            # Stacks that say the same share their openings, however many there are.
            written = maintenance.model_dump_json(include={"upgrades", "not_allowed"})
            if written not in self._alike:
                always = maintenance.upgrades is None and not maintenance.not_allowed
                self._alike[written] = None if always else Openings(maintenance, self.begin)
            self._openings[key] = self._alike[written]
        return self._openings[key]

    def end_alone(self, plan: Plan, released: int) -> int:
        """Return when a plan would end if no other took a place."""
        arrived: dict[str, int] = {}
        now = released
        for index, step in enumerate(plan.steps):
            now = self.next_start(plan, index, arrived, now) + step.duration.expected
            arrived[step.target] = now
            now += self.soak if index + 1 < len(plan.steps) else 0
        return now

    def worked_off(self, plans: Sequence[Plan], places: int, released: int) -> int:
        """Return when the work of some plans is done at the earliest, if every place works whenever a window is open."""
        work = sum(plan.duration.expected for plan in plans)
        several = {id(found): found for found in map(self.openings, plans)}
        if None in several.values() or len(several) > _FEW or not work:
            return released + -(-work // places)
        # The last step of a place in an opening begins early enough for its longest, so the rest of the opening goes
        # unused; every place in every opening has a last step of its own, at best those with the smallest rests.
        rests = sorted(
            step.duration.longest - step.duration.expected for plan in plans for step in plan.steps
        )
        now, taken = self._origin + released, 0
        openings = [found for found in several.values() if found]
        while True:
            begin = min((at for one in openings if (at := one.fit(now, 1)) is not None), default=now)
            end = max((at for one in openings if (at := one.closes(begin)) is not None), default=WITHOUT_END)
            unused = sum(min(rest, end - begin) for rest in rests[taken : taken + places])
            room = (end - begin) * places - unused
            if room >= work or taken >= len(rests):
                return begin + max(work, 0) // places - self._origin
            work, now, taken = work - room, end, taken + places
