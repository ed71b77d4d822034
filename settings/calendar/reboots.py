"""When kured reboots nodes, and whether that is inside a window: minute by minute of a week."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import ceil, inf
from zoneinfo import ZoneInfo

from settings.calendar.windows import WEEKDAYS, Opening, utc_offset
from settings.sections.kured import Kured
from settings.sections.maintenance import DateSpan, Window

DAY = 24 * 60
WEEK = 7 * DAY
_DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")


@dataclass(frozen=True)
class Late:
    """A minute outside the window: the day's name, the time of day, and the UTC offset of the zone then.

    `begun` is the time of day at which the drain began, when it is only its end that is outside.
    """

    day: str
    time: str
    offset: str
    begun: str | None = None


def recurs_weekly(window: Window) -> bool:
    """Whether the window opens at the same time in every week."""
    every_day = window.daily is not None and window.daily.every_days == 1
    return every_day or (window.weekly is not None and window.weekly.every_weeks == 1)


def outside(kured: Kured, window: Window, today: date) -> Late | None:
    """Return the first minute at which kured may take a node down though the window is closed; None when there is none.

    kured looks at its times before a drain only, so a node may go down as late as drainDelay and drainTimeout after
    the last of them. The window must recur weekly. Every UTC offset that kured's time zone has in the year after
    `today` counts, because the window stays at its own offset all year.
    """
    closed_in = _until_closed(open_minutes(window))
    begun = list(reboot_minutes(kured))
    drain = ceil(kured.longest_drain / timedelta(minutes=1))
    for offset in offsets(ZoneInfo(kured.time_zone), today):
        shift = int(offset.total_seconds()) // 60
        for minute in begun:
            if closed_in[(minute - shift) % WEEK] == 0:
                return _late(minute, offset)
        for minute in begun:
            if (left := closed_in[(minute - shift) % WEEK]) <= drain:
                return _late(minute + left, offset, _clock(minute % DAY))
    return None


def slots(kured: Kured, first: date, last: date) -> Iterator[Opening]:
    """Yield when kured may begin a reboot, in UTC, on the days from `first` to `last` of its time zone, in order.

    Days side by side are joined at midnight. A time that the change of the clock skips counts as if the clock had not
    changed yet; one that comes twice, as its first.
    """
    zone = ZoneInfo(kured.time_zone)
    held: Opening | None = None
    for begin, end in _pieces(kured, first, last, zone):
        if held and begin <= held[1]:
            held = held[0], max(held[1], end)
            continue
        if held:
            yield held
        held = begin, end
    if held:
        yield held


def frozen(span: DateSpan, kured: Kured) -> Opening:
    """Return from when until when, in UTC, no reboot may begin, so that no node goes down on the days of a span.

    The days are those of kured's time zone. A reboot begins with a drain, so this begins the longest drain earlier.
    """
    zone = ZoneInfo(kured.time_zone)
    begin = datetime.combine(span.start, time(), zone).astimezone(UTC)
    end = datetime.combine(span.end + timedelta(days=1), time(), zone).astimezone(UTC)
    return begin - kured.longest_drain, end


def slot_length(kured: Kured) -> timedelta:
    """Return the time from startTime to endTime, past midnight where the end is the earlier one."""
    return timedelta(minutes=(_minutes(kured.end_time) - _minutes(kured.start_time)) % DAY)


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


def _pieces(kured: Kured, first: date, last: date, zone: ZoneInfo) -> Iterator[Opening]:
    start, end = time.fromisoformat(kured.start_time), time.fromisoformat(kured.end_time)
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if _DAYS[day.weekday()] not in kured.days:
            continue
        tomorrow = day + timedelta(days=1)
        until = datetime.combine(day, end, zone)
        if start <= end:
            pieces = [(datetime.combine(day, start, zone), until)]
        else:
            midnight = datetime.combine(day, time(), zone), datetime.combine(tomorrow, time(), zone)
            pieces = [(midnight[0], until), (datetime.combine(day, start, zone), midnight[1])]
        for begin, finish in pieces:
            if begin.astimezone(UTC) < finish.astimezone(UTC):
                yield begin.astimezone(UTC), finish.astimezone(UTC)


def _until_closed(is_open: set[int]) -> list[float]:
    """Return, for each minute of the week, how many minutes later the window is closed; inf when it never is."""
    left, found = inf, [inf] * WEEK
    for minute in reversed(range(2 * WEEK)):
        left = left + 1 if minute % WEEK in is_open else 0
        found[minute % WEEK] = left
    return found


def _late(minute: float, offset: timedelta, begun: str | None = None) -> Late:
    minute = int(minute) % WEEK
    return Late(WEEKDAYS[minute // DAY], _clock(minute % DAY), _signed(offset), begun)


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _signed(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{_clock(abs(minutes))}"
