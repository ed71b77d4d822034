"""When a stack takes upgrades: its `upgrades` window, cut at the days on which nothing may change.

An opening that begins on such a day does not open at all, and one that runs into it closes at midnight; days are
counted at the window's UTC offset, in UTC for a stack without a window. Times are whole minutes since 1970.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING

from settings.calendar.windows import occurrences, utc_offset
from settings.sections.maintenance import Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from settings.sections.maintenance import Maintenance

HORIZON = timedelta(days=366 * 3)
"""How far ahead an opening is looked for; the rarest window opens every six months."""
WITHOUT_END = 2**62
"""The end of an opening after which nothing closes any more, and the length of the longest one."""
_PROBED = 100
"""Days that tell whether openings follow one another without a gap."""
_MINUTE = 60


def minute_of(moment: datetime) -> int:
    """Return the first whole minute that is not before a moment."""
    return -int(-moment.timestamp() // _MINUTE)


def moment_of(minute: int) -> datetime:
    """Return the moment of a minute, in UTC."""
    return datetime.fromtimestamp(minute * _MINUTE, UTC)


class Openings:
    """The openings of a stack from a moment on, worked out as they are asked for."""

    def __init__(self, maintenance: Maintenance, since: datetime) -> None:
        """Take the stack's `maintenance` section; `since` has a time zone."""
        self._since = since.astimezone(UTC)
        self._coming = _merged(_openings(maintenance, self._since))
        self._begins: list[int] = []
        self._ends: list[int] = []
        self.longest = longest_opening(maintenance.upgrades)
        """Minutes of the longest opening when no day is forbidden."""

    def fit(self, minute: int, length: int) -> int | None:
        """Return the first minute, from one on, at which `length` minutes are over before the opening closes.

        None when there is none within `HORIZON`.
        """
        index = bisect_right(self._ends, minute)
        while self._has(index):
            begin = max(self._begins[index], minute)
            if begin + length <= self._ends[index]:
                return begin
            index += 1
        return None

    def last_fit(self, minute: int, length: int) -> int | None:
        """Return the last minute at which `length` minutes can begin and be over by `minute`; None when none is left."""
        while (not self._ends or self._ends[-1] < minute) and self._has(len(self._begins)):
            pass  # worked out up to that minute
        index = bisect_left(self._ends, minute)
        for back in range(min(index, len(self._begins) - 1), -1, -1):
            begin = min(self._ends[back], minute) - length
            if begin >= self._begins[back]:
                return begin
        return None

    def closes(self, minute: int) -> int | None:
        """Return when the opening that is open at a minute closes; None when it is closed then."""
        index = bisect_right(self._ends, minute)
        return self._ends[index] if self._has(index) and self._begins[index] <= minute else None

    def _has(self, index: int) -> bool:
        while index >= len(self._begins):
            following = next(self._coming, None)
            if following is None:
                return False
            self._begins.append(following[0])
            self._ends.append(following[1])
        return True


def _openings(maintenance: Maintenance, since: datetime) -> Iterator[tuple[int, int]]:
    window = maintenance.upgrades
    offset = utc_offset(window) if window else timedelta()
    frozen = _frozen(maintenance, offset)
    if window is None:
        yield from _between(frozen, minute_of(since) - 1)  # open now, in the middle of a minute too
        return
    first, last = (since - timedelta(days=2)).date(), (since + HORIZON).date()
    start = minute_of(since)
    for opens, closes in occurrences(window, first, last):
        begin, end = minute_of(opens), minute_of(closes)
        if end <= start or any(low <= begin < high for low, high in frozen):
            continue
        yield begin, min([end, *(low for low, _ in frozen if begin < low < end)])


def _between(frozen: list[tuple[int, int]], begin: int) -> Iterator[tuple[int, int]]:
    """Yield what is left of all time from a minute on."""
    for low, high in frozen:
        if low > begin:
            yield begin, low
        begin = max(begin, high)
    yield begin, WITHOUT_END


def _frozen(maintenance: Maintenance, offset: timedelta) -> list[tuple[int, int]]:
    zone = timezone(offset)
    spans = [
        (_midnight(span.start, zone), _midnight(span.end + timedelta(days=1), zone))
        for span in maintenance.not_allowed
    ]
    return sorted(spans)


def _midnight(day: date, zone: timezone) -> int:
    return minute_of(datetime.combine(day, time(), zone))


def _merged(openings: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join openings that follow one another without a gap: what begins in one may end in the next."""
    held: tuple[int, int] | None = None
    for begin, end in openings:
        if held and begin <= held[1]:
            held = (held[0], max(held[1], end))
        else:
            if held:
                yield held
            held = (begin, end)
    if held:
        yield held


def longest_opening(window: Window | None) -> int:
    """Return the minutes of the longest opening when no day is forbidden; `WITHOUT_END` when it never closes."""
    return WITHOUT_END if window is None else _longest(window.model_dump_json(by_alias=True))


@lru_cache(maxsize=1024)
def _longest(written: str) -> int:
    window = Window.model_validate_json(written)  # the models of the stack file are no keys of a cache
    begin = window.start_date or date(2026, 1, 1)  # any day: what is asked is whether one follows the other
    openings = occurrences(window, begin, begin + timedelta(days=_PROBED))
    joined = _merged((minute_of(low), minute_of(high)) for low, high in openings)
    found = max((high - low for low, high in joined), default=0)
    day = 24 * 60
    return WITHOUT_END if found >= _PROBED * day else max(found, window.hours * 60)
