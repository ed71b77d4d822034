"""How a check is written: the files under `golden` are what is printed, letter by letter.

`UPDATE_GOLDEN=1 pytest tests/upgrades/check` writes them anew; read the difference before you keep it.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from secure_aks_lifecycle.facts.catalog import Catalog

from tests.upgrades.builders import v
from upgrades.check.assess import assess
from upgrades.check.data import as_data
from upgrades.check.markdown import as_markdown
from upgrades.check.sarif import as_sarif
from upgrades.check.summary import as_summary
from upgrades.check.text import as_text
from upgrades.check.upcoming import upcoming
from upgrades.check.values import RULES, Check, Observed, Unseen
from upgrades.gates.base import Finding, Level, Result, Verdict, When
from upgrades.model.clusters import CONTROL_PLANE, Cluster, Pool

ROOT, GOLDEN = Path(__file__).parents[3], Path(__file__).parent / "golden"
TODAY = date(2026, 11, 23)
GATE = Result(
    "PDB001",
    "PodDisruptionBudgets allow a disruption",
    Level.REQUIRED,
    When.BEFORE,
    Verdict.FAIL,
    (Finding("budget shop/web", "allows no disruption", "raise its pods"),),
)


def sample() -> Check:
    catalog = Catalog.load()
    dev = Observed(
        Cluster("aks-dev", "dev", v("1.35.6"), (Pool("spot", v("1.35.5")), Pool("a|b", v("1.33.13")))),
        "stack dev",
        ROOT / "Pulumi.dev.yaml",
        images={"spot": "AKSUbuntu-2404gen2containerd-202610.01.0"},
        newest_images={"spot": "AKSUbuntu-2404gen2containerd-202611.20.0"},
    )
    old = Observed(
        Cluster("old", "rg", v("1.34.9"), (Pool("system", v("1.34.9"), mode="System"),)),
        "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/old",
        offered={CONTROL_PLANE: frozenset()},
        unread={"the upgrades of pool system": "Azure answered 403: no right"},
    )
    reports = [
        assess(seen, upcoming(seen, catalog, TODAY), gates, catalog, TODAY, 60)
        for seen, gates in ((dev, [GATE]), (old, None))
    ]
    return Check(TODAY, 60, catalog.date, reports, [Unseen("prod", "stack prod", "no login")])


def printed() -> str:
    console = Console(file=StringIO(), width=140, force_terminal=False)
    console.print(as_text(sample()))
    text = console.file.getvalue()  # pyright: ignore[reportAttributeAccessIssue]  # a StringIO
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


FORMS = {
    "check.txt": printed,
    "check.md": lambda: as_markdown(sample()),
    "check.json": lambda: json.dumps(as_data(sample()), indent=2) + "\n",
    "check.sarif": lambda: json.dumps(as_sarif(sample()), indent=2) + "\n",
}


@pytest.mark.parametrize("name", FORMS)
def test_it_is_written_as_ever(name):
    written, file = FORMS[name](), GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(written, encoding="utf-8")
    assert written == file.read_text(encoding="utf-8")


def test_sarif_is_what_the_standard_asks():
    """Of the standard (OASIS SARIF 2.1.0): sections 3.13, 3.19, 3.27, 3.28, 3.30; and what code hosts ask besides."""
    sarif = as_sarif(sample())
    assert sarif["version"] == "2.1.0"
    (run,) = sarif["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert run["results"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
        assert result["message"]["text"]
        for location in result["locations"]:
            physical = location.get("physicalLocation")
            if physical:
                assert "://" not in physical["artifactLocation"]["uri"]
                assert not physical["artifactLocation"]["uri"].startswith("/")
                assert physical["region"]["startLine"] >= 1


def test_a_finding_of_a_stack_points_at_its_line():
    (run,) = as_sarif(sample())["runs"]
    (spot,) = [r for r in run["results"] if r["ruleId"] == "UPG004" and "spot" in r["message"]["text"]]
    place = spot["locations"][0]["physicalLocation"]
    line = (ROOT / "Pulumi.dev.yaml").read_text().splitlines()[place["region"]["startLine"] - 1]
    assert line.strip().startswith("version: 1.35.5")


def test_a_finding_keeps_its_fingerprint_while_the_days_go_by():
    def prints(day):
        seen = sample().reports[1].observed
        catalog = Catalog.load()
        report = assess(seen, None, None, catalog, day, 60)
        (run,) = as_sarif(Check(day, 60, catalog.date, [report]))["runs"]
        return {(r["ruleId"], r["partialFingerprints"]["secureAksFinding/v1"]) for r in run["results"]}

    assert prints(TODAY) == prints(date(2026, 11, 24)) != set()


def test_the_page_lists_the_rules():
    page = (ROOT / "docs" / "upgrades.md").read_text(encoding="utf-8")
    for rule in RULES:
        assert f"| {rule.id} | {rule.severity} | {rule.title} |" in page


def test_a_summary_has_a_line_for_a_cluster_that_cannot_be_seen():
    unseen = Unseen("prod", "stack prod", "Azure answered 403")
    console = Console(width=120, record=True, file=StringIO())
    console.print(as_summary(Check(date(2026, 11, 23), 60, date(2026, 11, 1), [], [unseen])))
    assert "prod     stack prod  unknown" in console.export_text()


def test_a_summary_tells_the_support_that_ends_first():
    _, old = sample().reports
    first, *others = old.lines
    later = replace(first, support=replace(first.support, days_left=128))
    console = Console(width=150, record=True, file=StringIO())
    told = replace(old, lines=(later, *others))
    console.print(as_summary(Check(TODAY, 60, TODAY, [told])))
    assert "7 days" in console.export_text()
