"""Works all that is left in one opening: the last, where nothing may stay for another."""

from __future__ import annotations

import heapq
import random
from typing import TYPE_CHECKING

from .filling import Part

if TYPE_CHECKING:
    from collections.abc import Sequence

_TRIES = 60
"""Orders that are tried; the draws have a fixed seed, so the same is found each time."""
_SPREADS = (0, 15, 40, 90)
"""Minutes by which a plan's latest start is drawn apart, in turn."""


def finish(tasks: Sequence[Sequence[tuple[int, int]]], places: int, room: int) -> list[list[Part]]:
    """Return for each place, in order, what it works so that all steps, (expected, longest), are over; nothing when no way was found.

    Whenever a place is free, the plan that has to begin first takes its next step. How much that counts is drawn anew for each try.
    """
    begins = [_latest(steps, room) for steps in tasks]
    if any(latest and latest[0] < 0 for latest in begins):
        return []
    draw = random.Random(1)  # noqa: S311  # an order, no secret
    for number in range(_TRIES):
        spread = _SPREADS[number % len(_SPREADS)]
        if number and not spread:
            continue
        found = _worked(tasks, begins, places, [draw.uniform(0, spread) for _ in tasks])
        if found:
            return found
    return []


def _latest(steps: Sequence[tuple[int, int]], room: int) -> list[int]:
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
    places: int,
    drawn: Sequence[float],
) -> list[list[Part]]:
    """Return what each place works when plans go by their latest start and what was drawn for it; nothing when one is too late."""
    done = [0] * len(tasks)
    waiting = [(begins[one][0] + drawn[one], one) for one in range(len(tasks)) if tasks[one]]
    heapq.heapify(waiting)
    busy: list[tuple[int, int, int]] = []
    free, now = list(range(places)), 0
    parts: list[list[Part]] = [[] for _ in range(places)]
    while waiting or busy:
        if not waiting or not free:
            # A place that found nothing to work has done its part: what it works has no gaps.
            free = [] if not waiting else free
            now = busy[0][0]
            while busy and busy[0][0] == now:
                _, place, one = heapq.heappop(busy)
                free.append(place)
                if done[one] < len(tasks[one]):
                    heapq.heappush(waiting, (begins[one][done[one]] + drawn[one], one))
            continue
        place, one = free.pop(0), heapq.heappop(waiting)[1]
        if begins[one][done[one]] < now:
            return []
        expected = tasks[one][done[one]][0]
        done[one] += 1
        if parts[place] and parts[place][-1].waiting == one:
            parts[place][-1] = Part(one, parts[place][-1].steps + 1)
        else:
            parts[place].append(Part(one, 1))
        heapq.heappush(busy, (now + expected, place, one))
    return [part for part in parts if part]
