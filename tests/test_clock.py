"""A clock that is set to no day, or to one that no calendar has: every command says so in a line, or has no need of it."""

from __future__ import annotations

import shutil

import pytest

from tests.walk import ROOT, THEIRS, walk

NO_DAYS = {
    "the last day": "9999-12-31",
    "the last moment": "9999-12-31T23:59:59.999999",
    "past the last moment": "9999-12-31T23:59:59-23:00",
    "the last year but one": "9998-01-01",
    "the first moment": "0001-01-01",
    "before the first moment": "0001-01-01T00:00:00+14:00",
    "before there was anything": "1970-01-01",
    "a year too many": "10000-01-01",
    "no such month": "2026-13-01",
    "no such hour": "2026-11-23T25:00",
    "a space": " ",
    "a word": "tomorrow",
    "what steers a terminal": "\x1b[31m2026-11-23",
    "no UTF-8": "\udcff",
}
CLOCKS = ("upgrades check --stack dev", "cli admission --kubernetes-version 1.35.6", "emulator run -- true")
"""A command for each of the three clocks, none of which may import another."""
ASKING = ("settings effective --stack dev", "components.access --stack prod", "upgrades windows")
"""More commands that need to know what day it is."""
NOT_ASKING = ("upgrades status", "upgrades gates", "upgrades report", "secure_aks_security explain")
"""Commands that do not."""
FEW = ("the last moment", "past the last moment")
CASES = [
    *((command, day) for command in CLOCKS for day in NO_DAYS),
    *((command, day) for command in (*ASKING, *NOT_ASKING) for day in FEW),
]


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clock")
    for name in (
        "__main__.py",
        "Pulumi.yaml",
        *(f"Pulumi.{stack}.yaml" for stack in ("dev", "staging", "prod")),
    ):
        shutil.copy(ROOT / name, folder)
    commands = [(command, {"SECURE_AKS_CLOCK": NO_DAYS[day]}) for command, day in CASES]
    return dict(zip(CASES, walk(folder, commands, PULUMI_HOME=str(folder / "home")), strict=True))


@pytest.mark.parametrize(("command", "day"), [case for case in CASES if case[0] not in NOT_ASKING])
def test_a_command_that_asks_for_the_day_is_told_what_to_write(told, command, day):
    code, said = told[command, day]
    assert code in {1, 2}, said
    assert "SECURE_AKS_CLOCK" in said
    assert "such as 20" in said
    assert len(said.splitlines()) <= 5, said
    assert not THEIRS.search(said), said
    assert "\x1b" not in said


@pytest.mark.parametrize(("command", "day"), [case for case in CASES if case[0] in NOT_ASKING])
def test_a_command_that_does_not_ask_goes_on(told, command, day):
    code, said = told[command, day]
    assert code == (1 if "report" in command else 0)
    assert "SECURE_AKS_CLOCK" not in said
    assert not THEIRS.search(said), said
