"""Shares a whole opening out among several places: what each place works, so that little of it stays idle.

Each place ends with a step that needs little time beside the expected, as late as that may begin. To hit that minute, a plan may be
worked in two parts: the later one at the end of one place, the earlier one first thing at the next place, over before the later
one begins (McNaughton's wrap-around rule, 1959). Before that comes at most one other plan. So few plans go to each place, and those that
have most left go on most, which leaves enough of them for the openings that follow.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from .filling import Part, Stretch, fill

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_AROUND = 25
"""Minutes before its latest start at which a place's last plan may begin, and by how much more than `idle` its last step may need."""
_DUE = 60
"""What it counts, in minutes, that a plan gets as far as it should."""
_LOOKED_AT = 64
"""Plans among which a place looks."""


class Task(NamedTuple):
    """What is left of a plan: the minutes of all of it, and its next steps that this opening may take, as (expected, longest).

    `due` are how many of them this opening should take, so that those after them are not held up in the last opening.
    """

    left: int
    steps: tuple[tuple[int, int], ...]
    due: int = 0


class _Found(NamedTuple):
    """A way to end a place: `task` from step `early` to `until`, beginning at `start`, after some steps of `before`."""

    score: float
    task: int
    early: int
    until: int
    start: int
    before: Part | None


def pack(tasks: Sequence[Task], places: int, room: int, idle: float, power: float) -> list[list[Part]]:
    """Return for each place, in order, what it works.

    A plan that two places work is the last of one place, and the first of the next, whose part of it comes earlier. `idle` are the
    minutes of a place that may stay idle at its end, `power` how much more a plan counts that has more left.
    """
    return _Opening(tasks, room, idle, power).shared(places)


class _Opening:
    def __init__(self, tasks: Sequence[Task], room: int, idle: float, power: float) -> None:
        self.tasks, self.room, self.idle, self.power = tasks, room, idle, power
        order = sorted(range(len(tasks)), key=lambda one: (not tasks[one].due, -tasks[one].left))
        self.free = [one for one in order if tasks[one].steps]
        self.stretches = [list(_stretches(task.steps, 0, room)) for task in tasks]
        self.passed = [(0, *accumulate(minutes for minutes, _ in task.steps)) for task in tasks]
        self.closing = [
            list(self._closing(task, len(fit))) for task, fit in zip(tasks, self.stretches, strict=True)
        ]
        self.worth = [
            [
                self._worth(task.left, task.left - m) + (_DUE if 0 < task.due <= steps else 0)
                for steps, m in enumerate(passed)
            ]
            for task, passed in zip(tasks, self.passed, strict=True)
        ]

    def shared(self, places: int) -> list[list[Part]]:
        """Return what each place works."""
        found: list[list[Part]] = []
        carried: Part | None = None
        for place in range(places):
            begin = self.passed[carried.waiting][carried.steps] if carried else 0
            parts = [carried] if carried else []
            carried = None
            best = self._best(begin, split=place < places - 1)
            if best and best.start + self._minutes(best) >= self.room - 1.5 * self.idle:
                if best.before:
                    parts.append(best.before)
                    self.free.remove(best.before.waiting)
                parts.append(Part(best.task, best.until - best.early))
                self.free.remove(best.task)
                carried = Part(best.task, best.early) if best.early else None
            else:
                parts += self._filled(begin)
            found.append(parts)
        return [parts for parts in found if parts]

    def _minutes(self, found: _Found) -> int:
        passed = self.passed[found.task]
        return passed[found.until] - passed[found.early]

    def _filled(self, begin: int) -> list[Part]:
        """Return whole parts only, those that fill best whatever remains for others."""
        waiting = [[Stretch(m, at - begin) for m, at in self.stretches[one]] for one in self.free]
        parts = [Part(self.free[part.waiting], part.steps) for part in fill(waiting)]
        for part in parts:
            self.free.remove(part.waiting)
        return parts

    def _closing(self, task: Task, fitting: int) -> Iterator[tuple[int, int, int, int]]:
        """Yield the parts of a plan that may end a place: from which step, until which, their minutes, and the latest start."""
        for early in range(min(fitting + 1, len(task.steps))):
            for until, (minutes, latest) in enumerate(
                _stretches(task.steps, early, self.room), start=early + 1
            ):
                expected, longest = task.steps[until - 1]
                if longest - expected <= self.idle + _AROUND:
                    yield early, until, minutes, latest

    def _worth(self, left: int, after: int) -> float:
        return ((left / 1000) ** self.power - (after / 1000) ** self.power) * 200 / self.power

    def _best(self, begin: int, *, split: bool) -> _Found | None:
        looked_at = self.free[:_LOOKED_AT]
        before = self._before(begin, looked_at)
        most = _most(before)
        best: _Found | None = None
        for one in looked_at:
            passed, worth = self.passed[one], self.worth[one]
            for early, until, minutes, latest in self.closing[one]:
                # The earlier part is over at the next place before the later one begins at this.
                first = passed[early] + 1 if early else 0
                if (early and not split) or latest < first:
                    continue
                if best:
                    idle = self.room - latest - minutes
                    gain = max(most.get(latest // _AROUND, 0), most.get(latest // _AROUND - 1, 0))
                    if worth[until] + gain - max(0, idle - self.idle) - idle / 2 <= best.score:
                        continue
                for start in range(max(first, latest - _AROUND), latest + 1):
                    for gain, other in before.get(start, ()):
                        if other is None or other.waiting != one:
                            idle = self.room - start - minutes
                            score = worth[until] + gain - max(0, idle - self.idle) - idle / 2
                            if best is None or score > best.score:
                                best = _Found(score, one, early, until, start, other)
                            break
        return best

    def _before(self, begin: int, looked_at: Sequence[int]) -> dict[int, list[tuple[float, Part | None]]]:
        """Return for each minute what a place may have worked by then: the two best ways, of different plans."""
        ways: dict[int, list[tuple[float, Part | None]]] = {begin: [(0.0, None)]}
        for one in looked_at:
            for steps, (minutes, latest) in enumerate(self.stretches[one], start=1):
                if latest < begin:
                    break
                ways.setdefault(begin + minutes, []).append((self.worth[one][steps], Part(one, steps)))
        return {at: sorted(found, key=lambda way: -way[0])[:2] for at, found in ways.items()}


def _most(before: Mapping[int, Sequence[tuple[float, Part | None]]]) -> dict[int, float]:
    """Return the most that any way counts, by spans of `_AROUND` minutes: most of the ends need not be looked at then."""
    found: dict[int, float] = {}
    for at, ways in before.items():
        found[at // _AROUND] = max(found.get(at // _AROUND, 0), ways[0][0])
    return found


def _stretches(steps: Sequence[tuple[int, int]], first: int, room: int) -> Iterator[Stretch]:
    minutes = needed = 0
    for expected, longest in steps[first:]:
        needed = max(needed, minutes + longest)
        minutes += expected
        if needed > room:
            return
        yield Stretch(minutes, room - needed)
