"""What support a minor version has on a given day."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from secure_aks_lifecycle.versions.version import Version

State = Literal["supported", "platform", "lts", "ended", "preview", "unknown"]
"""supported: full AKS support. platform: Azure's infrastructure only (the fourth newest minor). lts: long-term
support, bought with the Premium tier. ended: none. preview: not generally available yet. unknown: the catalog does not tell."""

GENERALLY_AVAILABLE = 3
"""How many minors AKS supports in full at a time: the newest and the two before it."""


SUPPORTED_LTS_PATCHES = 2
"""How many patches of a minor in long-term support AKS supports: the newest ones."""


@dataclass(frozen=True, slots=True)
class Support:
    """The support a version has on a day; `ends` is its last day, `days_left` the days until then (0 on that day).

    `newer` is the patch to take where only the patch, not the minor, has lost its support.
    """

    state: State
    ends: date | None = None
    days_left: int | None = None
    newer: Version | None = None


def first_day(text: str | date) -> date:
    """Return the first day of "YYYY-MM", or the day itself. Raises ValueError."""
    if isinstance(text, date):
        return text
    return date.fromisoformat(text if text.count("-") > 1 else f"{text}-01")


def last_day(text: str | date) -> date:
    """Return the last day of "YYYY-MM" (support given as a month ends on it), or the day itself. Raises ValueError."""
    day = first_day(text)
    if isinstance(text, date) or text.count("-") > 1:
        return day
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def ending(state: State, ends: date, on: date) -> Support:
    """Return a `Support` that lasts until `ends`, counted from `on`."""
    return Support(state, ends, (ends - on).days)
