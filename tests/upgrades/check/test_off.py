"""What a stack switches off of the packs is a finding of every check, with its line and the exemption that lets it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from secure_aks_lifecycle.facts.catalog import Catalog

from settings import load_file
from tests.upgrades.builders import v
from upgrades.check.assess import assess
from upgrades.check.markdown import as_markdown
from upgrades.check.off import with_off
from upgrades.check.sarif import as_sarif
from upgrades.check.values import Check, Observed
from upgrades.model.clusters import Cluster

ROOT, TODAY = Path(__file__).parents[3], date(2026, 11, 23)
EXEMPT = """\
  secure-aks:exemptions:
    - {{rule: {rule}, resource: {{name: {resource}}}, reason: "a scanner judges *them*", until: 2026-12-31}}
"""


@pytest.fixture
def checked(tmp_path, monkeypatch):
    """Return the check of a shipped stack with something added to its file."""
    monkeypatch.setenv("SECURE_AKS_CLOCK", TODAY.isoformat())

    def check(stack, added, environment="prod", rule="prod-policies", resource="security"):
        file = tmp_path / f"Pulumi.{stack}.yaml"
        text = (ROOT / file.name).read_text()
        if stack == "prod":
            text = text.replace("  secure-aks:exemptions: []\n", EXEMPT.format(rule=rule, resource=resource))
            text = text.replace("secure-aks:environment: prod", f"secure-aks:environment: {environment}")
        file.write_text(text + added)
        (tmp_path / "Pulumi.staging.yaml").touch()
        cluster = Cluster("aks", stack, v("1.35.7"), ())
        report = assess(Observed(cluster, f"stack {stack}", file), None, None, Catalog.load(), TODAY, 60)
        return file, Check(TODAY, 60, Catalog.load().date, [with_off(report, load_file(file))])

    return check


def off_in(check):
    return [found for found in check.reports[0].findings if found.rule.id == "UPG009"]


def test_nothing_is_switched_off_in_a_shipped_stack(checked):
    assert not off_in(checked("dev", "")[1])


def test_each_part_is_named_at_its_line(checked):
    added = "  secure-aks:policies:\n    lifecycle: {newer-patch: disabled}\n    security: {all: disabled}\n"
    file, check = checked("dev", added)
    assert [found.message.partition(" (")[0] for found in off_in(check)] == [
        "the whole security pack is switched off",
        "the rule newer-patch of the lifecycle pack is switched off",
    ]
    results = [r for r in as_sarif(check)["runs"][0]["results"] if r["ruleId"] == "UPG009"]
    lines = file.read_text().splitlines()
    places = [r["locations"][0]["physicalLocation"]["region"]["startLine"] for r in results]
    assert [lines[place - 1].strip().partition(":")[0] for place in places] == ["security", "lifecycle"]
    assert len({r["partialFingerprints"]["secureAksFinding/v1"] for r in results}) == 2


def test_what_is_lowered_to_advice_is_named_too(checked):
    """A rule that advises by itself is none: nothing is lower for it."""
    _, check = checked(
        "dev", "  secure-aks:policies: {security: {all: advisory}, lifecycle: {newer-patch: advisory}}\n"
    )
    assert [found.message for found in off_in(check)] == [
        "the whole security pack is lowered to advice (secure-aks:policies.security.all), and nothing stops an `up` over what it is about"
    ]


def test_in_prod_it_is_named_with_the_exemption_that_lets_it(checked):
    _, check = checked("prod", "  secure-aks:policies: {security: {all: disabled}}\n")
    [found] = off_in(check)
    assert found.message.endswith("; exempt until 2026-12-31: a scanner judges *them*")
    assert r"a scanner judges \*them\*" in as_markdown(check)


def test_an_environment_other_than_the_name_promises_is_named_with_its_exemption(checked):
    file, check = checked("prod", "", environment="dev", rule="environment-name", resource="aks-prod")
    [found] = off_in(check)
    assert found.message.startswith("the environment is dev, the stack's name promises another")
    assert found.message.endswith("; exempt until 2026-12-31: a scanner judges *them*")
    [result] = [r for r in as_sarif(check)["runs"][0]["results"] if r["ruleId"] == "UPG009"]
    line = result["locations"][0]["physicalLocation"]["region"]["startLine"]
    assert "environment-name" in file.read_text().splitlines()[line - 1]
