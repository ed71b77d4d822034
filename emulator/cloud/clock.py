"""Now, as the emulator's Azure sees it."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from emulator.errors import UsageError

CLOCK_VARIABLE = "SECURE_AKS_CLOCK"


def now() -> datetime:
    """Return the time in UTC; `SECURE_AKS_CLOCK` (ISO 8601 date or date and time) overrides it.

    Raises UsageError, naming the variable, for a value that is neither.
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
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
