"""When each cluster's plan runs: stacks after the stack they follow and its soak, at most so many clusters at once.

Clusters that are ready start in the order of the longest way still behind them, which keeps the whole rollout short. With
a start in the calendar every step is placed inside the cluster's own window; between two windows, and while a version
proves itself for those who follow, a cluster takes no place of another.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from .windows.placing import DAY, Placing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date, datetime

    from .fleet import Plan


URGENCIES = ((0.0, 0.0), (0.5, 0.0), (3.0, 10.0), (0.0, 4.0))
"""How much it counts, where windows close, that a cluster's steps may take long: all that are left, and the next one.

Which order packs windows best depends on the fleet, so each is tried, and the shortest rollout is kept."""
FEW = 1000
"""Plans up to which every order is tried; with more, one order is as good as another."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a cluster has to have left what it runs: the first support that ends, of what, and the last start in time.

    `latest` is None when no start would be in time; `late` says which steps come too late as they are placed.
    """

    ends: date
    what: str
    latest: datetime | None
    late: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """One cluster's plan with its wave (counted from 1), and when each of its steps starts.

    Times are minutes from the start of the rollout. Between the legs of a plan the cluster takes no place of another.
    """

    plan: Plan
    wave: int
    start: int
    end: int
    starts: tuple[int, ...] = ()
    deadline: Deadline | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """The slots in the order in which they start; `begin` is the moment of minute 0 (None: not placed in the calendar)."""

    slots: tuple[Slot, ...]
    begin: datetime | None = None

    @property
    def makespan(self) -> int:
        """Minutes from the first start to the last end, soak times between included."""
        return max((slot.end for slot in self.slots), default=0)

    @property
    def too_late(self) -> bool:
        """Tell whether some step comes after the support of what it leaves has ended."""
        return any(slot.deadline and slot.deadline.late for slot in self.slots)

    def moment(self, minute: int) -> datetime | None:
        """Return the moment of a minute; None when the schedule is not placed in the calendar."""
        return self.begin + timedelta(minutes=minute) if self.begin else None


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
    behind = _longest_way(stacks, numbers, concurrency)
    windowed = len(plans) <= FEW and any(map(placing.openings, plans))
    tried = [
        _Clock(stacks, numbers, behind, concurrency, placing, urgency).run()
        for urgency in (URGENCIES if windowed else URGENCIES[:1])
    ]
    return min(tried, key=lambda one: one.makespan)


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
        ends[name] = max(alone, placing.worked_off(stacks[name], concurrency, released))
    return max([*ends.values(), placing.worked_off(plans, concurrency, 0)], default=0)


def by_stack(plans: Iterable[Plan]) -> dict[str, list[Plan]]:
    """Group plans by their stack."""
    stacks: dict[str, list[Plan]] = defaultdict(list)
    for plan in plans:
        stacks[plan.cluster.stack].append(plan)
    return stacks


def leader_of(stacks: dict[str, list[Plan]], name: str) -> str | None:
    """Return the stack that this one follows, when it is part of the rollout."""
    follows = stacks[name][0].cluster.follows
    return follows if follows in stacks else None


def soak_of(stacks: dict[str, list[Plan]], name: str) -> int:
    """Return the minutes that a stack waits after the one it follows."""
    return max(plan.cluster.soak_days for plan in stacks[name]) * DAY


def _odd(moment: datetime) -> bool:
    return bool(moment.second or moment.microsecond)


def _span(plan: Plan) -> int:
    """Return the minutes from a plan's first step to its end, the days between its legs included."""
    return _work(plan) + sum(step.wait_days for step in plan.steps[1:]) * DAY


def _work(plan: Plan) -> int:
    return sum(step.duration.expected for step in plan.steps)


def waves(stacks: dict[str, list[Plan]]) -> dict[str, int]:
    """Return the wave of each stack, counted from 1. Raises ValueError when stacks follow one another in a circle."""
    found: dict[str, int] = {}
    for name in stacks:
        chain = [name]
        while chain[-1] not in found and (leader := leader_of(stacks, chain[-1])) is not None:
            if leader in chain:
                circle = " follows ".join([*chain[chain.index(leader) :], leader])
                raise ValueError(
                    f"{circle}: no stack could go first; end the circle in one stack's promotion.follows"
                )
            chain.append(leader)
        known = found.get(chain[-1], 1)
        for place, member in enumerate(reversed(chain)):
            found[member] = known + place
    return found


