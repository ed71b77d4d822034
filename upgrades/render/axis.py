"""The time axis of the HTML page: steps keep their proportions, long waits between them shrink to a fixed width."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .words import span

if TYPE_CHECKING:
    from collections.abc import Iterable

QUIET = 6 * 60
"""A wait longer than this many minutes shrinks to this many."""
ROOM = 27.0
"""The share of the width that a label, a day with its time, takes on a phone."""


@dataclass(frozen=True, slots=True)
class Axis:
    """Maps minutes to a share of the page's width. `waits` are the stretches that were shrunk."""

    marks: tuple[float, ...]
    places: tuple[float, ...]
    waits: tuple[tuple[float, float], ...]

    def share(self, minute: float) -> float:
        """Return where a minute lies, from 0 to 100."""
        if minute <= self.marks[0]:
            return self.places[0]
        if minute >= self.marks[-1]:
            return self.places[-1]
        index = bisect_right(self.marks, minute) - 1
        low, high = self.marks[index], self.marks[index + 1]
        return self.places[index] + (self.places[index + 1] - self.places[index]) * (minute - low) / (
            high - low
        )

    def minute(self, place: float) -> float:
        """Return the minute that lies at a share of the width."""
        if place <= self.places[0]:
            return self.marks[0]
        if place >= self.places[-1]:
            return self.marks[-1]
        index = bisect_right(self.places, place) - 1
        low, high = self.places[index], self.places[index + 1]
        part = (place - low) / (high - low) if high > low else 0
        return self.marks[index] + (self.marks[index + 1] - self.marks[index]) * part


def axis(busy: Iterable[tuple[float, float]], end: float, start: float = 0, quiet: float = QUIET) -> Axis:
    """Make an axis from `start` to `end` minutes; `busy` are the stretches (start, end) in which something happens."""
    marks, widths, waits = [start], [0.0], list[tuple[float, float]]()
    for low, high in _merged(busy):
        for mark in (low, high):
            if mark <= marks[-1]:
                continue
            length = mark - marks[-1]
            if mark == low and length > quiet:
                waits.append((marks[-1], mark))
                length = quiet
            marks.append(mark)
            widths.append(widths[-1] + length)
    if end > marks[-1]:
        marks.append(end)
        widths.append(widths[-1] + min(end - marks[-2], quiet))
    scale = 100 / widths[-1] if widths[-1] else 0
    return Axis(tuple(marks), tuple(width * scale for width in widths), tuple(waits))


def ticks(scale: Axis, minutes: Iterable[float], end: float) -> list[tuple[float, str, bool]]:
    """Return (place, label, whether it is the last) for the minutes that have room for a label, and for the end.

    Labels count from the axis's own start.
    """
    found: list[tuple[float, str, bool]] = []
    start = scale.marks[0]
    for minute in sorted(set(minutes)):
        place = scale.share(minute)
        if place <= 100 - 2 * ROOM and (not found or place - found[-1][0] >= ROOM):
            found.append((place, span(round(minute - start)), False))
    return [*found, (100.0, span(round(end - start)), True)] if end > start else found


def _merged(busy: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for start, stop in sorted(busy):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((start, stop))
    return merged
