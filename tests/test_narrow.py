"""What `make` prints reads at 80 columns. Of `preview` and `outputs`, which need an engine: tests/engine."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settings.folded import folded
from upgrades.gates import GATES
from upgrades.render.gates import as_text

ROOT = Path(__file__).parents[1]
TABLES = (
    "help",
    "windows",
    "access STACK=prod",
    "explain",
    "explain RULE=pod-privileged",
    "settings STACK=prod",
)
ON_THE_ENGINE = {"preview", "up", "refresh", "drift", "destroy", "outputs", "azure-preview", "azure-up"}
MADE = {
    "setup", "lock", "engine", "control-plane", "site", "pictures", "system-packages", "lint", "format", "test", "pytest",
    "soak", "fuzz", "mutated", "bench", "clean",
}  # fmt: skip
"""Targets that make or try something, and tell how it goes."""


def make(target: str, columns: int) -> str:
    environment = {**os.environ, "COLUMNS": str(columns), "SECURE_AKS_CLOCK": "2026-11-23"}
    mine = {"ARGS", "MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS", "STACK", "RULE"}
    done = subprocess.run(
        ["make", "--silent", "-o", ".venv/.ready", *target.split()],
        cwd=ROOT,
        env={name: value for name, value in environment.items() if name not in mine},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_each_target_is_looked_at() -> None:
    targets = set(re.findall(r"(?m)^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8")))
    assert targets == {table.split()[0] for table in TABLES} | ON_THE_ENGINE | MADE


@given(st.text(max_size=60), st.integers(1, 19))
def test_a_terminal_that_says_it_is_narrower_than_any_is_written_to_all_the_same(
    text: str, columns: int
) -> None:
    assert folded(text, columns).split() == text.split()


@pytest.mark.parametrize("target", TABLES)
def test_a_table_fits_80_columns_and_nothing_of_it_is_cut_off(target: str) -> None:
    narrow, wide = make(target, 80), make(target, 500)
    long = [line for line in narrow.splitlines() if len(line) >= 80]
    assert [line for line in long if "@sha256:" not in line] == [], "a digest is one word"
    assert narrow.split() == wide.split()
    assert "…" not in narrow


def test_without_a_terminal_the_width_is_80(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr("sys.__stdout__", None)
    words = " ".join(["word"] * 40)
    assert max(map(len, folded(words).splitlines())) == 79
    monkeypatch.setenv("COLUMNS", "120")
    assert max(map(len, folded(words).splitlines())) == 119


def test_a_gate_is_a_line_that_folds_below_what_it_wants() -> None:
    lines = folded(as_text(), 80).splitlines()
    assert all(len(line) < 80 for line in lines)
    assert folded(as_text(), 80).split() == as_text().split()
    assert {line.split()[0] for line in lines if line[0] != " "} == {gate.code for gate in GATES}


def test_a_row_of_several_columns_goes_on_below_its_last() -> None:
    assert (
        folded("core  pods  get list watch create update", 35)
        == "core  pods  get list watch create\n            update"
    )
    assert folded("  may  be one\nlong line of words", 12) == "  may  be\n    one\nlong line\n  of words"
    assert folded("short\n\nlines", 12) == "short\n\nlines"


ROW = st.lists(st.text("abc", min_size=1, max_size=9), min_size=1, max_size=30)


@given(ROW, st.integers(30, 90), st.sampled_from([" ", "  "]))
def test_folded_rows_keep_their_words_and_fit(words: list[str], columns: int, between: str) -> None:
    found = folded(between.join(words), columns)
    assert found.split() == words
    assert all(len(line) < columns for line in found.splitlines())
