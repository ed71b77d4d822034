"""The HTML pages in headless Chromium: they render, say nothing on the console, load nothing, and fit a phone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.upgrades.browser import Browser
from tests.upgrades.builders import TODAY, catalog, cluster, pool, v
from tests.upgrades.render.test_dated_forms import fleet
from tests.upgrades.scenarios import SCENARIOS
from upgrades.journal.progress import step_data
from upgrades.journal.record import record
from upgrades.plan.planner import plan
from upgrades.plan.waves.schedule import schedule
from upgrades.render.html import as_html, report_page

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)
DARK = [{"name": "prefers-color-scheme", "value": "dark"}]
PHONE, DESK = (390, 844), (1280, 900)
LONG = "a-name-that-somebody-made-very-long-without-any-break-" * 3


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with Browser(tmp_path_factory.mktemp("profile")) as running:
        yield running


def plan_page():
    scenario = SCENARIOS["fleet-promotion-two-minors"]
    odd = cluster(
        "1.34.7", [pool(LONG, mode="System"), pool("<script>alert(1)</script>")], auto_upgrade="none"
    )
    blocked = SCENARIOS["blocked-several-at-once"].clusters
    plans = [plan(item, v(scenario.target), catalog(), TODAY) for item in (*scenario.clusters, odd, *blocked)]
    return as_html(plans, schedule(plans), NOW)


def report():
    steps = plan(cluster(), v("1.35.7"), catalog(), TODAY).steps
    gate = {
        "code": "PDB001",
        "title": "Budgets",
        "level": "Required",
        "verdict": "fail",
        "ignored": [],
        "findings": [{"resource": LONG, "why": "allows none", "remedy": "wait"}],
    }
    at = {"at": NOW.isoformat()}
    entries = [
        {
            "event": "started",
            "steps": [step_data(s) for s in steps],
            "stack": "dev",
            "cluster": "aks",
            "target": "1.35.7",
            "by": "somebody",
            "engine": "the emulator",
            "soak": 5,
            **at,
        },
        {"event": "gates-passed", "index": 0, "gates": [gate | {"verdict": "pass", "findings": []}], **at},
        {"event": "edited", "index": 0, **at},
        {
            "event": "up-started",
            "index": 0,
            "preview": ["update ManagedCluster cluster (kubernetesVersion)"],
            **at,
        },
        {"event": "retry", "what": "up", "error": LONG, "seconds": 30.0, **at},
        {"event": "up-finished", "index": 0, **at},
        {"event": "settled", "index": 0, "gates": [gate | {"verdict": "nothing to check"}], **at},
        {"event": "step-finished", "index": 0, **at},
        {"event": "stopped", "why": f"gates before: {LONG}", "remedy": "clear them", "gates": [gate], **at},
    ]
    found = record(entries)
    assert found
    return report_page(found)


def dated():
    plans, timeline = fleet(NOW)
    return as_html(plans, timeline, NOW)


PAGES = {"plan": plan_page, "dated": dated, "report": report}


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("name", PAGES)
def test_the_page_renders_quietly_and_fits(browser, tmp_path, name, size):
    path = tmp_path / f"{name}.html"
    path.write_text(PAGES[name](), encoding="utf-8")
    browser.open(path.as_uri(), *size, mobile=size == PHONE)
    said = browser.of("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")
    assert said == []
    assert len(browser.of("Network.requestWillBeSent")) == 1, "the page itself and nothing else"
    wide = "[...document.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
    inside = ".filter(e => !e.closest('.strip')).map(e => e.outerHTML.slice(0, 120))"
    assert browser.ask(wide + inside) == []
    assert browser.ask("innerWidth") == size[0]
    assert browser.ask("document.documentElement.scrollWidth") <= size[0]
    labels = "[...document.querySelectorAll('.ticks')].map(t => [...t.children].map(e => e.getBoundingClientRect()))"
    overlaps = ".map(row => row.filter((box, n) => n && box.left < row[n - 1].right).length)"
    on_top = "[...document.querySelectorAll('.wait')].map(e => [...e.parentNode.children].indexOf(e) >= e.parentNode.querySelectorAll('.stretch').length)"
    assert set(browser.ask(on_top)) <= {True}, "a break lies on what it breaks"
    assert set(browser.ask(labels + overlaps)) <= {0}, "no label of an axis lies on another"
    if size == PHONE:
        said = "[...document.querySelectorAll('.said')].map(e => getComputedStyle(e).textAlign)"
        assert set(browser.ask(said)) <= {"left", "start"}, "sentences begin at the left"
    browser.call("Emulation.setEmulatedMedia", media="print", features=DARK)
    why = (
        "[...document.querySelectorAll('.wide td[data-label=why]')].map(e => e.getBoundingClientRect().width)"
    )
    assert all(width >= 150 for width in browser.ask(why)), "a reason on paper has room for its words"
    printed = "[...document.querySelectorAll('.wide, .evidence')].map(e => e.checkVisibility())"
    assert set(browser.ask(printed)) == {True}, "what is folded is opened for paper"
    paper = "[document.body, ...document.querySelectorAll('.change')].map(e => getComputedStyle(e))"
    assert browser.ask(f"{paper}[0].backgroundColor") == "rgb(251, 252, 254)", "paper is not dark"
    assert set(browser.ask(f"{paper}.map(e => e.printColorAdjust)")) == {"exact"}, "bars are printed"
    browser.call("Emulation.setEmulatedMedia", media="", features=[])
    texts = "[...document.querySelectorAll('td, p, li, h1')]"
    assert browser.ask(f"Math.min(...{texts}.map(e => parseFloat(getComputedStyle(e).fontSize)))") >= 12


def test_the_plan_shows_the_timeline_and_every_pools_versions(browser, tmp_path):
    path = tmp_path / "plan.html"
    path.write_text(plan_page(), encoding="utf-8")
    browser.open(path.as_uri(), *DESK, mobile=False)
    visible = browser.ask("document.body.innerText")
    for text in (
        "Timeline",
        "staging aks-staging",
        "1.36.7",
        "auto-upgrade channel 'rapid'",
        "<script>alert(1)</script>",
    ):
        assert text in visible
    boxes = "[...document.querySelectorAll('#timeline .change')].map(e => e.getBoundingClientRect())"
    bars = browser.ask(f"{boxes}.map(b => [b.width, b.height])")
    assert len(bars) == 6 + 6 + 6
    assert all(width >= 3 and height > 10 for width, height in bars)


def test_the_report_shows_when_each_target_changed_and_where_it_stopped(browser, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(report(), encoding="utf-8")
    browser.open(path.as_uri(), *DESK, mobile=False)
    strips = "[...document.querySelectorAll('#timeline .strip')]"
    drawn = browser.ask(
        f"{strips}.map(s => ['.stretch', '.change', '.halt'].map(c => s.querySelectorAll(c).length))"
    )
    assert drawn == [[2, 1, 1], [1, 0, 1], [1, 0, 1]], "one of three steps has begun, and it stopped once"
