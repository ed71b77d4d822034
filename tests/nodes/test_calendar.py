"""Openings and reboot slots against calculations of other make: dateutil's recurrences, and a walk minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from settings.calendar.reboots import frozen, slots
from settings.calendar.windows import WEEKDAYS, occurrences
from settings.sections.kured import Kured
from settings.sections.maintenance import DateSpan, Maintenance, Window
from tests.settings.helpers import good
from upgrades.windows.calendar import calendar

NAMES = ("mo", "tu", "we", "th", "fr", "sa", "su")
ZONES = [
    "UTC",
    "Europe/Amsterdam",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Africa/Casablanca",
]
CHANGES = [date(2026, 10, 24), date(2026, 10, 31), date(2027, 3, 13), date(2027, 3, 27), date(2026, 4, 4), date(2026, 12, 30)]  # fmt: skip
CLOCKS = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 30, 59]))
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
INDEX = {"First": 1, "Second": 2, "Third": 3, "Fourth": 4, "Last": -1}

SCHEDULES = st.one_of(
    st.builds(lambda n: {"daily": {"everyDays": n}}, st.integers(1, 7)),
    st.builds(
        lambda d, n: {"weekly": {"day": WEEKDAYS[d], "everyWeeks": n}}, st.integers(0, 6), st.integers(1, 4)
    ),
    st.builds(
        lambda d, n: {"monthly": {"dayOfMonth": d, "everyMonths": n}}, st.integers(1, 31), st.integers(1, 6)
    ),
    st.builds(
        lambda w, d, n: {"relativeMonthly": {"week": w, "day": WEEKDAYS[d], "everyMonths": n}},
        st.sampled_from(list(INDEX)),
        st.integers(0, 6),
        st.integers(1, 6),
    ),
)


def recurrence(schedule, start):
    """The days of a schedule as dateutil counts them; weeks count from the first day, as here."""
    [(kind, what)] = schedule.items()
    begin = datetime.combine(start, time())
    if kind == "daily":
        return rrule.rrule(rrule.DAILY, dtstart=begin, interval=what["everyDays"])
    if kind == "weekly":
        on = WEEKDAYS.index(what["day"])
        return rrule.rrule(
            rrule.WEEKLY, dtstart=begin, interval=what["everyWeeks"], byweekday=on, wkst=start.weekday()
        )
    if kind == "monthly":
        return rrule.rrule(
            rrule.MONTHLY, dtstart=begin, interval=what["everyMonths"], bymonthday=what["dayOfMonth"]
        )
    on = rrule.weekday(WEEKDAYS.index(what["day"]), INDEX[what["week"]])
    return rrule.rrule(rrule.MONTHLY, dtstart=begin, interval=what["everyMonths"], byweekday=on)


@settings(deadline=None)
@given(SCHEDULES, DAYS, st.integers(-40, 400))
def test_every_kind_of_schedule_opens_when_dateutil_says(schedule, start, later):
    first = start + timedelta(days=later)
    last = first + timedelta(weeks=26)
    window = Window.model_validate({"startTime": "22:00", "hours": 4, "startDate": str(start)} | schedule)
    said = [begin.date() for begin, _ in occurrences(window, first, last)]
    between = recurrence(schedule, start).between(
        datetime.combine(first, time()), datetime.combine(last, time()), inc=True
    )
    assert said == [moment.date() for moment in between]


def go_contains(kured, moment):
    """kured's own test of a moment: the day of its zone, then start and end as instants of that day."""
    zone = ZoneInfo(kured.time_zone)
    local = moment.astimezone(zone)
    if NAMES[local.weekday()] not in kured.days:
        return False
    start = datetime.combine(local.date(), time.fromisoformat(kured.start_time), zone).astimezone(UTC)
    end = datetime.combine(local.date(), time.fromisoformat(kured.end_time), zone).astimezone(UTC)
    if kured.start_time > kured.end_time:
        return moment <= end or moment >= start
    return start <= moment <= end


@st.composite
def kureds(draw):
    days = draw(st.sets(st.sampled_from(NAMES), min_size=1))
    zone = draw(st.sampled_from(ZONES))
    return Kured(days=tuple(days), start_time=draw(CLOCKS), end_time=draw(CLOCKS), time_zone=zone)


