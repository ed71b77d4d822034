"""When a maintenance window is open."""

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone

from settings.sections.maintenance import Window

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKS = ("First", "Second", "Third", "Fourth")

Opening = tuple[datetime, datetime]
"""From and until, in UTC."""


def utc_offset(window: Window) -> timedelta:
    """Return the window's UTC offset."""
    text = window.utc_offset
    size = timedelta(hours=int(text[1:3]), minutes=int(text[4:]))
    return -size if text[0] == "-" else size


def occurrences(window: Window, first: date, last: date) -> Iterator[Opening]:
    """Yield the openings that begin on the days from `first` to `last` (as its UTC offset counts days), in order.

    A window every so many days, weeks or months counts from its startDate. Without one the rhythm is Azure's
    choice, so every day it could be on is yielded.
    """
    zone = timezone(utc_offset(window))
    start = time.fromisoformat(window.start_time)
    day = max(first, window.start_date or first)
    while day <= last:
        if _opens(window, day):
            begin = datetime.combine(day, start, zone).astimezone(UTC)
            yield begin, begin + timedelta(hours=window.hours)
        day += timedelta(days=1)


def first_overlap(one: Window, other: Window, first: date, last: date) -> datetime | None:
    """Return the first moment at which both windows are open; None when there is none between those days."""
    return first_common(occurrences(one, first, last), occurrences(other, first, last))


def first_common(one: Iterable[Opening], other: Iterable[Opening]) -> datetime | None:
    """Return the first moment that lies in both; each is in order."""
    left, right = deque(one), deque(other)
    while left and right:
        begin = max(left[0][0], right[0][0])
        if begin < min(left[0][1], right[0][1]):
            return begin
        (left if left[0][1] <= right[0][1] else right).popleft()
    return None


def _opens(window: Window, day: date) -> bool:
    origin = window.start_date
    if window.daily:
        return origin is None or (day - origin).days % window.daily.every_days == 0
    if window.weekly:
        return WEEKDAYS[day.weekday()] == window.weekly.day and (
            origin is None or (day - origin).days // 7 % window.weekly.every_weeks == 0
        )
    if window.monthly:
        return day.day == window.monthly.day_of_month and _month_counts(
            window.monthly.every_months, origin, day
        )
    if window.relative_monthly:
        relative = window.relative_monthly
        return (
            WEEKDAYS[day.weekday()] == relative.day
            and _in_week(relative.week, day)
            and _month_counts(relative.every_months, origin, day)
        )
    return False


def _month_counts(every: int, origin: date | None, day: date) -> bool:
    return origin is None or ((day.year - origin.year) * 12 + day.month - origin.month) % every == 0


def _in_week(week: str, day: date) -> bool:
    if week == "Last":
        return (day + timedelta(days=7)).month != day.month
    return (day.day - 1) // 7 == _WEEKS.index(week)