def _longest_way(stacks: dict[str, list[Plan]], numbers: dict[str, int], concurrency: int) -> dict[str, int]:
    """Return for each stack the fewest minutes from its start to the end of everything that waits for it."""
    after: dict[str, int] = defaultdict(int)
    longest: dict[str, int] = {}
    for name in sorted(stacks, key=lambda stack: -numbers[stack]):
        work = sum(map(_work, stacks[name]))
        longest[name] = max(*map(_span, stacks[name]), -(-work // concurrency)) + after[name]
        leader = leader_of(stacks, name)
        if leader is not None:
            after[leader] = max(after[leader], soak_of(stacks, name) + longest[name])
    return longest


@dataclass(slots=True)
class _Run:
    """A plan under way: when the steps so far began, and when each target got what it runs."""

    plan: Plan
    starts: list[int] = field(default_factory=list[int])
    arrived: dict[str, int] = field(default_factory=dict[str, int])


class _Clock:
    """Moves time on from event to event; `ready` and `events` are heaps, so n clusters cost n log n."""

    def __init__(  # noqa: PLR0913, PLR0917  # what time works on
        self,
        stacks: dict[str, list[Plan]],
        numbers: dict[str, int],
        behind: dict[str, int],
        concurrency: int,
        placing: Placing,
        urgency: tuple[float, float],
    ) -> None:
        self.urgency = urgency
        self.stacks, self.waves, self.behind, self.placing = stacks, numbers, behind, placing
        self.longest = {name: max(map(_span, plans)) for name, plans in stacks.items()}
        self.free = concurrency
        self.left = {name: len(plans) for name, plans in stacks.items()}
        self.followers: dict[str, list[str]] = defaultdict(list)
        self.events: list[tuple[int, int, Callable[[int], None]]] = []
        self.ready: list[tuple[float, int, _Run]] = []
        self.count = 0
        self.slots: list[Slot] = []

    def run(self) -> Schedule:
        for name in self.stacks:
            leader = leader_of(self.stacks, name)
            if leader is None:
                self._release(name)
            else:
                self.followers[leader].append(name)
        self._start(0)
        while self.events:
            now = self.events[0][0]
            while self.events and self.events[0][0] == now:
                heapq.heappop(self.events)[2](now)
            self._start(now)
        return Schedule(tuple(sorted(self.slots, key=lambda slot: slot.start)), self.placing.begin)

    def _release(self, name: str, now: int = 0) -> None:
        """Let the clusters of a stack start, each when its first step may."""
        for plan in self.stacks[name]:
            self._await(_Run(plan), now)

    def _await(self, run: _Run, now: int) -> None:
        """Queue a plan as soon as its next step may begin, if there is a place then."""
        place = self.placing.next_start(run.plan, len(run.starts), run.arrived, now)
        if place > now:
            self._at(place, lambda _: self._wait_for_place(run))
        else:
            self._wait_for_place(run)

    def _wait_for_place(self, run: _Run) -> None:
        """Queue a plan by the way still behind it: the rest of its own, and what waits for its stack."""
        stack = run.plan.cluster.stack
        own = self.behind[stack] - self.longest[stack]
        left = run.plan.steps[len(run.starts) :]
        rest = sum(step.duration.expected for step in left) + sum(step.wait_days for step in left[1:]) * DAY
        urgent = 0.0
        if left and any(self.urgency) and self.placing.openings(run.plan) is not None:
            every, following = self.urgency
            urgent = every * sum(step.duration.longest - step.duration.expected for step in left)
            urgent += following * left[0].duration.longest
        heapq.heappush(self.ready, (-(own + rest + urgent), self._next(), run))

    def _start(self, now: int) -> None:
        while self.free and self.ready:
            run = heapq.heappop(self.ready)[2]
            end = self._work(run, now)
            if end is None:
                continue  # the window is too short by now
            self.free -= 1
            self._at(end, partial(self._finish, run, now))

    def _work(self, run: _Run, now: int) -> int | None:
        """Take a plan's steps as long as one follows the other; return when, or None when the first has to wait again."""
        end = now
        while len(run.starts) < len(run.plan.steps):
            step = run.plan.steps[len(run.starts)]
            begins = self.placing.next_start(run.plan, len(run.starts), run.arrived, end)
            if begins > end:
                if end > now:
                    break
                self._at(begins, lambda _: self._wait_for_place(run))
                return None
            run.starts.append(begins)
            run.arrived[step.target] = begins + step.duration.expected
            more = len(run.starts) < len(run.plan.steps)
            end = begins + step.duration.expected + (self.placing.soak if more else 0)
            if self.ready and self.placing.openings(run.plan) is not None:
                break  # while a window is open, the place goes to whoever has the longest way left
        return end

    def _finish(self, run: _Run, began: int, now: int) -> None:
        self.free += 1
        if len(run.starts) < len(run.plan.steps):
            self._await(run, now)
            return
        name = run.plan.cluster.stack
        start = run.starts[0] if run.starts else began
        self.slots.append(Slot(run.plan, self.waves[name], start, now, tuple(run.starts)))
        self.left[name] -= 1
        if not self.left[name]:
            for follower in self.followers[name]:
                self._at(
                    now + soak_of(self.stacks, follower),
                    lambda at, follower=follower: self._release(follower, at),
                )

    def _at(self, moment: int, what: Callable[[int], None]) -> None:
        heapq.heappush(self.events, (moment, self._next(), what))

    def _next(self) -> int:
        self.count += 1
        return self.count


def in_waves(slots: Iterable[Slot]) -> dict[int, list[Slot]]:
    """Group slots by wave, waves in order."""
    waves: dict[int, list[Slot]] = defaultdict(list)
    for slot in slots:
        waves[slot.wave].append(slot)
    return dict(sorted(waves.items()))
