"""Plans in the calendar: windows, freezes, promotion; the planner and the window's gate hold each other."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from secure_aks_lifecycle.facts.catalog import Catalog

from settings.sections.maintenance import Maintenance
from tests.upgrades.builders import TODAY, catalog, cluster, pool, v
from tests.upgrades.windows.test_openings import at, kept
from upgrades.gates.base import Verdict
from upgrades.gates.window import Window
from upgrades.model.view import View
from upgrades.plan.planner import plan
from upgrades.plan.waves.bound import lower_bound
from upgrades.plan.waves.deadlines import with_deadlines
from upgrades.plan.waves.schedule import schedule
from upgrades.windows.placing import DAY

CATALOG = Catalog.load()
FREEZE = [("2026-12-18", "2027-01-04")]


def stack(name, version="1.34.9", follows=None, soak=0, maintenance=None, **changes):
    base = cluster(
        version, [pool("system", version, mode="System", nodes=3), pool("general", version, nodes=5)]
    )
    return replace(
        base,
        stack=name,
        name=f"aks-{name}",
        follows=follows,
        soak_days=soak,
        maintenance=maintenance,
        **changes,
    )


def placed(clusters, begin, target="1.35.6", on=date(2026, 11, 28), **options) -> Any:
    plans = [plan(item, v(target), CATALOG, on) for item in clusters]
    return schedule(plans, begin=begin, **options)


def moments(timeline, name) -> Any:
    slot = next(slot for slot in timeline.slots if slot.plan.cluster.stack == name)
    return [timeline.moment(start) for start in slot.starts]


def test_where_windows_close_the_longest_of_a_rank_goes_first():
    pools = [pool("a", "1.34.9", nodes=2), pool("z", "1.34.9", nodes=9)]
    for maintenance, order in ((kept(), ["z", "a"]), (Maintenance(), ["a", "z"]), (None, ["a", "z"])):
        made = plan(cluster("1.34.9", pools, maintenance=maintenance), v("1.35.6"), CATALOG, TODAY)
        assert [step.target for step in made.steps[1:]] == order


def test_prod_with_a_saturday_window_and_a_freeze_comes_in_january():
    fleet = [
        stack("dev", follower_days=3),
        stack(
            "staging",
            follows="dev",
            soak=3,
            follower_days=7,
            maintenance=kept(weekly={"day": "Thursday"}, freeze=FREEZE),
        ),
        stack("prod", follows="staging", soak=7, maintenance=kept(freeze=FREEZE), lts=True),
    ]
    timeline = placed(fleet, at("2026-12-03T12:00"))
    assert moments(timeline, "dev")[0] == at("2026-12-03T12:00")
    assert moments(timeline, "staging")[0] == at("2026-12-10T07:00")
    begins = moments(timeline, "prod")
    assert begins[0] == at("2027-01-09T07:00")
    assert [one.date() for one in begins] == [date(2027, 1, 9)] * 3
    ends = [
        one + timedelta(minutes=step.duration.expected)
        for one, step in zip(begins, timeline.slots[-1].plan.steps, strict=True)
    ]
    assert begins[1:] == ends[:-1]


def test_steps_that_do_not_all_fit_go_on_in_the_next_opening():
    maintenance = kept(hours=4)
    big = cluster(
        "1.34.9",
        [pool("system", "1.34.9", mode="System", nodes=5), pool("general", "1.34.9", nodes=5)],
        maintenance=maintenance,
    )
    begins = moments(placed([big], at("2026-12-05T08:00")), "dev")
    assert [f"{one:%d %H:%M}" for one in begins] == ["05 08:00", "12 07:00", "12 07:35"]


def test_a_step_that_no_opening_takes_blocks_and_says_what_to_do():
    slow = cluster("1.34.9", [pool("general", "1.34.9", nodes=30)], maintenance=kept(hours=4))
    [blocker] = plan(slow, v("1.35.6"), CATALOG, TODAY).blockers
    assert blocker.what == "pool general"
    assert "takes at most 17 h 30 min, and the longest opening of the `upgrades` window is 4 h" in blocker.why
    assert "maxSurge" in blocker.unblock


LONG_FREEZES = [
    (kept(freeze=[("2026-11-01", "2099-01-01")]), "the freeze .*notAllowed leaves none .2026-11-01 to 2099-01-01."),
    (kept(freeze=[("2026-11-01", "2027-12-31"), ("2028-01-01", "2032-01-01"), ("2020-01-01", "2025-01-01")]),
     "leaves none .2026-11-01 to 2027-12-31, 2028-01-01 to 2032-01-01.$"),
    (kept(weekly={"day": "Saturday"}, startDate="2035-03-03"), "the `upgrades` window begins on 2035-03-03"),
]  # fmt: skip


@pytest.mark.parametrize(("maintenance", "words"), LONG_FREEZES)
def test_a_window_that_stays_closed_for_years_blocks_its_own_stack_and_names_what_keeps_it(
    maintenance, words
):
    frozen, moment = stack("prod", maintenance=maintenance), at("2026-12-03T12:00")
    timeline = placed([frozen, stack("dev")], moment)
    by_stack = {slot.plan.cluster.stack: slot.plan for slot in timeline.slots}
    [blocker] = by_stack["prod"].blockers
    assert re.search(words, blocker.why)
    assert by_stack["dev"].steps
    [step, *_] = by_stack["dev"].steps
    [finding] = Window().run(View(at=moment, maintenance=maintenance), step).findings
    assert re.search(words, finding.why)
    assert "long enough" not in finding.why
    late = replace(by_stack["dev"], cluster=frozen)  # planned before somebody wrote the freeze
    with pytest.raises(ValueError, match=f"fits into no opening.*{words.rstrip('$')}"):
        schedule([late], begin=moment)


def test_soak_minutes_stand_between_the_steps():
    begins = moments(placed([stack("dev")], at("2026-12-03T12:00"), soak=60), "dev")
    assert begins[1] - begins[0] == timedelta(minutes=15 + 60)


def test_a_start_within_a_minute_begins_with_the_next_one():
    timeline = placed([stack("dev")], at("2026-12-03T12:00") + timedelta(seconds=20))
    assert timeline.begin == at("2026-12-03T12:01")


# -- the planner and the gate hold each other ------------------------------------------------------------------

WINDOWS = st.sampled_from(
    [{"weekly": {"day": "Saturday"}}, {"weekly": {"day": "Tuesday"}}, {"monthly": {"dayOfMonth": 20}}]
)


@st.composite
def fleets(draw):
    clusters = []
    for number in range(draw(st.integers(1, 5))):
        spans = [
            (
                str(date(2026, 12, 1) + timedelta(days=low)),
                str(date(2026, 12, 1) + timedelta(days=low + more)),
            )
            for low, more in draw(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=2))
        ]
        maintenance = draw(
            st.sampled_from([None, Maintenance()])
            | st.just(
                kept(
                    draw(st.integers(4, 12)),
                    f"{draw(st.integers(0, 23)):02}:00",
                    draw(st.sampled_from(["-08:00", "+05:30"])),
                    spans,
                    **draw(WINDOWS),
                )
            )
        )
        follows = draw(st.sampled_from([None, *(f"s{n}" for n in range(number))]))
        nodes = draw(st.integers(0, 6))
        general = pool("general", "1.34.7", nodes=nodes, drain_minutes=draw(st.sampled_from([5, 30])))
        clusters.append(
            replace(
                cluster(pools=[general], maintenance=maintenance),
                stack=f"s{number}",
                name=f"c{number}",
                follows=follows,
                soak_days=draw(st.integers(0, 3)) if follows else 0,
                follower_days=draw(st.sampled_from([0, 2])),
                hold_days=draw(st.sampled_from([{}, {"control plane": 3}])),
            )
        )
    return clusters


@settings(max_examples=150, deadline=None)
@given(fleets(), st.integers(1, 3), st.integers(0, 20 * DAY), st.sampled_from(["1.35.7", "1.36.7"]))
def test_every_step_starts_where_its_gate_passes_and_no_earlier_than_it_may(
    clusters, concurrency, offset, target
):
    begin = at("2026-12-01T00:00") + timedelta(minutes=offset)
    plans = [plan(item, v(target), catalog(), TODAY) for item in clusters]
    timeline: Any = schedule(plans, concurrency, begin)
    assert lower_bound(plans, concurrency, begin) <= timeline.makespan
    ends = {}
    for slot in timeline.slots:
        last, arrived = 0, {}
        here = slot.plan.cluster
        for step, start in zip(slot.plan.steps, slot.starts, strict=True):
            view = View(at=timeline.moment(start), maintenance=here.maintenance or Maintenance())
            assert Window().run(view, step).verdict is Verdict.PASS
            assert start >= last
            if step.target in arrived:
                assert start >= arrived[step.target] + here.follower_days * DAY
            else:
                assert start >= here.hold_days.get(step.target, 0) * DAY
            last = arrived[step.target] = start + step.duration.expected
        ends[here.stack] = slot.end
    busy = [
        (start, start + step.duration.expected)
        for slot in timeline.slots
        for step, start in zip(slot.plan.steps, slot.starts, strict=True)
    ]
    for begins, _ in busy:
        assert sum(low <= begins < high for low, high in busy) <= concurrency
    for slot in timeline.slots:
        here = slot.plan.cluster
        if here.follows and slot.starts:
            assert slot.start >= ends[here.follows] + here.soak_days * DAY


# -- the last start in time ------------------------------------------------------------------------------------


def dated(clusters, begin, target="1.35.6", on=date(2026, 11, 1)) -> Any:
    return with_deadlines(placed(clusters, begin, target, on), CATALOG)


def test_the_last_start_is_the_last_window_before_support_ends():
    timeline = dated([stack("prod", maintenance=kept())], at("2026-11-01T00:00"))
    [slot] = timeline.slots
    assert (slot.deadline.ends, slot.deadline.what, slot.deadline.late) == (date(2026, 11, 30), "1.34.9", ())
    assert slot.deadline.latest.date() == date(2026, 11, 28)
    again = dated([stack("prod", maintenance=kept())], slot.deadline.latest)
    assert again.too_late is False
    assert (
        dated([stack("prod", maintenance=kept())], slot.deadline.latest + timedelta(hours=4)).too_late is True
    )


def test_it_is_too_late_when_the_last_window_is_over():
    timeline = dated([stack("prod", maintenance=kept())], at("2026-11-28T15:00"))
    [slot] = timeline.slots
    assert timeline.too_late
    assert slot.deadline.latest is None
    assert (
        "control plane leaves 1.34.9 on 2026-12-05, and its support ends on 2026-11-30"
        in slot.deadline.late[0]
    )


def test_those_who_follow_have_to_be_in_time_too():
    fleet = [stack("staging", follower_days=7), stack("prod", follows="staging", soak=7, maintenance=kept())]
    timeline = dated(fleet, at("2026-11-01T00:00"))
    latest = {slot.plan.cluster.stack: slot.deadline.latest for slot in timeline.slots}
    assert latest["prod"].date() == date(2026, 11, 28)
    assert latest["staging"] < latest["prod"] - timedelta(days=7)


def test_what_is_not_in_the_catalog_has_no_deadline():
    timeline = dated([stack("dev", "1.35.99")], at("2026-11-01T00:00"), "1.35.99")
    assert timeline.slots[0].deadline is None


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 40 * DAY), st.integers(4, 12), WINDOWS, st.sampled_from([0, 2]))
def test_a_start_up_to_the_last_one_is_in_time_and_a_later_one_is_not(offset, hours, when, days):
    here = [
        stack(
            "prod", maintenance=kept(hours, freeze=[("2026-11-10", "2026-11-12")], **when), follower_days=days
        )
    ]
    begin = at("2026-10-15T00:00") + timedelta(minutes=offset)
    timeline = dated(here, begin)
    latest = timeline.slots[0].deadline.latest
    assert (latest is None) == timeline.too_late
    if latest:
        assert not dated(here, latest).too_late
        assert dated(here, latest + timedelta(minutes=1)).too_late


def test_a_gate_says_when_the_step_fits_next():
    made = plan(stack("prod", maintenance=kept()), v("1.35.6"), CATALOG, TODAY)
    step = made.steps[0]

    def found(moment, maintenance):
        return Window().run(View(at=moment, maintenance=maintenance), step)

    late = found(at("2026-12-05T14:50"), kept(freeze=FREEZE))
    assert late.verdict is Verdict.FAIL
    assert (
        late.findings[0].why == "closes Sat 5 Dec 2026, 15:00 UTC, in 10 min, and the step takes at most 1 h"
    )
    assert late.findings[0].remedy == "wait; the next opening that fits begins Sat 12 Dec 2026, 07:00 UTC"
    closed = found(at("2026-12-13T00:00"), kept(freeze=FREEZE))
    assert closed.findings[0].remedy == "wait; the next opening that fits begins Sat 9 Jan 2027, 07:00 UTC"
    long = replace(step, duration=replace(step.duration, longest=9 * 60))
    [finding] = Window().run(View(at=at("2026-12-05T08:00"), maintenance=kept()), long).findings
    assert "none of its openings is long enough for 9 h" in finding.why
    assert found(datetime(2026, 12, 5, 8, tzinfo=UTC), Maintenance()).verdict is Verdict.PASS
