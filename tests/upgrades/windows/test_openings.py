"""The openings of a stack: cut at forbidden days, joined where they touch, and what fits into them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from settings.calendar.windows import utc_offset
from settings.sections.maintenance import Maintenance
from upgrades.windows import window
from upgrades.windows.calendar import _window
from upgrades.windows.now import closes, next_fit
from upgrades.windows.openings import WITHOUT_END, Openings, minute_of, moment_of

NOW = datetime(2026, 12, 1, tzinfo=UTC)


def kept(hours=8, start="08:00", offset="+01:00", freeze=(), **when):
    spans = [{"start": low, "end": high} for low, high in freeze]
    upgrades = {
        "startTime": start,
        "hours": hours,
        "utcOffset": offset,
        **(when or {"weekly": {"day": "Saturday"}}),
    }
    made: Any = Maintenance.model_validate({"upgrades": upgrades, "notAllowed": spans})
    return made


def at(text):
    return datetime.fromisoformat(text + "+00:00")


def test_the_first_saturday_after_a_freeze():
    maintenance: Any = kept(freeze=[("2026-12-18", "2027-01-04")])
    assert next_fit(maintenance, at("2026-12-12T15:00"), 60) == at("2027-01-09T07:00")
    assert window(maintenance, at("2026-12-12T15:00")) == (False, at("2027-01-09T07:00"))


def test_what_does_not_fit_before_the_window_closes_waits_for_the_next():
    maintenance: Any = kept()
    ten_before = at("2026-12-05T14:50")
    assert window(maintenance, ten_before)[0] is True
    assert next_fit(maintenance, ten_before, 10) == ten_before
    assert next_fit(maintenance, ten_before, 11) == at("2026-12-12T07:00")
    assert closes(maintenance, ten_before) == at("2026-12-05T15:00")
    assert next_fit(maintenance, ten_before, 8 * 60 + 1) is None


def test_an_opening_of_the_evening_before_a_forbidden_day_closes_at_midnight():
    maintenance: Any = kept(
        start="22:00", hours=6, weekly={"day": "Thursday"}, freeze=[("2026-12-18", "2026-12-20")]
    )
    evening = at("2026-12-17T22:30")  # 23:30 at the window's offset
    assert window(maintenance, evening)[0] is True
    assert closes(maintenance, evening) == at("2026-12-17T23:00")
    assert window(maintenance, at("2026-12-17T23:00"))[0] is False


def test_an_opening_that_begins_on_a_forbidden_day_stays_closed_after_midnight():
    maintenance: Any = kept(
        start="22:00", hours=6, weekly={"day": "Friday"}, freeze=[("2026-12-18", "2026-12-18")]
    )
    assert window(maintenance, at("2026-12-19T00:30"))[0] is False


@pytest.mark.parametrize(
    ("start", "offset", "freeze", "moment", "until"),
    [
        # past midnight and the turn of the year, and past the leap day
        ("22:00", "+00:00", (), "2027-01-01T03:59", "2027-01-01T04:00"),
        ("22:00", "+00:00", ("2026-12-31", "2026-12-31"), "2027-01-01T03:00", None),
        ("22:00", "+00:00", ("2027-01-01", "2027-01-01"), "2026-12-31T23:59", "2027-01-01T00:00"),
        ("22:00", "+00:00", (), "2028-02-29T01:00", "2028-02-29T04:00"),
        ("22:00", "+00:00", ("2028-02-29", "2028-02-29"), "2028-02-28T23:00", "2028-02-29T00:00"),
        ("22:00", "+00:00", ("2028-02-29", "2028-02-29"), "2028-02-29T23:00", None),
        ("22:00", "+00:00", ("2028-02-29", "2028-02-29"), "2028-03-01T22:00", "2028-03-02T04:00"),
        # days are counted at the window's offset, on either side of the date line
        ("22:00", "+13:00", ("2027-01-01", "2027-01-01"), "2026-12-31T10:30", "2026-12-31T11:00"),
        ("22:00", "-11:00", ("2027-01-01", "2027-01-01"), "2027-01-01T10:30", "2027-01-01T11:00"),
        # a night on which clocks are put back or forward in Europe: an offset stays
        ("22:00", "+01:00", (), "2026-10-25T02:59", "2026-10-25T03:00"),
        ("22:00", "+01:00", (), "2027-03-28T02:59", "2027-03-28T03:00"),
    ],
)
def test_an_opening_over_midnight_ends_with_its_hours_or_where_a_forbidden_day_begins(
    start, offset, freeze, moment, until
):
    daily: Any = kept(6, start, offset, [freeze] if freeze else (), daily={"everyDays": 1})
    assert window(daily, at(moment))[0] is (until is not None)
    assert closes(daily, at(moment)) == (at(until) if until else None)


def test_a_window_of_the_29th_skips_the_februaries_without_one():
    monthly: Any = kept(monthly={"dayOfMonth": 29, "everyMonths": 1})
    assert next_fit(monthly, at("2027-01-30T00:00"), 60) == at("2027-03-29T07:00")
    assert next_fit(monthly, at("2028-01-30T00:00"), 60) == at("2028-02-29T07:00")


def test_forbidden_days_that_overlap_or_touch_are_one():
    freeze = [("2026-12-20", "2026-12-31"), ("2026-12-18", "2026-12-24"), ("2027-01-01", "2027-01-01")]
    maintenance = Maintenance.model_validate({"notAllowed": [{"start": a, "end": b} for a, b in freeze]})
    assert window(maintenance, at("2026-12-17T23:59"))[0] is True
    assert next_fit(maintenance, at("2026-12-25T00:00"), 60) == at("2027-01-02T00:00")


def test_forbidden_days_close_a_stack_without_a_window():
    maintenance = Maintenance.model_validate({"notAllowed": [{"start": "2026-12-18", "end": "2027-01-04"}]})
    assert window(maintenance, at("2026-12-20T12:00")) == (False, at("2027-01-05T00:00"))
    assert window(maintenance, at("2026-12-17T12:00"))[0] is True
    assert next_fit(maintenance, at("2026-12-17T23:30"), 60) == at("2027-01-05T00:00")
    assert window(Maintenance(), NOW) == (True, None)
    assert closes(Maintenance(), NOW) is None


@pytest.mark.parametrize("freeze", [[], [{"start": "2026-12-18", "end": "2027-01-04"}]])
def test_a_stack_without_a_window_is_open_in_the_middle_of_a_minute(freeze):
    maintenance: Any = Maintenance.model_validate({"notAllowed": freeze})
    now = at("2026-12-17T22:30:20")
    assert window(maintenance, now)[0] is True
    assert next_fit(maintenance, now, 60) == now
    assert window(maintenance, at("2026-12-18T00:00:20"))[0] is not bool(freeze)


def test_a_window_counts_from_its_first_second_and_not_before():
    maintenance: Any = kept()
    early = at("2026-12-05T06:59") + timedelta(seconds=30)
    assert window(maintenance, early)[0] is False
    assert next_fit(maintenance, early, 60) == at("2026-12-05T07:00")


def test_days_that_follow_one_another_without_a_gap_are_one_opening():
    maintenance: Any = kept(hours=24, start="00:00", offset="+00:00", daily={"everyDays": 1})
    assert Openings(maintenance, NOW).longest == WITHOUT_END
    assert next_fit(maintenance, NOW, 3 * 24 * 60) == NOW


@pytest.mark.parametrize(
    "when",
    [
        {"monthly": {"dayOfMonth": 31, "everyMonths": 2}},
        {"relativeMonthly": {"week": "Last", "day": "Monday"}},
    ],
)
def test_rare_windows_are_found(when):
    opens = next_fit(kept(**when), NOW, 60)
    assert opens is not None
    assert opens > NOW


def test_the_last_start_before_a_moment():
    openings: Any = Openings(kept(), NOW)
    assert moment_of(openings.last_fit(minute_of(at("2026-12-20T00:00")), 60)) == at("2026-12-19T14:00")
    assert moment_of(openings.last_fit(minute_of(at("2026-12-19T07:30")), 60)) == at("2026-12-12T14:00")
    assert openings.last_fit(minute_of(at("2026-12-05T07:30")), 60) is None


def test_the_calendar_shows_the_cut():
    maintenance: Any = kept(
        start="22:00", hours=6, weekly={"day": "Thursday"}, freeze=[("2026-12-18", "2026-12-20")]
    )
    entries = [
        (entry.begin, entry.allowed)
        for entry in _window(
            "upgrades", maintenance.upgrades, maintenance, at("2026-12-17T00:00"), at("2026-12-18T12:00")
        )
        if entry.begin.date() == at("2026-12-17T00:00").date()
    ]
    assert entries == [(at("2026-12-17T21:00"), True), (at("2026-12-17T23:00"), False)]


WHEN = st.sampled_from(
    [{"weekly": {"day": "Friday"}}, {"daily": {"everyDays": 1}}, {"monthly": {"dayOfMonth": 15}}]
)


@settings(max_examples=150, deadline=None)
@given(
    WHEN,
    st.integers(4, 24),
    st.integers(0, 23),
    st.sampled_from(["-05:30", "+00:00", "+13:00"]),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9)), max_size=3),
    st.integers(0, 40 * 24 * 60),
    st.integers(1, 26 * 60),
)
def test_what_is_said_to_fit_is_open_all_the_time_and_nothing_earlier_is(  # the long way round, minute by minute
    when, hours, start, offset, freezes, minute, length
):
    day = NOW.date()
    spans = [(str(day + timedelta(days=low)), str(day + timedelta(days=low + more))) for low, more in freezes]
    maintenance: Any = kept(hours, f"{start:02}:00", offset, spans, **when)
    at_ = NOW + timedelta(minutes=minute)
    found = next_fit(maintenance, at_, length)
    if found is None:
        assert length > hours * 60
        return
    assert found >= at_
    zone = utc_offset(maintenance.upgrades)
    for later in range(0, length, 7):
        moment = found + timedelta(minutes=later)
        assert maintenance.is_allowed((moment + zone).date())
        assert window(maintenance, moment)[0]
    if found > at_:
        assert next_fit(maintenance, found - timedelta(minutes=1), length) == found
        assert not _open_for(maintenance, found - timedelta(minutes=1), length)


def _open_for(maintenance, moment, length):
    return (
        all(window(maintenance, moment + timedelta(minutes=one))[0] for one in range(0, length, 7))
        and (window(maintenance, moment + timedelta(minutes=length - 1))[0])
    )
