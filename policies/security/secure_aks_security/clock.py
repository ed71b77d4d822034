"""What day it is for the pack: today, or the day in SECURE_AKS_CLOCK."""

import os
from datetime import UTC, date, datetime

VARIABLE = "SECURE_AKS_CLOCK"
YEARS = range(2020, 2100)
"""The years that exemptions are judged in; the lifecycle pack and the settings plan from no others."""


def override() -> str | None:
    """Return the raw override, None when the real clock runs."""
    return os.environ.get(VARIABLE) or None


def today() -> date:
    """Return the day exemptions are judged on, in UTC.

    Raises ValueError, with the variable's name and what to write, when SECURE_AKS_CLOCK is neither an ISO date nor an ISO datetime of `YEARS`.
    """
    text = override()
    if text is None:
        return real_today()
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
    return (moment if moment.tzinfo is None else moment.astimezone(UTC)).date()


def real_today() -> date:
    """Return the real day, in UTC."""
    return datetime.now(tz=UTC).date()
