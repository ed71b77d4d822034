"""The HTML pages in headless Chromium: they render, say nothing on the console, load nothing, and fit a phone."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from tests.upgrades.builders import TODAY, catalog, cluster, pool, v
from tests.upgrades.scenarios import SCENARIOS
from upgrades.plan import plan
from upgrades.progress import step_data
from upgrades.record import record
from upgrades.render.html import as_html, report_page
from upgrades.waves import schedule

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)
PHONE, DESK = (390, 844), (1280, 900)
LONG = "a-name-that-somebody-made-very-long-without-any-break-" * 3


@pytest.fixture(scope="module")
def browser():
    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    assert chromium and chromedriver, "a browser is missing: make system-packages"  # noqa: PT018  # one remedy
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(chromedriver))
    yield driver
    driver.quit()


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


PAGES = {"plan": plan_page, "report": report}


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("name", PAGES)
def test_the_page_renders_quietly_and_fits(browser, tmp_path, name, size):
    path = tmp_path / f"{name}.html"
    path.write_text(PAGES[name](), encoding="utf-8")
    browser.get_log("browser")
    browser.get_log("performance")
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size == PHONE},
    )
    browser.get(path.as_uri())
    assert browser.execute_script("return document.readyState") == "complete"
    assert browser.get_log("browser") == []
    asked = [
        entry for entry in browser.get_log("performance") if '"Network.requestWillBeSent"' in entry["message"]
    ]
    assert len(asked) == 1, "the page itself and nothing else"
    wide = "return [...document.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
    inside = ".filter(e => !e.closest('.strip')).map(e => e.outerHTML.slice(0, 120))"
    assert browser.execute_script(wide + inside) == []
    assert browser.execute_script("return document.documentElement.scrollWidth") <= size[0]
    small = "return Math.min(...[...document.querySelectorAll('td, p, li, h1')].map(e => parseFloat(getComputedStyle(e).fontSize)))"
    assert browser.execute_script(small) >= 12


def test_the_plan_shows_the_timeline_and_every_pools_versions(browser, tmp_path):
    path = tmp_path / "plan.html"
    path.write_text(plan_page(), encoding="utf-8")
    browser.get(path.as_uri())
    visible = browser.find_element(By.TAG_NAME, "body").text
    for text in (
        "Timeline",
        "staging aks-staging",
        "1.36.7",
        "auto-upgrade channel 'rapid'",
        "<script>alert(1)</script>",
    ):
        assert text in visible
    bars = browser.find_elements(By.CSS_SELECTOR, "#timeline .change")
    assert len(bars) == 6 + 6 + 6
    assert all(bar.size["width"] >= 3 and bar.size["height"] > 10 for bar in bars)
