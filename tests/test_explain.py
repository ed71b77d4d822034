"""`make explain` knows every code that a message, a page or a report prints."""

import re
import subprocess
from pathlib import Path

import pytest
from secure_aks_lifecycle import cli as lifecycle
from secure_aks_lifecycle.judging.policies import policies
from typer.testing import CliRunner

from settings import cli as settings
from settings.checks.finding import RULES
from upgrades.check.values import RULES as FINDINGS
from upgrades.cli import app
from upgrades.gates import GATES

ROOT = Path(__file__).parents[1]
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


@pytest.mark.parametrize("code", [*(gate.code for gate in GATES), *(rule.id for rule in FINDINGS)])
def test_codes_of_upgrades(code):
    done = CliRunner().invoke(app, ["explain", code])
    assert done.exit_code == 0
    assert done.output.startswith(f"{code}: ")


def test_codes_in_the_pages_are_known():
    text = "".join(page.read_text() for page in (ROOT / "docs").glob("*.md"))
    written = set(re.findall(r"\b[A-Z]{2,9}00\d\b", text))
    known = {gate.code for gate in GATES} | {rule.id for rule in FINDINGS}
    assert written
    assert written <= known


def test_the_command_finds_each_in_its_place():
    for code in ("prod-zones", "PDB001", "exemption-in-use", "pod-privileged"):
        done = subprocess.run(
            ["make", "-s", "explain", f"RULE={code}"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout.partition(":")[0]) == (0, code), done.stderr
    done = subprocess.run(
        ["make", "-s", "explain", "RULE=nope"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "no rule, gate or setting is called nope" in done.stderr
