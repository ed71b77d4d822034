"""Works all that an opening is to take: the last, where nothing may stay for another, or one that was planned ahead.

It is worked from the end of the opening backwards. Forwards the minutes before the close are short, since few steps may be under way
there, and whoever comes to them with the wrong steps leaves places idle. Backwards those steps are placed first, each as soon as it may be
under way, no place idles while there is something for it, and what has to come out even is the beginning, where every step may stand.
"""

from __future__ import annotations

import heapq
import math
import random
from typing import TYPE_CHECKING, NamedTuple

from .filling import Part

if TYPE_CHECKING:
    from collections.abc import Sequence

_TRIES = 6000
"""Orders that are tried; the draws have a fixed seed, so the same is found each time."""
_FIRST, _HOPELESS = 250, 60
"""Orders after which no more are tried when the steps of the best would begin too early by so many minutes in all."""
_APART = 20.0
"""Minutes by which a step is moved in the order in one try, at most."""
_HEAT = 0.2
"""How many minutes a try may be worse than the last one that it is still likely to be kept."""


class _Worked(NamedTuple):
    """What came of an order: minutes by which steps begin before the opening, whose they are, and (end, place, plan) of each step.

    Minutes count backwards from the close.
    """

    early: int
    whose: list[int]
    log: list[tuple[int, int, int]]


def finish(tasks: Sequence[Sequence[tuple[int, int]]], places: int, room: int) -> list[list[Part]]:
    """Return for each place, in order, what it works so that all steps, (expected, longest), are over; nothing when no way was found.

    Backwards from the close, whenever a place is free, the plan that has most left takes the step before. While some begin before
    the opening, one step at a time is moved up or down in that order, and what makes it worse is taken back.
    """
    backwards = [[(expected, max(longest - expected, 0)) for expected, longest in t[::-1]] for t in tasks]
    order = [_ranks(steps) for steps in backwards]
    some = [one for one, steps in enumerate(backwards) if steps]
    draw = random.Random(1)  # noqa: S311  # an order, no secret
    found = _worked(backwards, order, places, room)
    best = found.early
    for number in range(_TRIES):
        if not found.early:
            return _parts(tasks, found.log, places, room)
        if number >= _FIRST and best > _HOPELESS:
            break
        one = draw.choice(found.whose if draw.random() < 0.25 else some)  # noqa: PLR2004  # a throw
        step, before = draw.randrange(len(order[one])), order[one]
        order[one] = [*before[:step], before[step] + draw.uniform(-_APART, _APART), *before[step + 1 :]]
        tried = _worked(backwards, order, places, room)
        if tried.early <= found.early or draw.random() < math.exp((found.early - tried.early) / _HEAT):
            found, best = tried, min(best, tried.early)
        else:
            order[one] = before
    return []


def _ranks(steps: Sequence[tuple[int, int]]) -> list[float]:
    """Return for each step what is left from it on, as a rank: the most first."""
    left, found = 0, list[float]()
    for expected, _ in reversed(steps):
        left += expected
        found.append(-float(left))
    return found[::-1]


def _worked(
    tasks: Sequence[Sequence[tuple[int, int]]], order: Sequence[Sequence[float]], places: int, room: int
) -> _Worked:
    """Return what comes of it when a place that is free takes, of the plans that may, the next step of the first in the order."""
    done = [0] * len(tasks)
    held = [(steps[0][1], one) for one, steps in enumerate(tasks) if steps]
    heapq.heapify(held)
    waiting: list[tuple[float, int]] = []
    busy: list[tuple[int, int, int]] = []
    free, now, early = list(range(places)), 0, 0
    whose, log = list[int](), list[tuple[int, int, int]]()
    while True:
        while held and held[0][0] <= now:
            one = heapq.heappop(held)[1]
            heapq.heappush(waiting, (order[one][done[one]], one))
        while free and waiting:
            place, one = free.pop(), heapq.heappop(waiting)[1]
            begin = now + tasks[one][done[one]][0]
            done[one] += 1
            log.append((now, place, one))
            heapq.heappush(busy, (begin, place, one))
            if begin > room:
                early += begin - room
                whose.append(one)
        if not busy and not held:
            return _Worked(early, whose, log)
        now = min([busy[0][0]] if busy else [], default=held[0][0] if held else now)
        if free and held:
            now = min(now, held[0][0])
        while busy and busy[0][0] <= now:
            at, place, one = heapq.heappop(busy)
            free.append(place)
            if done[one] < len(tasks[one]):
                heapq.heappush(held, (max(at, tasks[one][done[one]][1]), one))


def _parts(
    tasks: Sequence[Sequence[tuple[int, int]]], log: Sequence[tuple[int, int, int]], places: int, room: int
) -> list[list[Part]]:
    """Return the steps of each place forwards, each as early as its place and the step before it are over."""
    parts: list[list[Part]] = [[] for _ in range(places)]
    over, done, ready = [0] * places, [0] * len(tasks), [0] * len(tasks)
    starts = list[tuple[int, int, int]]()
    placed = [len(steps) for steps in tasks]
    for end, place, one in log:
        placed[one] -= 1
        starts.append((room - end - tasks[one][placed[one]][0], place, one))
    for _, place, one in sorted(starts):
        begin = max(over[place], ready[one])
        mine = parts[place]
        if mine and mine[-1].waiting == one and begin == over[place]:
            mine[-1] = mine[-1]._replace(steps=mine[-1].steps + 1)
        else:
            mine.append(Part(one, 1, begin))
        over[place] = ready[one] = begin + tasks[one][done[one]][0]
        done[one] += 1
    return [part for part in parts if part]
