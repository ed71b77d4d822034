"""Works all that an opening is to take: the last, where nothing may stay for another, or one that was planned ahead."""

from __future__ import annotations

import heapq
import math
import random
from typing import TYPE_CHECKING, NamedTuple

from .filling import Part

if TYPE_CHECKING:
    from collections.abc import Sequence

_TRIES = 4000
"""Orders that are tried; the draws have a fixed seed, so the same is found each time."""
_FIRST, _HOPELESS = 250, 25
"""Orders after which no more are tried when the steps of the best begin too late by so many minutes in all."""
_APART = 12
"""Minutes by which a plan's latest starts are moved in one try, at most."""


class _Worked(NamedTuple):
    """What came of an order: minutes by which steps begin too late, whose they are, and who worked where, in turn."""

    late: int
    whose: list[int]
    log: list[tuple[int, int]]


def finish(tasks: Sequence[Sequence[tuple[int, int]]], places: int, room: int) -> list[list[Part]]:
    """Return for each place, in order, what it works so that all steps, (expected, longest), are over; nothing when no way was found.

    Whenever a place is free, the plan that has to begin first takes its next step. While some begin too late, one plan
    at a time is moved up or down in that order, mostly those that are too late, and what makes it worse is taken back.
    """
    begins = [latest(steps, room) for steps in tasks]
    if any(first and first[0] < 0 for first in begins):
        return []
    draw = random.Random(1)  # noqa: S311  # an order, no secret
    order: list[list[float]] = [list(starts) for starts in begins]
    found = _worked(tasks, begins, order, places)
    best = found.late
    for number in range(_TRIES):
        if not found.late:
            return _parts(found.log, places)
        if number >= _FIRST and best > _HOPELESS:
            break
        one = draw.choice(found.whose) if draw.random() < 0.5 else draw.randrange(len(tasks))  # noqa: PLR2004  # a coin
        before, by = order[one], draw.uniform(-_APART, _APART)
        until = draw.randrange(2 * len(before) + 1)
        order[one] = [start + by if index <= until else start for index, start in enumerate(before)]
        tried = _worked(tasks, begins, order, places)
        if tried.late <= found.late or draw.random() < math.exp(found.late - tried.late):
            found, best = tried, min(best, tried.late)
        else:
            order[one] = before
    return []


def latest(steps: Sequence[tuple[int, int]], room: int) -> list[int]:
    """Return when each step has to begin at the latest, so that those after it are in time too."""
    found: list[int] = []
    following = room
    for expected, longest in reversed(steps):
        following = min(room - longest, following - expected)
        found.append(following)
    return found[::-1]


def _worked(
    tasks: Sequence[Sequence[tuple[int, int]]],
    begins: Sequence[Sequence[int]],
    order: Sequence[Sequence[float]],
    places: int,
) -> _Worked:
    """Return what comes of it when a place that is free takes the next step of the plan that is first in the order."""
    done = [0] * len(tasks)
    waiting = [(order[one][0], one) for one in range(len(tasks)) if tasks[one]]
    heapq.heapify(waiting)
    busy: list[tuple[int, int, int]] = []
    free, now, late = list(range(places)), 0, 0
    whose, log = list[int](), list[tuple[int, int]]()
    while waiting or busy:
        while free and waiting:
            place, one = free.pop(0), heapq.heappop(waiting)[1]
            index = done[one]
            if now > begins[one][index]:
                late += now - begins[one][index]
                whose.append(one)
            log.append((place, one))
            heapq.heappush(busy, (now + tasks[one][index][0], place, one))
        free.clear()  # a place that found nothing to work has done its part: what it works has no gaps
        now = busy[0][0]
        while busy and busy[0][0] == now:
            _, place, one = heapq.heappop(busy)
            free.append(place)
            done[one] += 1
            if done[one] < len(tasks[one]):
                heapq.heappush(waiting, (order[one][done[one]], one))
    return _Worked(late, whose, log)


def _parts(log: Sequence[tuple[int, int]], places: int) -> list[list[Part]]:
    parts: list[list[Part]] = [[] for _ in range(places)]
    for place, one in log:
        mine = parts[place]
        if mine and mine[-1].waiting == one:
            mine[-1] = Part(one, mine[-1].steps + 1)
        else:
            mine.append(Part(one, 1))
    return [part for part in parts if part]
