"""The maintenance window of a stack's upgrades, at one moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from settings.calendar.windows import occurrences, utc_offset

if TYPE_CHECKING:
    from settings.sections.maintenance import Maintenance

LOOK_AHEAD = timedelta(weeks=8)


def window(maintenance: Maintenance, now: datetime) -> tuple[bool, datetime | None]:
    """Tell whether the stack's `upgrades` window is open, and when it opens next.

    A stack without one takes upgrades at any time. Days that are not allowed keep it closed.
    """
    upgrades = maintenance.upgrades
    if upgrades is None:
        return True, None
    first = (now - timedelta(days=2)).date()
    openings = [
        (begin, end)
        for begin, end in occurrences(upgrades, first, (now + LOOK_AHEAD).date())
        if not any(
            span.start <= (begin + utc_offset(upgrades)).date() <= span.end
            for span in maintenance.not_allowed
        )
    ]
    is_open = any(begin <= now < end for begin, end in openings)
    return is_open, next((begin for begin, _ in openings if begin > now), None)
