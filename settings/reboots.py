"""When kured reboots nodes, and whether that is inside a window: minute by minute of a week."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from settings.kured import Kured
from settings.maintenance import Window
from settings.windows import WEEKDAYS, utc_offset

DAY = 24 * 60
WEEK = 7 * DAY
_DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")


@dataclass(frozen=True)
class Late:
    """A minute outside the window: the day's name, the time of day, and the UTC offset of the zone then."""

    day: str
    time: str
    offset: str


def recurs_weekly(window: Window) -> bool:
    """Whether the window opens at the same time in every week."""
    every_day = window.daily is not None and window.daily.every_days == 1
    return every_day or (window.weekly is not None and window.weekly.every_weeks == 1)


def outside(kured: Kured, window: Window, today: date) -> Late | None:
    """Return the first minute at which kured may reboot though the window is closed; None when there is none.

    The window must recur weekly. Every UTC offset that kured's time zone has in the year after `today` counts,
    because the window stays at its own offset all year.
    """
    is_open = open_minutes(window)
    for offset in offsets(ZoneInfo(kured.time_zone), today):
        for minute in reboot_minutes(kured):
            if (minute - int(offset.total_seconds()) // 60) % WEEK not in is_open:
                return Late(WEEKDAYS[minute // DAY], _clock(minute % DAY), _signed(offset))
    return None


def reboot_minutes(kured: Kured) -> Iterator[int]:
    """Yield the minutes of the week (Monday 00:00 is 0), in kured's time zone, at which it may reboot nodes.

    kured looks at the day first: a window past midnight counts on both of its days when both are named.
    """
    start, end = _minutes(kured.start_time), _minutes(kured.end_time)
    for index, name in enumerate(_DAYS):
        if name in kured.days:
            for minute in range(DAY):
                inside = start <= minute <= end if start <= end else minute >= start or minute <= end
                if inside:
                    yield index * DAY + minute


def open_minutes(window: Window) -> set[int]:
    """Return the minutes of the week, in UTC, at which a window that recurs weekly is open, the last one included."""
    days = range(7) if window.weekly is None else [WEEKDAYS.index(window.weekly.day)]
    start = _minutes(window.start_time) - int(utc_offset(window).total_seconds()) // 60
    return {(day * DAY + start + minute) % WEEK for day in days for minute in range(window.hours * 60 + 1)}


def offsets(zone: ZoneInfo, today: date) -> list[timedelta]:
    """Return the UTC offsets that a time zone has in the year after a day, each once."""
    noon = datetime.combine(today, time(12), UTC)
    found = [(noon + timedelta(days=days)).astimezone(zone).utcoffset() or timedelta() for days in range(367)]
    return sorted(set(found))


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _signed(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{_clock(abs(minutes))}"
