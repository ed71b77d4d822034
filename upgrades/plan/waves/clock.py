"""Moves time on from event to event and gives places to the clusters that wait for one."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from settings.cluster_names import stack_of
from upgrades.windows.placing import DAY

from .ahead import ahead
from .filling import fill
from .last import finish
from .order import leader_of, soak_of, span, takes_turns
from .packing import Task, pack
from .tails import Tails, chain_of
from .under_way import Run, Share, Urgency, due, minutes_left, stretches, that_may_go, way_left
from .values import Schedule, Slot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from upgrades.model.steps import Plan
    from upgrades.windows.openings import Openings
    from upgrades.windows.placing import Placing

    from .filling import Part


_LOOKED_AT = 64
"""Clusters of those that wait among which a place looks for what fills an opening."""


class Clock:
    """Moves time on from event to event; `ready` and `events` are heaps, so n clusters cost n log n."""

    def __init__(  # noqa: PLR0913, PLR0917  # what time works on
        self,
        stacks: dict[str, list[Plan]],
        numbers: dict[str, int],
        behind: dict[str, int],
        concurrency: int,
        placing: Placing,
        urgency: Mapping[int, Urgency],
        known: dict[tuple[str, int, int, int], list[list[list[Part]]]],
    ) -> None:
        """Take what is to be placed; `known` keeps what was planned ahead for other orders that are tried."""
        self.known = known
        self.urgency = urgency
        self.stacks, self.waves, self.behind, self.placing = stacks, numbers, behind, placing
        self.longest = {name: max(map(span, plans)) for name, plans in stacks.items()}
        self.free = concurrency
        self.left = {name: len(plans) for name, plans in stacks.items()}
        self.followers: dict[str, list[str]] = defaultdict(list)
        self.events: list[tuple[int, int, Callable[[int], None]]] = []
        self.ready: list[tuple[float, int, Run]] = []
        self.turns = {name for name, plans in stacks.items() if takes_turns(plans)}
        self.turn: dict[str, Run] = {}
        self.waiting: dict[str, list[Run]] = defaultdict(list)
        self.planned: dict[str, dict[int, list[list[Share]]]] = {}
        self.count = 0
        self.slots: list[Slot] = []

    def run(self) -> Schedule:
        """Place every plan, and return where they came to stand."""
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
            self._await(Run(plan), now)

    def _await(self, run: Run, now: int) -> None:
        """Queue a plan as soon as its next step may begin, if there is a place then."""
        place = self.placing.next_start(run.plan, len(run.starts), run.arrived, now)
        if place > now:
            self._at(place, lambda _: self._wait_for_place(run))
        else:
            self._wait_for_place(run)

    def _wait_for_place(self, run: Run) -> None:
        """Queue a plan by the way still behind it: the rest of its own, and what waits for its stack."""
        stack = stack_of(run.plan.cluster.stack)
        own = self.behind[stack] - self.longest[stack]
        closes = self.placing.openings(run.plan) is not None
        left = way_left(run, self.urgency[self.waves[stack]] if closes else Urgency())
        heapq.heappush(self.ready, (-(own + left), self._next(), run))

    def _start(self, now: int) -> None:
        while self.free and self.ready:
            run = heapq.heappop(self.ready)[2]
            name = stack_of(run.plan.cluster.stack)
            if name in self.turns and self.turn.get(name, run) is not run:
                self.waiting[name].append(run)
                continue
            if self._ahead(run, now):
                continue
            if name not in self.turns and (shares := self._shares(run, now)):
                self.free -= len(shares)
                for parts in shares:
                    self._work(parts, now)
                continue
            if name not in self.turns and (parts := self._filling(run, now)):
                self.free -= 1
                self._work(parts, now)
                continue
            end = self.work_of(run, now)
            if end is None:
                continue  # the window is too short by now
            if name in self.turns:
                self.turn[name] = run
            self.free -= 1
            self._at(end, partial(self._finish, run, now))

    def _ahead(self, run: Run, now: int) -> bool:
        """Work what was planned ahead for this opening, or wait for the next; False where nothing is planned ahead."""
        name = stack_of(run.plan.cluster.stack)
        room = self.placing.left_open(run.plan, now)
        seed = self.urgency[self.waves[name]].ahead
        if not seed or room is None or name in self.turns:
            return False
        waiting = [run, *(item[2] for item in self.ready if item[2].plan.cluster.stack == name)]
        if name not in self.planned:
            self.planned[name] = self._planned(waiting, now, seed)
        shares = self.planned[name].pop(now + room, [])
        if shares and not self._can(shares, waiting, now):  # something came between
            self.planned[name], shares = {}, []
        if not shares:
            if self.planned[name]:
                self._await(run, now + room)
            return bool(self.planned[name])
        self._work_shares(shares, waiting, now, now + room)
        return True

    def _work_shares(self, shares: list[list[Share]], waiting: list[Run], now: int, until: int) -> None:
        """Work what places were given for this opening; what no place has waits until it is over."""
        for parts in shares:
            for one, _, _ in parts:
                one.later += 1
        self._take({id(one) for one in waiting})
        for one in waiting:
            if not one.later:
                self._await(one, until)
        self.free -= len(shares)
        for parts in shares:
            self._work(parts, now)

    def _planned(self, runs: list[Run], now: int, seed: int) -> dict[int, list[list[Share]]]:
        """Return what places work in each opening of a stack, by when it closes; nothing when they do not do for everything."""
        name = stack_of(runs[0].plan.cluster.stack)
        plans = self.stacks[name]
        waits = any(one.starts for one in runs) or len(runs) < len(plans)
        if self.free == 1 or waits or len({id(self.placing.openings(plan)) for plan in plans}) > 1:
            return {}
        tails, rooms, closes = Tails(plans, self.free), list[int](), list[int]()
        for begin, room in self.placing.coming(plans[0], now):
            rooms.append(room)
            closes.append(begin + room)
            if tails.does(rooms):
                break
        key = name, now, self.free, seed
        if key not in self.known:
            chains = [
                chain_of(plan.steps, plan.cluster.follower_days * DAY, self.placing.soak) for plan in plans
            ]
            self.known[key] = ahead(chains, self.free, rooms, seed) if len(rooms) > 1 else []
        of = {id(one.plan): one for one in runs}
        return {
            at: [
                [Share(of[id(plans[part.waiting])], part.steps, at - room + part.begin) for part in parts]
                for parts in shares
            ]
            for at, room, shares in zip(closes, rooms, self.known[key], strict=False)
        }

    def _can(self, shares: list[list[Share]], waiting: list[Run], now: int) -> bool:
        """Tell whether everything that was planned ahead for an opening can begin as planned."""
        steps = Counter[int]()
        for one, count, _ in chain.from_iterable(shares):
            steps[id(one)] += count
        may = {id(one): len(that_may_go(one, self.placing, now)) for one in waiting}
        return len(shares) <= self.free and all(may.get(one, 0) >= count for one, count in steps.items())

    def _shares(self, run: Run, now: int) -> list[list[Share]]:
        """Return what all free places work in an opening, taken out of the queue.

        Nothing when this opening does for all that is left, and no way was found.
        """
        openings = self.placing.openings(run.plan)
        power = self.urgency[self.waves[stack_of(run.plan.cluster.stack)]].packed
        room = self.placing.left_open(run.plan, now) if power and openings else None
        if room is None or self.free <= 1:
            return []
        alike = [item for item in self.ready if self._is_alike(item[2], openings)]
        runs = [run, *(item[2] for item in sorted(alike, key=lambda item: item[:2]))]
        work = sum(minutes_left(one, self.placing.soak) for one in runs)
        idle = min(step.duration.longest - step.duration.expected for one in runs for step in one.plan.steps)
        several = -(-work // (self.free * max(room - idle, 1)))
        tasks = [
            Task(
                minutes_left(one, self.placing.soak),
                that_may_go(one, self.placing, now),
                due(one) if several == 2 else 0,  # noqa: PLR2004  # this opening and the last
            )
            for one in runs
        ]
        if several > 1:
            spare = max((several * self.free * room - work) / (several * self.free), idle)
            parted = pack(tasks, self.free, room, spare, power)
        elif all(
            len(task.steps) == len(one.plan.steps) - len(one.starts)
            for task, one in zip(tasks, runs, strict=True)
        ):
            parted = finish([task.steps for task in tasks], self.free, room)
        else:
            return []
        shares = [
            [Share(runs[part.waiting], part.steps, now + part.begin) for part in parts] for parts in parted
        ]
        taken = Counter(id(one) for parts in shares for one, _, _ in parts)
        self._take({id(item[2]) for item in alike if taken[id(item[2])]})
        for one in runs:
            one.later = taken[id(one)]
        if shares and not taken[id(run)]:
            self._wait_for_place(run)
        return shares

    def _is_alike(self, run: Run, openings: Openings | None) -> bool:
        return (
            self.placing.openings(run.plan) is openings and stack_of(run.plan.cluster.stack) not in self.turns
        )

    def _take(self, taken: set[int]) -> None:
        """Take plans out of the queue, by their ids."""
        self.ready = [item for item in self.ready if id(item[2]) not in taken]
        heapq.heapify(self.ready)

    def _filling(self, run: Run, now: int) -> list[Share]:
        """Return what a place works until the opening closes, taken out of the queue; nothing while that is far off."""
        openings = self.placing.openings(run.plan)
        limit = self.urgency[self.waves[stack_of(run.plan.cluster.stack)]].filled
        room = self.placing.left_open(run.plan, now) if limit and openings else None
        if room is None or room > limit:
            return []
        alike = [
            item for item in heapq.nsmallest(_LOOKED_AT, self.ready) if self._is_alike(item[2], openings)
        ]
        runs = [run, *(item[2] for item in alike)]
        parts = fill([stretches(one, self.placing, now, room) for one in runs])
        if not parts:
            return []
        taken = {id(runs[part.waiting]) for part in parts}
        self._take(taken)
        if id(run) not in taken:
            self._wait_for_place(run)
        return [Share(runs[part.waiting], part.steps, now + part.begin) for part in parts]

    def _work(self, parts: list[Share], now: int) -> None:
        """Work the parts of several plans one after another at one place, which nobody else gets in between."""
        (run, steps, begin), *others = parts
        if begin > now:  # until then the step before it is under way at another place
            self._at(begin, lambda at: self._work(parts, at))
            return
        run.later -= run.later > 0
        end = self.work_of(run, now, steps)

        def over(at: int) -> None:
            self._finish(run, now, at)
            if others:
                self.free -= 1
                self._work(others, at)

        if end is not None:
            self._at(end, over)
        elif others:  # never so, as its latest start is kept; the place is not lost if it were
            self._work(others, now)
        else:
            self.free += 1

    def work_of(self, run: Run, now: int, steps: int | None = None) -> int | None:
        """Take a plan's steps as long as one follows the other, or so many; return when they end, or None when the first has to wait again."""
        end, last = now, len(run.plan.steps) if steps is None else len(run.starts) + steps
        while len(run.starts) < last:
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
            if steps is None and self.ready and self.placing.openings(run.plan) is not None:
                break  # while a window is open, the place goes to whoever has the longest way left
        run.until = end
        return end

    def _finish(self, run: Run, began: int, now: int) -> None:
        self.free += 1
        if run.until > now:
            return  # another place went on with it in this minute
        name = stack_of(run.plan.cluster.stack)
        left = run.plan.steps[len(run.starts) :]
        if name in self.turns and not (
            left and not left[0].wait_days
        ):  # one rollout, and its windows, to the end
            self.turn.pop(name)
            for other in self.waiting.pop(name, []):
                self._await(other, now)
        if left:
            if not run.later:
                self._await(run, now)
            return
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
