"""Now, as the emulator's Azure sees it."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from emulator.errors import UsageError

CLOCK_VARIABLE = "SECURE_AKS_CLOCK"
_YEARS = range(2020, 2100)
"""Certificates and plans look some years ahead, in a calendar that ends with 9999."""


def now() -> datetime:
    """Return the time in UTC; `SECURE_AKS_CLOCK` (ISO 8601 date or date and time) overrides it.

    Raises UsageError, naming the variable, for a value that is neither, or no day from 2020 to 2099.
    """
    said = os.environ.get(CLOCK_VARIABLE, "")
    if not said:
        return datetime.now(UTC)
    try:
        when = datetime.fromisoformat(said)
    except ValueError:
        raise UsageError(
            f"{CLOCK_VARIABLE}: {said!r} is not an ISO date or date and time such as 2026-11-23"
        ) from None
    if when.year not in _YEARS:
        raise UsageError(
            f"{CLOCK_VARIABLE}: {said!r} is not in the years {_YEARS[0]} to {_YEARS[-1]}; write a day such as 2026-07-17"
        )
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
