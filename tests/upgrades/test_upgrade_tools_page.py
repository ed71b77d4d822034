"""The page of what other upgrade tools tell names gates, findings and commands that there are, and every one of them."""

from __future__ import annotations

import re
from pathlib import Path

import typer

from upgrades.check import values
from upgrades.cli import app
from upgrades.gates import GATES

PAGE = (Path(__file__).parents[2] / "docs" / "upgrade-tools.md").read_text(encoding="utf-8")
CODES = {gate.code for gate in GATES} | {
    one.id for one in vars(values).values() if isinstance(one, values.Rule)
}
COMMANDS = set(typer.main.get_command(app).commands)  # pyright: ignore[reportAttributeAccessIssue]


def told() -> list[str]:
    """What stands where in each row: the second column."""
    rows = re.findall(r"(?m)^\| (.+) \| (.+) \|$", PAGE)
    return [where for _, where in rows if where != "here"]


def test_each_code_is_that_of_a_gate_or_a_finding_and_each_has_a_row():
    named = {code for where in told() for code in re.findall(r"\b[A-Z]{2,}\d{3}\b", where)}
    assert named - CODES == set(), "no such gate or finding"
    assert CODES - named == set(), "give it a row: who tells this, or that none does"


def test_each_command_is_one():
    named = {word for where in told() for word in re.findall(r"`([a-z][a-z-]*)[^`]*`", where)}
    assert len(named) > 5
    assert named <= COMMANDS


def test_nothing_of_theirs_is_without_an_answer():
    assert [where for where in told() if not re.search(r"`|[A-Z]{2,}\d{3}|\]\(|^none|^the same", where)] == []
