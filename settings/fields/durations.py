"""Durations as Go writes them: 90s, 15m, 1h30m."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator

from settings.fields.types import refused
from settings.sections.base import Words

_DURATION = re.compile(r"(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?")


def parse(text: str) -> timedelta:
    """Read a duration such as 1h30m; ValueError when it is none."""
    found = _DURATION.fullmatch(text)
    if not text or not found:
        raise ValueError(text)
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _duration(value: str) -> str:
    try:
        parse(value)
    except ValueError:
        raise refused(
            f"{value!r} is not a duration", "write hours, minutes and seconds, such as 1h30m or 90s"
        ) from None
    return value


Duration = Annotated[str, AfterValidator(_duration), Words("a duration such as 1h30m")]
