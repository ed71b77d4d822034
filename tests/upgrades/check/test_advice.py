"""Advice that can be typed as it stands, and what several gates miss told once."""

from __future__ import annotations

from tests.upgrades.builders import TODAY, catalog, cluster, v
from upgrades.check.advice import advised
from upgrades.check.assess import assess
from upgrades.check.values import Observed
from upgrades.gates.base import Finding, Level, Result, Verdict, When
from upgrades.plan import plan

OPTIONS = "--stack dev --lab"


def result(code, verdict, *findings):
    return Result(code, code, Level.REQUIRED, When.BEFORE, verdict, findings)


def report(*gates, target="1.34.7"):
    observed = Observed(cluster("1.34.3"), "stack dev")
    following = plan(observed.cluster, v(target), catalog(), TODAY)
    return advised(assess(observed, following, gates, catalog(), TODAY, within=600), OPTIONS, following)


def test_a_command_in_the_advice_has_all_it_needs():
    remedies = {finding.rule.id: finding.remedy for finding in report().findings}
    assert remedies["UPG004"] == "take it with `python -m upgrades next --stack dev --lab --to 1.34.7`"
    assert (
        remedies["UPG002"] == "plan the upgrade now: `python -m upgrades plan --stack dev --lab --to 1.34.7`"
    )


def test_what_several_gates_miss_is_told_once():
    why = "https://aks cannot be reached"
    gates = [
        result(code, Verdict.UNKNOWN, Finding("nodes", why, "")) for code in ("NODE001", "PDB001", "POD002")
    ]
    gates.append(result("OPS001", Verdict.FAIL, Finding("general", "is busy", "`resume` when that is done")))
    found = [finding for finding in report(*gates).findings if finding.rule.id == "UPG006"]
    assert [(finding.message, finding.remedy) for finding in found] == [
        ("OPS001 OPS001: general is busy", "check again when that is done"),
        (f"not known: {why}", "then these gates can tell: NODE001, PDB001, POD002"),
    ]
