"""Stacks of a wave at once: told apart, ended together by Ctrl-C, and one that stops does not hide."""

from __future__ import annotations

import os
import signal
import sys
from threading import Timer

import pytest

from upgrades.commands.change import rollout as rollout_module
from upgrades.commands.change.side_by_side import SideBySide
from upgrades.engine.interrupts import Interrupts

MEET = """
import pathlib, sys, time
mine, other = map(pathlib.Path, sys.argv[1:])
mine.touch()
end = time.monotonic() + 60
while not other.exists():
    assert time.monotonic() < end, "nobody else came"
    time.sleep(0.02)
print("met")
"""
TRAP = """
import pathlib, signal, sys, time
def told(*_):
    print("ends its step", flush=True)
    sys.exit(130)
signal.signal(signal.SIGINT, told)
pathlib.Path(sys.argv[1]).touch()
time.sleep(60)
"""


def run(commands, at_once=2):
    said = []
    with Interrupts() as interrupts:
        codes = SideBySide(lambda name, line: said.append((name, line)), interrupts).run(commands, at_once)
    return codes, said


def program(text, *words):
    return [sys.executable, "-c", text, *map(str, words)]


def test_they_run_at_once_and_their_lines_are_told_apart(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    codes, said = run({"dev": program(MEET, one, two), "test": program(MEET, two, one)})
    assert codes == {"dev": 0, "test": 0}
    assert sorted(said) == [("dev", "met"), ("test", "met")]


def test_no_more_at_once_than_was_said():
    script = "import sys; print('in', flush=True); print('out', flush=True)"
    _, said = run({name: program(script) for name in ("a", "b", "c")}, at_once=1)
    assert said == [(name, line) for name in ("a", "b", "c") for line in ("in", "out")]


def test_one_that_stops_is_told_by_its_exit_code():
    codes, said = run({"good": program("print(1)"), "bad": program("import sys; print('no'); sys.exit(3)")})
    assert codes == {"good": 0, "bad": 3}
    assert ("bad", "no") in said


def test_ctrl_c_reaches_those_that_run_and_the_others_are_not_begun(tmp_path):
    begun = tmp_path / "begun"

    def send():
        if begun.exists():
            os.kill(os.getpid(), signal.SIGINT)
        else:
            again = Timer(0.05, send)
            again.daemon = True
            again.start()

    Timer(0.05, send).start()
    codes, said = run({"dev": program(TRAP, begun), "test": program("print(1)")}, at_once=1)
    assert codes == {"dev": 130, "test": 130}
    assert said == [("dev", "ends its step")]


def test_a_wave_is_run_by_this_tools_own_command(monkeypatch):
    seen = {}

    class Seen:
        def __init__(self, *_):
            pass

        def run(self, commands, at_once):
            seen.update(commands, at_once=at_once)
            return dict.fromkeys(commands, 0) | {"b": 1}

    class Named:
        def __init__(self, name, *steps):
            self.name, self.stack_name, self.steps = name, name, steps

    monkeypatch.setattr(rollout_module, "SideBySide", Seen)
    wave = [(Named("a"), Named("", 1)), (Named("b"), Named("", 1)), (Named("done"), Named(""))]
    with pytest.raises(rollout_module.typer.Exit) as ended:
        rollout_module._together(wave, "1.36.2", 5, 3)  # pyright: ignore[reportArgumentType]  # what it looks at
    assert ended.value.exit_code == 1
    assert seen.keys() == {"a", "b", "at_once"}
    assert seen["b"][1:] == [
        "-m",
        "upgrades",
        "rollout",
        "--to",
        "1.36.2",
        "--soak",
        "5",
        "--yes",
        "--stack",
        "b",
    ]
