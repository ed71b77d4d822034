"""The maintenance window of a stack's upgrades, at one moment."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from .openings import WITHOUT_END, Openings, minute_of, moment_of

if TYPE_CHECKING:
    from datetime import datetime

    from settings.sections.maintenance import Maintenance


def window(maintenance: Maintenance, now: datetime) -> tuple[bool, datetime | None]:
    """Tell whether the stack's `upgrades` window is open, and when it opens next (None: it never closed, or never opens).

    A stack without one takes upgrades at any time. Days that are not allowed keep it closed.
    """
    openings = Openings(maintenance, now)
    end = _closes(openings, now)
    opens = openings.fit(minute_of(now) if end is None else end, 1)
    return end is not None, None if opens is None else moment_of(opens)


def next_fit(maintenance: Maintenance, now: datetime, minutes: int) -> datetime | None:
    """Return the first moment at which something of that length is over before the window closes; `now` when it is now.

    None when no opening is long enough.
    """
    openings = Openings(maintenance, now)
    begin = openings.fit(minute_of(now), minutes) if minutes <= openings.longest else None
    if begin is None:
        return None
    is_now = begin == minute_of(now) and _closes(openings, now) is not None
    return now if is_now else moment_of(begin)


def closes(maintenance: Maintenance, now: datetime) -> datetime | None:
    """Return when the opening of now closes; None when the window is closed, or open without an end."""
    end = _closes(Openings(maintenance, now), now)
    return None if end is None or end >= WITHOUT_END else moment_of(end)


def _closes(openings: Openings, now: datetime) -> int | None:
    """Return when the opening of now closes: it counts from its first second to its last."""
    begun = openings.closes(floor(now.timestamp() / 60))
    return begun if begun is not None and begun > minute_of(now) else None