@settings(deadline=None)
@given(kureds(), st.sampled_from(CHANGES))
def test_reboot_slots_are_the_minutes_that_kured_takes(kured, around):
    """Over days on which some zone changes its clocks."""
    found = list(slots(kured, around - timedelta(days=2), around + timedelta(days=4)))
    assert found == sorted(found)
    begin = datetime.combine(around, time(), UTC)
    for minutes in range(0, 2 * 24 * 60, 10):
        moment = begin + timedelta(minutes=minutes, seconds=30)
        assert any(at < moment < end for at, end in found) is go_contains(kured, moment), moment


@settings(deadline=None)
@given(kureds(), st.sampled_from(CHANGES), st.integers(0, 3), st.sampled_from(["0s", "45m", "5h"]))
def test_no_reboot_begins_that_could_end_on_a_forbidden_day(kured, around, days, drain):
    kured = kured.model_copy(update={"drain_timeout": drain})
    span = DateSpan(start=around, end=around + timedelta(days=days))
    begin, end = frozen(span, kured)
    zone = ZoneInfo(kured.time_zone)
    for minutes in range(-600, (days + 2) * 24 * 60, 13):
        moment = datetime.combine(around, time(), zone).astimezone(UTC) + timedelta(minutes=minutes)
        down = {(moment + timedelta(minutes=m)).astimezone(zone).date() for m in range(0, int(kured.longest_drain.total_seconds()) // 60 + 1, 15)}  # fmt: skip
        touches = any(span.start <= day <= span.end for day in down)
        if touches:
            assert begin <= moment < end
        elif kured.longest_drain < timedelta(minutes=1):
            assert not begin <= moment < end


CASES = {
    "nodeUpdates.kured.startTime": "22:00",
    "nodeUpdates.kured.endTime": "02:00",
    "nodeUpdates.kured.timeZone": "UTC",
    "nodeUpdates.kured.days": list(NAMES),
    "maintenance.notAllowed": [{"start": "2026-11-25", "end": "2026-11-25"}],
}


def test_a_forbidden_day_is_cut_out_of_a_slot():
    begin = datetime(2026, 11, 24, 12, tzinfo=UTC)
    found = [e for e in calendar(good(CASES), begin, begin + timedelta(days=2)) if e.kind == "reboots"]
    day = datetime(2026, 11, 24, tzinfo=UTC)
    hours = [
        ((e.begin - day) / timedelta(hours=1), (e.end - day) / timedelta(hours=1), e.allowed) for e in found
    ]
    assert hours == [(22, 23.5, True), (23.5, 26, False), (46, 48, False), (48, 50, True)]


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 60 * 24 * 9), st.integers(1, 8))
def test_the_calendar_has_all_that_is_open_and_no_more(start, weeks):
    stack = good(CASES)
    begin = datetime(2026, 12, 14, tzinfo=UTC) + timedelta(minutes=start)
    end = begin + timedelta(weeks=weeks)
    entries = calendar(stack, begin, end)
    assert entries == sorted(entries, key=lambda entry: entry.begin)
    for entry in entries:
        assert entry.begin < end
        assert entry.end > begin
    for hours in range(0, weeks * 7 * 24, 11):
        moment = begin + timedelta(hours=hours)
        kinds = {entry.kind for entry in entries if entry.begin <= moment < entry.end}
        assert ("nodeOs" in kinds) is (moment.hour >= 22 or moment.hour < 6)
        assert ("releases" in kinds) is (moment.weekday() == 6 and 8 <= moment.hour < 16)


@pytest.mark.parametrize(("day", "allowed"), [("2026-12-19", False), ("2027-01-09", True)])
def test_an_opening_on_a_forbidden_day_is_said_to_be(day, allowed):
    maintenance = Maintenance.model_validate(
        {
            "upgrades": {"weekly": {"day": "Saturday"}, "startTime": "08:00", "hours": 8},
            "notAllowed": [{"start": "2026-12-18", "end": "2027-01-04"}],
        }
    )
    begin = datetime.combine(date.fromisoformat(day), time(), UTC)
    stack = good().model_copy(update={"maintenance": maintenance})
    [entry] = [e for e in calendar(stack, begin, begin + timedelta(days=1)) if e.kind == "upgrades"]
    assert entry.allowed is allowed
