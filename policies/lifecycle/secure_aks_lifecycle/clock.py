"""The one place where the pack learns what day it is."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

VARIABLE = "SECURE_AKS_CLOCK"
"""Environment variable that overrides the clock: an ISO date or date and time (UTC unless it says otherwise)."""
YEARS = range(2020, 2100)
"""The years that anything here can plan from: before them there was no catalog, and plans look some years ahead in a calendar that ends with 9999."""


def now() -> datetime:
    """Return the current time in UTC, or the time that `SECURE_AKS_CLOCK` names.

    Raises ValueError, with the variable's name, when the override is not an ISO date or date and time, or one to plan from (see `YEARS`).
    """
    text = os.environ.get(VARIABLE, "")
    return parse(text) if text else datetime.now(UTC)


def today() -> date:
    """Return the current day in UTC (see `now`)."""
    return now().date()


def overridden() -> bool:
    """Tell whether the clock has been overridden; the pack reports that."""
    return bool(os.environ.get(VARIABLE))


def parse(text: str) -> datetime:
    """Read an ISO date or date and time; without an offset it is UTC. Raises ValueError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(
            f"{VARIABLE}: {text!r} is not an ISO date or time; write one such as 2026-07-17"
        ) from None
    if moment.year not in YEARS:
        raise ValueError(
            f"{VARIABLE}: {text!r} is not in the years {YEARS[0]} to {YEARS[-1]}; write a day such as 2026-07-17"
        )
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
