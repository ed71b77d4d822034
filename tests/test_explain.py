"""`make explain` knows every code that a message, a page or a report prints."""

import os
import re
from pathlib import Path

import pytest
from secure_aks_lifecycle import cli as lifecycle
from secure_aks_lifecycle.judging.policies import policies
from secure_aks_security import __main__ as security
from secure_aks_security.pack import make
from typer.testing import CliRunner

from settings import cli as settings
from settings.checks.finding import RULES
from tests import forked
from upgrades.check.values import RULES as FINDINGS
from upgrades.cli import app
from upgrades.gates import GATES

ROOT = Path(__file__).parents[1]
CODES = {gate.code for gate in GATES} | {rule.id for rule in FINDINGS}
ROOMS = ("upgrades", "cli", "settings", "components", "policies", "examples", "docs")
"""Where messages, pages and workflows stand."""
PACK_POLICIES = [policy.name for policy in policies({})]


@pytest.mark.parametrize("rule", RULES)
def test_rules_of_the_settings(rule, capsys):
    assert settings.main(["explain", rule]) == 0
    said = capsys.readouterr().out
    assert RULES[rule] in said
    assert f"- rule: {rule}" in said


def test_a_rule_that_is_none_of_the_settings(capsys):
    assert settings.main(["explain", "prod-zone"]) == 2
    assert "prod-zones" in capsys.readouterr().err


@pytest.mark.parametrize("policy", PACK_POLICIES)
def test_policies_of_the_lifecycle_pack(policy, capsys):
    assert lifecycle.main(["explain", policy]) == 0
    assert policy in capsys.readouterr().out


def test_policies_of_the_security_pack(capsys):
    """All that it serves: rules of resources and of stacks, and what it says of exemptions, unknowns and itself."""
    names = [policy.name for policy in make()[0]]
    assert len(names) > 100
    for name in names:
        assert security.main(["explain", name]) == 0, name
        assert capsys.readouterr().out.startswith(f"{name}: ")


@pytest.mark.parametrize("code", [*(gate.code for gate in GATES), *(rule.id for rule in FINDINGS)])
def test_codes_of_upgrades(code):
    done = CliRunner().invoke(app, ["explain", code])
    assert done.exit_code == 0
    assert done.output.startswith(f"{code}: ")


def test_codes_in_the_pages_are_known():
    assert codes_in(*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md") <= CODES


def test_codes_in_messages_and_reports_are_known():
    """In the sources of each part, and in the reports that are kept word for word, as golden files."""
    rooms = (*ROOMS, "tests/upgrades/golden", "tests/upgrades/check/golden")
    kinds = {".py", ".yaml", ".yml", ".txt", ".md", ".html", ".sarif", ".json"}
    files = [path for room in rooms for path in (ROOT / room).rglob("*") if path.suffix in kinds]
    found = codes_in(*files)
    assert len(found) > 30
    assert found <= CODES


def test_rules_that_an_exemption_is_advised_for_are_known():
    known = {*RULES, *PACK_POLICIES, *(policy.name for policy in make()[0])}
    files = [
        path for room in ROOMS for path in (ROOT / room).rglob("*") if path.suffix in {".py", ".yaml", ".md"}
    ]
    written = {
        name
        for path in files
        for name in re.findall(r"\b(?:rule: |rule=\"?|RULE=)([a-z]+(?:-[a-z]+)+)\b", path.read_text("utf-8"))
    }
    assert "team-removal" in written
    assert written <= known


def codes_in(*files):
    """The gates' and findings' kind of code, less those of the linter, and of eksup, whose checks a page names."""
    texts = (re.sub(r"# noqa: [A-Z0-9, ]+", "", path.read_text("utf-8")) for path in files)
    return {code for text in texts for code in re.findall(r"\b(?!EKS|AWS)[A-Z]{2,9}0\d\d\b", text)}


def explained(code):
    return forked.run(["cli", "explain", code], ROOT, os.environ)


def test_the_command_finds_each_in_its_place():
    for code in ("prod-zones", "PDB001", "exemption-in-use", "pod-privileged"):
        done = explained(code)
        assert (done.returncode, done.stdout.partition(":")[0]) == (0, code), done.stderr
    done = explained("nope")
    assert done.returncode == 2
    assert "no rule, gate or setting is called nope" in done.stderr
