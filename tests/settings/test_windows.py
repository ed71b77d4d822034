from calendar import Calendar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from settings.calendar.reboots import offsets, outside, reboot_minutes
from settings.calendar.windows import WEEKDAYS, first_overlap, occurrences
from settings.fields import durations
from settings.sections.kured import Kured
from settings.sections.maintenance import Maintenance, Window

TODAY = date(2026, 11, 23)  # a Monday
ZONES = [
    "UTC",
    "Europe/Amsterdam",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Pacific/Apia",
    "America/St_Johns",
]
TIMES = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
OFFSETS = st.sampled_from(["+00:00", "+01:00", "-05:00", "+05:30", "+13:00", "-03:30"])


def window(**fields):
    return Window.model_validate({"startTime": "22:00", "hours": 4} | fields)


def starts(schedule, first=TODAY, last=date(2027, 3, 1), **fields):
    return [begin for begin, _ in occurrences(window(**schedule, **fields), first, last)]


def days(schedule, **fields):
    return [begin.date().isoformat() for begin in starts(schedule, **fields)]


def test_daily():
    assert days({"daily": {}})[:3] == ["2026-11-23", "2026-11-24", "2026-11-25"]
    assert days({"daily": {"everyDays": 3}, "startDate": "2026-11-24"})[:3] == [
        "2026-11-24",
        "2026-11-27",
        "2026-11-30",
    ]


def test_weekly():
    assert days({"weekly": {"day": "Wednesday"}})[:2] == ["2026-11-25", "2026-12-02"]
    found = days({"weekly": {"day": "Tuesday", "everyWeeks": 2}, "startDate": "2026-11-25"})
    assert found[:3] == ["2026-12-01", "2026-12-15", "2026-12-29"]


def test_a_rhythm_without_a_start_is_azures_choice():
    assert days({"weekly": {"day": "Tuesday", "everyWeeks": 4}})[:2] == ["2026-11-24", "2026-12-01"]


def test_monthly():
    found = days(
        {"monthly": {"dayOfMonth": 15, "everyMonths": 2}, "startDate": "2026-11-01"}, first=date(2026, 10, 1)
    )
    assert found == ["2026-11-15", "2027-01-15"]


