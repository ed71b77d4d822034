"""What day it is for the pack: today, or the day in SECURE_AKS_CLOCK."""

import os
from datetime import UTC, date, datetime

VARIABLE = "SECURE_AKS_CLOCK"


def override() -> str | None:
    """Return the raw override, None when the real clock runs."""
    return os.environ.get(VARIABLE) or None


def today() -> date:
    """Return the day exemptions are judged on, in UTC.

    Raises ValueError when SECURE_AKS_CLOCK is neither an ISO date nor an ISO datetime.
    """
    text = override()
    return datetime.fromisoformat(text).date() if text else real_today()


def real_today() -> date:
    """Return the real day, in UTC."""
    return datetime.now(tz=UTC).date()
