"""A plan for people: dates in every form, who and where in its head, colours that stay, cards that fold."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from tests.upgrades.builders import v
from tests.upgrades.plan.test_dates import CATALOG, FREEZE, at, kept, stack
from upgrades.plan.planner import plan
from upgrades.plan.waves.deadlines import with_deadlines
from upgrades.plan.waves.schedule import schedule
from upgrades.render.axis import axis
from upgrades.render.data import as_data
from upgrades.render.html import as_html
from upgrades.render.markdown import as_markdown
from upgrades.render.strips import hue
from upgrades.render.text import as_text

BEGIN = at("2026-11-01T00:00")


def fleet(begin=BEGIN):
    clusters = [
        stack("dev", follower_days=3, subscription="sub-1", resource_group="rg-dev"),
        stack("prod", follows="dev", soak=7, maintenance=kept(freeze=FREEZE)),
    ]
    grown = [
        replace(one, pools=tuple(replace(p, most=9, max_surge="50%", cores=4) for p in one.pools))
        for one in clusters
    ]
    plans = [plan(one, v("1.35.6"), CATALOG, date(2026, 11, 1)) for one in grown]
    return plans, with_deadlines(schedule(plans, begin=begin), CATALOG)


def text(plans, timeline, width=200):
    out = io.StringIO()
    Console(file=out, width=width).print(as_text(plans, timeline))
    return out.getvalue()


def written():
    plans, timeline = fleet()
    return {
        "text": text(plans, timeline),
        "markdown": as_markdown(plans, timeline, BEGIN, "anna"),
        "html": as_html(plans, timeline, BEGIN, "anna"),
    }


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_every_form_has_both_ends_of_every_step_as_dates(form):
    said = written()[form]
    for moment in (
        "Sun 1 Nov 2026 00:00 to 00:15 UTC",
        "Sat 14 Nov 2026 07:00 to 07:15 UTC",
        "Sat 14 Nov 2026 07:15 to ",
    ):
        assert moment in said
    assert "Mon 30 Nov 2026" in said or "2026-11-30" in said
    assert re.search(r"start by Sat 28 Nov 2026, \d\d:\d\d UTC at the latest", said)
    assert "5 addresses, 20 cores" in said, "what it takes at the most nodes"
    assert "from Ubuntu 22.04 to 24.04" in said


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_the_head_says_who_and_where(form):
    said = written()[form]
    assert "anna" in said
    assert "sub-1" in said


def test_the_data_has_iso_times_beside_the_minutes():
    data = as_data(*fleet(), "anna")
    assert (data["by"], data["begin"], data["tooLate"]) == ("anna", "2026-11-01T00:00+00:00", False)
    prod = data["clusters"][1]
    step = prod["steps"][0]
    assert (step["start"], step["end"], step["latestEnd"]) == (
        "2026-11-14T07:00+00:00", "2026-11-14T07:15+00:00", "2026-11-14T08:00+00:00",
    )  # fmt: skip
    assert prod["deadline"]["supportEnds"] == "2026-11-30"
    assert prod["deadline"]["latestStart"].startswith("2026-11-28T")
    assert prod["steps"][1]["most"]["nodes"] == 9


def test_without_a_calendar_there_are_minutes_and_no_dates():
    plans, _ = fleet()
    data = as_data(plans, schedule(plans))
    assert data["begin"] is None
    assert data["clusters"][0]["steps"][0]["start"] is None
    assert "2026" not in text(plans, schedule(plans))


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_too_late_is_said_first_of_all(form):
    plans, timeline = fleet(at("2026-11-27T00:00"))
    assert timeline.too_late
    said = {
        "text": lambda: text(plans, timeline),
        "markdown": lambda: as_markdown(plans, timeline, BEGIN),
        "html": lambda: as_html(plans, timeline, BEGIN),
    }[form]()
    assert re.search(
        r"[Tt]oo late: control plane leaves 1\.34\.9 on 2026-12-05, and its support ends on 2026-11-30", said
    )


def test_a_version_has_the_same_colour_in_every_report_and_neighbours_differ():
    plans, timeline = fleet()
    alone = as_html(plans[:1], schedule(plans[:1]), BEGIN)
    together = as_html(plans, timeline, BEGIN)
    chip = f'<li style="--hue: {hue("1.35.6")}">1.35.6</li>'
    assert chip in alone
    assert chip in together
    for minor in range(25, 60):
        apart = abs(hue(f"1.{minor}.1") - hue(f"1.{minor + 1}.1"))
        assert min(apart, 360 - apart) > 60


def test_cards_fold_on_a_phone_and_details_open_on_paper():
    page = written()["html"]
    assert page.count('<details class="step">') == 6
    assert "@media screen and (max-width: 44rem)" in page
    paper = page[page.index("@media print") :]
    assert "details::details-content { content-visibility: visible" in paper
    assert "<script" not in page


@given(
    st.lists(st.tuples(st.integers(0, 9000), st.integers(1, 400)), min_size=1, max_size=5), st.floats(0, 100)
)
def test_a_place_on_the_axis_leads_back_to_its_minute(busy, place):
    scale = axis([(low, low + more) for low, more in busy], 20_000)
    assert abs(scale.share(scale.minute(place)) - place) < 1e-6


def test_in_a_narrow_terminal_what_comes_too_late_is_a_line_each_and_stays_indented():
    said = text(*fleet(at("2026-12-03T12:00")), width=80).splitlines()
    assert max(map(len, said)) <= 80
    first = [number for number, line in enumerate(said) if line.startswith("  too late: ")]
    assert len(first) >= 3, "one for each step"
    assert all(said[number + 1].startswith("  ") for number in first), (
        "the rest of a line is below its beginning"
    )


def test_a_note_with_a_command_is_whole_in_a_pipe_and_indented_in_a_terminal():
    plans, timeline = fleet()
    command = "upgrades rollback " + "--with-words " * 9
    noted = replace(plans[0], notes=(f"lift it: {command}",))
    slots = tuple(replace(slot, plan=noted) if slot.plan is plans[0] else slot for slot in timeline.slots)
    piped, seen = io.StringIO(), io.StringIO()
    shown = as_text([noted, *plans[1:]], replace(timeline, slots=slots))
    Console(file=piped, width=80, soft_wrap=True).print(shown)
    Console(file=seen, width=80).print(shown)
    assert f"\n  note: lift it: {command}" in piped.getvalue()
    assert "\n  --with-words" in seen.getvalue()
