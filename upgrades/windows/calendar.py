"""The openings of a stack's windows and its reboot slots between two moments, in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING

from settings.calendar.reboots import frozen, slots
from settings.calendar.windows import occurrences, utc_offset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from settings import StackSettings
    from settings.calendar.windows import Opening
    from settings.sections.kured import Kured
    from settings.sections.maintenance import Maintenance, Window

KINDS = ("releases", "upgrades", "nodeOs", "reboots")
"""The windows by their names in the stack file, and the times at which kured may begin a reboot."""
_AROUND = timedelta(days=3)
"""Days looked at on either side: an opening that began earlier may still be open, and zones count days differently."""


@dataclass(frozen=True)
class Entry:
    """One opening, in UTC; `allowed` is false on days that the stack names as notAllowed."""

    kind: str
    begin: datetime
    end: datetime
    allowed: bool = True

    @property
    def minutes(self) -> float:
        """Its length."""
        return (self.end - self.begin) / timedelta(minutes=1)


def calendar(settings: StackSettings, begin: datetime, end: datetime) -> list[Entry]:
    """Return what is open at some moment from `begin` to `end`, in order; both have a time zone."""
    maintenance, kured = settings.maintenance, settings.node_updates.kured
    windows = {
        "releases": maintenance.releases,
        "upgrades": maintenance.upgrades,
        "nodeOs": maintenance.node_os,
    }
    found: list[Entry] = []
    for kind, window in windows.items():
        if window:
            found += _window(kind, window, maintenance, begin, end)
    if kured:
        found += _reboots(kured, maintenance, begin, end)
    among = [entry for entry in found if entry.end > begin and entry.begin < end]
    return sorted(among, key=lambda entry: (entry.begin, KINDS.index(entry.kind)))


def _window(
    kind: str, window: Window, maintenance: Maintenance, begin: datetime, end: datetime
) -> Iterator[Entry]:
    for opens, closes in occurrences(window, (begin - _AROUND).date(), (end + _AROUND).date()):
        if not maintenance.is_allowed((opens + utc_offset(window)).date()):
            yield Entry(kind, opens, closes, allowed=False)
            continue
        for low, high, allowed in _cut((opens, closes), _forbidden(window, maintenance)):
            yield Entry(kind, low, high, allowed)


def _forbidden(window: Window, maintenance: Maintenance) -> Iterator[Opening]:
    """Yield the forbidden days as the window's UTC offset counts them, in order."""
    zone = timezone(utc_offset(window))
    for span in sorted(maintenance.not_allowed, key=lambda span: span.start):
        days = (span.start, span.end + timedelta(days=1))
        begin, end = (datetime.combine(day, time(), zone).astimezone(UTC) for day in days)
        yield begin, end


def _reboots(kured: Kured, maintenance: Maintenance, begin: datetime, end: datetime) -> Iterator[Entry]:
    stops = sorted(frozen(span, kured) for span in maintenance.not_allowed)
    for slot in slots(kured, (begin - _AROUND).date(), (end + _AROUND).date()):
        for opens, closes, allowed in _cut(slot, stops):
            yield Entry("reboots", opens, closes, allowed)


def _cut(slot: Opening, stops: Iterable[Opening]) -> Iterator[tuple[datetime, datetime, bool]]:
    """Yield the parts of a slot, each with whether it is free of the stops, which are in order."""
    at, end = slot
    for begin, until in stops:
        if until <= at or begin >= end:
            continue
        if begin > at:
            yield at, begin, True
        yield max(begin, at), min(until, end), False
        at = min(until, end)
    if at < end:
        yield at, end, True
