"""What `make preview` shows in a terminal on the engine. Without one: tests/emulator/dry_run/test_command.py."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.terminal import MOST, in_a_terminal, lines_of

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lab")


@pytest.mark.parametrize("columns", [80, pytest.param(120, marks=pytest.mark.soak)])
def test_the_largest_shipped_stack_fits(lab: Path, columns: int) -> None:
    """On a fresh machine: the first `up` of prod, which reads a stack that was never up."""
    code, shown = in_a_terminal(
        ROOT, columns, "prod", SECURE_AKS_EMULATOR_DIR=str(lab), SECURE_AKS_CLOCK="2026-11-23"
    )
    lines = lines_of(shown)
    assert code == 0, "\n".join(lines[-40:])
    assert len(shown.encode()) <= MOST
    assert "\x1b[" in shown, "it has colours"
    assert "gRPC" not in shown
    assert "[unknown]" not in shown, "the outputs of a preview would stand after the verdicts"
    assert sum("azure-native:containerservice:AgentPool " in line for line in lines) == 5, "each once"
    assert sum("unknown until `up`" in line for line in lines) <= 3, "a title, and a line of each pack"
    assert any(re.fullmatch(r" +\+ \d{3} to create", line) for line in lines)
