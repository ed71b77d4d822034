"""Days of the calendar."""

import re
from datetime import date, datetime, time
from typing import Annotated

from pydantic import BeforeValidator

from settings.fields.base import Words, refused

YEARS = range(2020, 2100)
"""The years that plans are made for; past them, sums of days leave the calendar."""

# How the engine passes a day that stands without quotes.
_MIDNIGHT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T00:00:00Z| 00:00:00 \+0000 UTC)?")


def _day(value: object) -> object:
    day = _read(value)
    if day is None:
        raise refused(f"{_written(value)} is not a day of the calendar", 'write it as "2026-12-18"')
    if day.year not in YEARS:
        remedy = f'write a day from {YEARS[0]} to {YEARS[-1]}, such as "2026-12-18"'
        raise refused(f"nobody plans for {day}", remedy)
    return day


def _read(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else None
    if isinstance(value, date):
        return value
    try:
        found = _MIDNIGHT.fullmatch(value) if isinstance(value, str) else None
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def _written(value: object) -> str:
    return str(value) if isinstance(value, datetime) else repr(value)


Day = Annotated[date, BeforeValidator(_day), Words('a day such as "2026-12-18"')]
