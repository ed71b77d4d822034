"""Stacks of a wave at once: told apart, ended together by Ctrl-C, and one that stops does not hide."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from threading import Timer
from types import SimpleNamespace

import pytest

from tests.upgrades.builders import TODAY, catalog, cluster, pool, v
from upgrades.commands.change import rollout as rollout_module
from upgrades.commands.change.side_by_side import SideBySide
from upgrades.engine.interrupts import Interrupts
from upgrades.plan.planner import plan

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
        title = "aks: general 1.34.7 -> 1.35.7"

        def __init__(self, name, *steps):
            self.name, self.stack_name, self.steps = name, name, steps

    monkeypatch.setattr(rollout_module, "SideBySide", Seen)
    step = Named("step")
    wave = [(Named("a"), Named("", step)), (Named("b"), Named("", step)), (Named("done"), Named(""))]
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
        "--agreed",
        rollout_module._digest([wave[1][1]]),  # pyright: ignore[reportArgumentType]  # as above
        "--stack",
        "b",
    ]


@pytest.mark.parametrize("now", ["1.35.7", "1.35.9"])
def test_a_process_of_a_wave_does_the_plan_that_was_agreed_to_or_none(now, monkeypatch, capsys):
    """Azure may offer another patch between the question and its answer."""

    def made(stop):
        here = cluster("1.34.7", [pool("general", "1.34.7")])
        return plan(replace(here, offered=frozenset({v(stop)})), v("1.36.7"), catalog(), TODAY)

    taken = []
    monkeypatch.setattr(
        rollout_module, "open_session", lambda name: SimpleNamespace(name=name, stack_name=name)
    )
    monkeypatch.setattr(rollout_module, "begins", lambda _: None)
    monkeypatch.setattr(rollout_module, "plan_of", lambda *_: made(now))
    monkeypatch.setattr(rollout_module, "_take", lambda *words: taken.append(words))
    agreed = rollout_module._digest([made("1.35.7")])
    if now == "1.35.7":
        rollout_module.rollout("1.36.7", ["dev"], yes=True, agreed=agreed)
    else:
        with pytest.raises(rollout_module.typer.Exit):
            rollout_module.rollout("1.36.7", ["dev"], yes=True, agreed=agreed)
        assert "another now than the one shown" in capsys.readouterr().err
    assert len(taken) == (now == "1.35.7")


def test_a_line_that_is_no_utf_8_ends_nobody():
    codes, said = run({"dev": program("import os; os.write(1, b'caf\\xe9\\nwell\\n')")})
    assert codes == {"dev": 0}
    assert said == [("dev", "caf\ufffd"), ("dev", "well")]