@settings(deadline=None)
@given(
    st.sampled_from(["First", "Second", "Third", "Fourth", "Last"]),
    st.integers(0, 6),
    st.integers(2024, 2030),
    st.integers(1, 12),
)
def test_relative_monthly_is_what_the_calendar_says(week, weekday, year, month):
    schedule = {"relativeMonthly": {"week": week, "day": WEEKDAYS[weekday]}}
    first = date(year, month, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    column = [
        d for d in Calendar().itermonthdates(year, month) if d.month == month and d.weekday() == weekday
    ]
    index = {"First": 0, "Second": 1, "Third": 2, "Fourth": 3, "Last": -1}[week]
    assert [begin.date() for begin in starts(schedule, first=first, last=last)] == [column[index]]


def test_every_third_week_all_year():
    found = starts(
        {"weekly": {"day": "Friday", "everyWeeks": 3}, "startDate": "2026-11-28"}, last=date(2027, 12, 31)
    )
    assert [begin.date() for begin in found] == [
        date(2026, 12, 4) + timedelta(weeks=3 * n) for n in range(19)
    ]


def test_every_fifth_month_across_the_years():
    found = days(
        {"monthly": {"dayOfMonth": 9, "everyMonths": 5}, "startDate": "2026-11-01"},
        last=date(2028, 12, 31),
        first=date(2026, 11, 1),
    )
    assert found == ["2026-11-09", "2027-04-09", "2027-09-09", "2028-02-09", "2028-07-09", "2028-12-09"]


@pytest.mark.parametrize(
    ("offset", "utc"),
    [
        ("+05:30", "2026-11-23T16:30"),
        ("+13:00", "2026-11-23T09:00"),
        ("-11:45", "2026-11-24T09:45"),
        ("+00:00", "2026-11-23T22:00"),
    ],
)
def test_offset_and_length(offset, utc):
    [(begin, end)] = occurrences(window(daily={}, utcOffset=offset, hours=6), TODAY, TODAY)
    assert begin == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert end - begin == timedelta(hours=6)


@settings(deadline=None)
@given(
    TIMES,
    TIMES,
    st.integers(4, 24),
    st.integers(4, 24),
    OFFSETS,
    OFFSETS,
    st.integers(0, 6),
    st.integers(0, 6),
)
def test_overlap_is_what_minutes_in_common_say(
    one_time, other_time, one_hours, other_hours, one_offset, other_offset, one_day, other_day
):
    one = window(weekly={"day": WEEKDAYS[one_day]}, startTime=one_time, hours=one_hours, utcOffset=one_offset)
    other = window(
        weekly={"day": WEEKDAYS[other_day]}, startTime=other_time, hours=other_hours, utcOffset=other_offset
    )
    last = TODAY + timedelta(days=28)

    def minutes(opening):
        begin, end = (int(moment.timestamp()) // 60 for moment in opening)
        return set(range(begin, end))

    common = set.union(set(), *(minutes(o) for o in occurrences(one, TODAY, last))) & set.union(
        set(), *(minutes(o) for o in occurrences(other, TODAY, last))
    )
    found = first_overlap(one, other, TODAY, last)
    assert (found is not None) is bool(common)
    if found:
        assert int(found.timestamp()) // 60 == min(common)


def kured_reboots_at(kured, moment):
    """Whether kured's own time window holds the moment: the day first, then the times, wrapped past midnight."""
    local = moment.astimezone(ZoneInfo(kured.time_zone))
    if ("mo", "tu", "we", "th", "fr", "sa", "su")[local.weekday()] not in kured.days:
        return False
    clock = local.strftime("%H:%M")
    if kured.start_time <= kured.end_time:
        return kured.start_time <= clock <= kured.end_time
    return clock >= kured.start_time or clock <= kured.end_time


@st.composite
def reboots_and_windows(draw):
    """A kured and a node OS window that begins within two hours of it, so that often it is just inside."""
    zone = draw(st.sampled_from(ZONES))
    names = draw(st.sets(st.sampled_from(["mo", "tu", "we", "th", "fr", "sa", "su"]), min_size=1))
    kured = Kured(
        days=tuple(names),
        start_time=draw(TIMES),
        end_time=draw(TIMES),
        time_zone=zone,
        drain_timeout=draw(st.sampled_from(["0s", "15m", "45m"])),
    )
    local = datetime.combine(TODAY, time.fromisoformat(kured.start_time), ZoneInfo(zone))
    opens = local.astimezone(UTC) + timedelta(minutes=draw(st.integers(-120, 30)))
    offset = draw(OFFSETS)
    there = opens.astimezone(datetime.fromisoformat(f"2026-11-23T00:00{offset}").tzinfo)
    hours = draw(st.integers(4, 24))
    return kured, window(daily={}, startTime=f"{there:%H:%M}", utcOffset=offset, hours=hours)


def is_open(node_os, moment):
    around = occurrences(node_os, moment.date() - timedelta(days=3), moment.date() + timedelta(days=3))
    return any(begin <= moment <= end for begin, end in around)


def _last(kured, moment, clock):
    """The last time before a moment that kured's clocks show that time."""
    for minutes in range(60):
        before = moment - timedelta(minutes=minutes)
        if f"{before.astimezone(ZoneInfo(kured.time_zone)):%H:%M}" == clock:
            return before
    raise AssertionError(clock)


@settings(deadline=None)
@given(reboots_and_windows())
def test_inside_the_window_is_what_a_year_of_clocks_says(case):
    """An independent walk through a year in the time zone itself, changes of the clock included."""
    kured, node_os = case
    late = outside(kured, node_os, TODAY)
    year = [
        datetime(2026, 11, 23, tzinfo=UTC) + timedelta(minutes=105 * step)
        for step in range(365 * 24 * 60 // 105)
    ]
    if late is None:
        openings = list(occurrences(node_os, TODAY - timedelta(days=9), TODAY + timedelta(days=375)))
        for ahead in (timedelta(), durations.parse(kured.drain_timeout)):
            index = 0
            for moment in year:
                down = moment + ahead
                while openings[index][1] < down:
                    index += 1
                if kured_reboots_at(kured, moment):
                    assert openings[index][0] <= down, (moment, down, openings[index])
    else:
        zone = ZoneInfo(kured.time_zone)
        clock = time.fromisoformat(late.time)
        year_on = (datetime.combine(TODAY + timedelta(days=on), clock, zone) for on in range(366))
        when = f"{late.day} {late.offset.replace(':', '')}"
        moment = next(local for local in year_on if f"{local:%A %z}" == when).astimezone(UTC)
        assert not is_open(node_os, moment)
        begun = moment if late.begun is None else _last(kured, moment, late.begun)
        assert kured_reboots_at(kured, begun)
        assert moment - begun <= durations.parse(kured.drain_timeout)


def test_a_weekly_window_is_open_on_its_day_only():
    kured = Kured(days=("we", "th"), start_time="22:00", end_time="02:00", time_zone="UTC")
    late = outside(kured, window(weekly={"day": "Wednesday"}, startTime="22:00", hours=5), TODAY)
    assert late
    assert (late.day, late.time, late.offset) == ("Wednesday", "00:00", "+00:00")


@pytest.mark.parametrize(
    ("zone", "times", "utc_window", "inside"),
    [
        (
            "Europe/Amsterdam",
            ("01:00", "05:00"),
            ("23:00", 5),
            True,
        ),  # 23:00-03:00 in summer, 00:00-04:00 in winter
        ("Europe/Amsterdam", ("01:00", "05:00"), ("00:00", 5), False),  # summer begins at 23:00
        ("Europe/Amsterdam", ("01:00", "05:00"), ("23:00", 4), False),  # winter ends at 04:00
        ("Asia/Kolkata", ("01:00", "05:00"), ("19:30", 4), True),  # no daylight saving time
        ("Asia/Kolkata", ("01:00", "05:01"), ("19:30", 4), False),
        ("America/New_York", ("22:00", "02:00"), ("02:00", 5), True),  # past midnight, both sides
        ("America/New_York", ("21:59", "02:00"), ("02:00", 5), False),
    ],
)
def test_kured_inside_the_window(zone, times, utc_window, inside):
    kured = Kured(
        days=("su", "mo", "tu", "we", "th", "fr", "sa"),
        start_time=times[0],
        end_time=times[1],
        time_zone=zone,
        drain_timeout="0s",
    )
    node_os = window(daily={}, startTime=utc_window[0], hours=utc_window[1])
    assert (outside(kured, node_os, TODAY) is None) is inside


@pytest.mark.parametrize(
    ("limits", "late"),
    [
        ({"drain_timeout": "1h"}, None),
        ({"drain_timeout": "1h1m"}, ("02:01", "01:00")),
        ({"drain_timeout": "30m", "drain_delay": "31m"}, ("02:01", "01:00")),
        ({"drain_timeout": "60m1s"}, ("02:01", "01:00")),
    ],
)
def test_a_node_may_go_down_as_late_as_its_drain_lasts(limits, late):
    kured = Kured(days=("we",), start_time="00:00", end_time="01:00", **limits)
    found = outside(kured, window(daily={}, startTime="22:00", hours=4), TODAY)
    assert (found and (found.time, found.begun)) == late


def test_the_minute_of_the_end_counts():
    kured = Kured(days=("mo",), start_time="10:00", end_time="10:01", time_zone="UTC")
    assert list(reboot_minutes(kured)) == [600, 601]
    assert list(reboot_minutes(kured.model_copy(update={"end_time": "10:00"}))) == [600]
    assert list(reboot_minutes(kured.model_copy(update={"start_time": "23:59", "end_time": "00:01"}))) == [
        0,
        1,
        1439,
    ]


def test_offsets_of_a_year():
    hours = [offset.total_seconds() / 3600 for offset in offsets(ZoneInfo("Australia/Lord_Howe"), TODAY)]
    assert hours == [10.5, 11]


def test_not_allowed_days():
    maintenance = Maintenance.model_validate({"notAllowed": [{"start": "2026-12-18", "end": "2027-01-04"}]})
    assert [maintenance.is_allowed(date(2026, 12, day)) for day in (17, 18, 31)] == [True, False, False]
    assert maintenance.is_allowed(date(2027, 1, 5))


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("15m", 900), ("1h30m", 5400), ("1h0m1s", 3601), ("0s", 0)]
)
def test_durations(text, seconds):
    assert durations.parse(text).total_seconds() == seconds


@pytest.mark.parametrize("text", ["", "1", "1d", "m", "-1m", "1m1h", "1.5h"])
def test_no_duration(text):
    with pytest.raises(ValueError):
        durations.parse(text)
