"""Outputs on a screen: whatever they hold, no line is longer than the terminal, and none takes more than its share."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.dry_run.text import on_terminal
from emulator.errors import OperationError
from emulator.outputs import LINES, fitted, need_up, of, one_of, read, show

NAMES = st.from_regex(r"[a-z]{1,12}", fullmatch=True)
STEERING = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
VALUES = st.recursive(
    st.text() | st.integers() | st.booleans(), lambda one: st.lists(one) | st.dictionaries(NAMES, one)
)


@settings(max_examples=30)
@given(st.dictionaries(NAMES, VALUES, min_size=1, max_size=6), st.integers(40, 200))
def test_they_fit(outputs: dict[str, Any], columns: int) -> None:
    lines = fitted(outputs, columns, "make outputs STACK=dev ARGS=")
    assert all(len(line) < columns for line in lines if not line.startswith("whole: "))
    assert all(len(line.splitlines()) <= 1 for line in lines)
    assert len(lines) <= LINES * len(outputs) + 2
    shown = [line.partition(":")[0] for line in lines if not line.startswith(" ")]
    assert shown[: len(outputs)] == list(outputs)


def test_what_is_short_is_whole_and_what_is_long_says_so() -> None:
    lines = fitted({"a": {"b": 1}, "kubeconfig": "x" * 1000}, 80, "make outputs ARGS=")
    assert lines[0] == 'a: {"b": 1}'
    assert lines[-2].endswith("...")
    assert lines[-1] == "whole: make outputs ARGS=kubeconfig"


def test_a_stack_that_was_never_up_says_so() -> None:
    assert fitted({}, 80, "") == ["no outputs"]


@pytest.mark.parametrize("columns", ["1", "0", "-3", "x"])
def test_a_terminal_that_says_it_has_no_columns_is_written_to_all_the_same(tmp_path, monkeypatch, columns):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("COLUMNS", columns)
    lines = show(stand_in(tmp_path, 'echo \'{"one": "said"}\''), "dev")
    assert lines == ["one: said"]


def stand_in(folder, body) -> Any:
    """Return what the reading of outputs needs of a session."""
    return Session(folder, body)


class Session:
    """A project whose CLI says what it is told."""

    typed = "pasted {}".format

    def __init__(self, folder, body):
        self.project, self.whole_environment = folder, {"PATH": str(folder)}
        (folder / "pulumi").write_text(f"#!/bin/sh\n{body}\n")
        (folder / "pulumi").chmod(0o755)


def test_what_the_engine_cannot_say_is_its_own_word_and_else_the_outputs_are_read(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    said = "echo \"error: no stack named 'dev' found\" >&2; exit 1"
    with pytest.raises(OperationError) as raised:
        read(stand_in(tmp_path, said), "dev")
    assert str(raised.value) == "no stack named 'dev' found"
    with pytest.raises(OperationError, match=r"^the engine printed no outputs: oops; run it again$"):
        read(stand_in(tmp_path, "echo oops"), "dev")
    asked = stand_in(tmp_path, """echo "{\\"clusters\\": {\\"blue\\": {\\"asked\\": \\"$*\\"}}}\"""")
    assert read(asked, "dev/blue") == {"asked": "stack output --stack dev --json"}


def test_a_further_cluster_has_outputs_of_its_own():
    blue = {"kubeconfig": "blue's", "cluster": {"name": "aks-blue"}}
    outputs = {"kubeconfig": "dev's", "clusters": {"blue": blue}}
    assert of(outputs, "") is outputs
    assert one_of(of(outputs, "blue"), "kubeconfig") == "blue's"
    assert json.loads(one_of(of(outputs, "blue"), "cluster")) == {"name": "aks-blue"}
    assert json.loads(one_of(of(outputs, "blue"), None)) == blue
    with pytest.raises(OperationError, match="beside the first one there are: blue"):
        of(outputs, "green")
    with pytest.raises(OperationError, match="there are: kubeconfig, cluster"):
        one_of(blue, "versions")


@pytest.mark.parametrize("state", [None, "{}", '{"checkpoint": {"latest": {}}}'])
def test_outputs_of_a_stack_that_was_never_up_name_what_brings_it_up(tmp_path, state):
    kept = tmp_path / ".pulumi" / "stacks" / "demo"
    kept.mkdir(parents=True)
    (kept / "dev.json").write_text('{"urn": "urn:pulumi:dev::demo::a:b:C::d"}')
    if state is not None:
        (kept / "prod.json").write_text(state)
    session: Any = SimpleNamespace(backend=tmp_path, typed="pasted {}".format)
    need_up(session, "dev")
    with pytest.raises(OperationError, match=r"^prod has no outputs, .*: pasted up --yes --stack prod$"):
        need_up(session, "prod/second")


@settings(max_examples=40)
@given(st.dictionaries(st.text(), VALUES, min_size=1, max_size=3), st.integers(40, 200))
def test_nothing_in_them_steers_a_terminal(outputs: dict[str, Any], columns: int) -> None:
    outputs["a\x1b[2J"] = {"\u202eb": "\x9b31m", "c": ["\x1b]0;title\x07", "\x7f\r\ud800"]}
    assert not STEERING.search("".join(fitted(outputs, columns, "make outputs ARGS=")))
    for name in outputs:
        assert not STEERING.search(on_terminal(one_of(outputs, name)).replace("\n", ""))
    assert on_terminal("a: 1\n\tb: é") == "a: 1\n\tb: é"
