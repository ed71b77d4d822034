"""Durations as Go writes them: 90s, 15m, 1h30m."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator

from settings.fields.base import Words, refused

LONGEST = timedelta(days=7)
"""Longest duration of a setting: what waits longer is not waiting any more."""

_DURATION = re.compile(r"(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?")


def parse(text: str) -> timedelta:
    """Read a duration such as 1h30m; ValueError when it is none, OverflowError when no calendar has room for it."""
    found = _DURATION.fullmatch(text)
    if not text or not found:
        raise ValueError(text)
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _duration(value: str) -> str:
    try:
        if parse(value) <= LONGEST:
            return value
    except ValueError:
        raise refused(
            f"{value!r} is not a duration", "write hours, minutes and seconds, such as 1h30m or 90s"
        ) from None
    except OverflowError:
        pass
    raise refused(f"{value!r} is more than a week", "write 168h or less, such as 1h30m")


Duration = Annotated[str, AfterValidator(_duration), Words("a duration such as 1h30m")]
