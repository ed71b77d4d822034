"""When each cluster's plan runs: stacks after the stack they follow and its soak, at most so many clusters at once.

Clusters that are ready start in the order of the longest way still behind them, which keeps the whole rollout short.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .fleet import Plan, Step

DAY = 24 * 60
"""Minutes of a day."""


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


@dataclass(frozen=True, slots=True)
class Schedule:
    """The slots in the order in which they start."""

    slots: tuple[Slot, ...]

    @property
    def makespan(self) -> int:
        """Minutes from the first start to the last end, soak times between included."""
        return max((slot.end for slot in self.slots), default=0)


def schedule(plans: Sequence[Plan], concurrency: int = 1) -> Schedule:
    """Place the plans in time.

    Raises ValueError when stacks follow one another in a circle, or when `concurrency` is below 1.
    """
    if concurrency < 1:
        raise ValueError(
            f"concurrency {concurrency}: at least one cluster has to be under way; write 1 or more"
        )
    stacks: dict[str, list[Plan]] = defaultdict(list)
    for plan in plans:
        stacks[plan.cluster.stack].append(plan)
    waves = _waves(stacks)
    behind = _longest_way(stacks, waves, concurrency)
    return _Clock(stacks, waves, behind, concurrency).run()


def lower_bound(plans: Sequence[Plan], concurrency: int) -> int:
    """Return the minutes that no order can beat: the longest chain of stacks, or the work over the concurrency.

    A stack of the chain takes at least its longest cluster, and at least its work over the concurrency.
    """
    stacks: dict[str, list[Plan]] = defaultdict(list)
    for plan in plans:
        stacks[plan.cluster.stack].append(plan)
    chain = max(_longest_way(stacks, _waves(stacks), concurrency).values(), default=0)
    work = sum(plan.duration.expected for plan in plans)
    return max(chain, -(-work // concurrency))


def _leader(stacks: dict[str, list[Plan]], name: str) -> str | None:
    """Return the stack that this one follows, when it is part of the rollout."""
    follows = stacks[name][0].cluster.follows
    return follows if follows in stacks else None


def _soak(stacks: dict[str, list[Plan]], name: str) -> int:
    return max(plan.cluster.soak_days for plan in stacks[name]) * DAY


def _span(plan: Plan) -> int:
    """Return the minutes from a plan's first step to its end, the days between its legs included."""
    return plan.duration.expected + sum(step.wait_days for step in plan.steps[1:]) * DAY


def _waves(stacks: dict[str, list[Plan]]) -> dict[str, int]:
    waves: dict[str, int] = {}
    for name in stacks:
        chain = [name]
        while chain[-1] not in waves and (leader := _leader(stacks, chain[-1])) is not None:
            if leader in chain:
                circle = " follows ".join([*chain[chain.index(leader) :], leader])
                raise ValueError(
                    f"{circle}: no stack could go first; end the circle in one stack's promotion.follows"
                )
            chain.append(leader)
        known = waves.get(chain[-1], 1)
        for place, member in enumerate(reversed(chain)):
            waves[member] = known + place
    return waves


def _longest_way(stacks: dict[str, list[Plan]], waves: dict[str, int], concurrency: int) -> dict[str, int]:
    """Return for each stack the fewest minutes from its start to the end of everything that waits for it."""
    after: dict[str, int] = defaultdict(int)
    longest: dict[str, int] = {}
    for name in sorted(stacks, key=lambda stack: -waves[stack]):
        work = sum(plan.duration.expected for plan in stacks[name])
        longest[name] = max(*map(_span, stacks[name]), -(-work // concurrency)) + after[name]
        leader = _leader(stacks, name)
        if leader is not None:
            after[leader] = max(after[leader], _soak(stacks, name) + longest[name])
    return longest


@dataclass(slots=True)
class _Run:
    """A plan under way: the legs still to do, and when the steps so far began."""

    plan: Plan
    legs: list[tuple[Step, ...]]
    starts: list[int]


class _Clock:
    """Moves time on from event to event; `ready` and `events` are heaps, so n clusters cost n log n."""

    def __init__(
        self, stacks: dict[str, list[Plan]], waves: dict[str, int], behind: dict[str, int], concurrency: int
    ) -> None:
        self.stacks, self.waves, self.behind = stacks, waves, behind
        self.longest = {name: max(map(_span, plans)) for name, plans in stacks.items()}
        self.free = concurrency
        self.left = {name: len(plans) for name, plans in stacks.items()}
        self.followers: dict[str, list[str]] = defaultdict(list)
        self.events: list[tuple[int, int, Callable[[int], None]]] = []
        self.ready: list[tuple[int, int, _Run]] = []
        self.count = 0
        self.slots: list[Slot] = []

    def run(self) -> Schedule:
        for name in self.stacks:
            leader = _leader(self.stacks, name)
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
        return Schedule(tuple(sorted(self.slots, key=lambda slot: slot.start)))

    def _release(self, name: str, now: int = 0) -> None:
        """Let the clusters of a stack start, each after what is left of its own days."""
        for plan in self.stacks[name]:
            run = _Run(plan, list(plan.legs), [])
            if plan.steps and (days := plan.steps[0].wait_days):
                self._at(now + days * DAY, lambda _, run=run: self._wait_for_place(run))
            else:
                self._wait_for_place(run)

    def _wait_for_place(self, run: _Run) -> None:
        """Queue a plan by the way still behind it: the rest of its own, and what waits for its stack."""
        stack = run.plan.cluster.stack
        own = self.behind[stack] - self.longest[stack]
        rest = sum(
            step.duration.expected + (step.wait_days * DAY if leg else 0)
            for leg, steps in enumerate(run.legs)
            for step in steps
        )
        heapq.heappush(self.ready, (-(own + rest), self._next(), run))

    def _start(self, now: int) -> None:
        while self.free and self.ready:
            run = heapq.heappop(self.ready)[2]
            self.free -= 1
            end = now
            for step in run.legs.pop(0) if run.legs else ():
                run.starts.append(end)
                end += step.duration.expected
            self._at(end, partial(self._finish, run, now))

    def _finish(self, run: _Run, began: int, now: int) -> None:
        self.free += 1
        if run.legs:
            days = run.legs[0][0].wait_days
            self._at(now + days * DAY, lambda _: self._wait_for_place(run))
            return
        name = run.plan.cluster.stack
        start = run.starts[0] if run.starts else began
        self.slots.append(Slot(run.plan, self.waves[name], start, now, tuple(run.starts)))
        self.left[name] -= 1
        if not self.left[name]:
            for follower in self.followers[name]:
                self._at(
                    now + _soak(self.stacks, follower),
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
