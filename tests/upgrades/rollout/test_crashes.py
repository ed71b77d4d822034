"""SIGKILL in each phase of a step, tool and engine killed together, Ctrl-C: the rollout is resumed, ends right, and leaves nothing behind.

What happens at every boundary of a longer rollout is `test_rollout`'s, on a stack in memory.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal

import pytest

from tests.upgrades.fakes import until
from tests.upgrades.rollout import crash_child
from tests.upgrades.small_stack import CLOCK, POOLS, START, TARGET
from upgrades.journal.file import read
from upgrades.journal.progress import State, progress
from upgrades.model.clusters import CONTROL_PLANE

MOVE = (CONTROL_PLANE, START, TARGET)


@pytest.fixture(scope="module")
def forks():
    """Processes that start with everything loaded: a fork server that has imported the child's module."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pytest", "tests.upgrades.rollout.crash_child"])
    return context


@pytest.fixture
def child(forks, small, small_lab):
    """Begin a run of the rollout in a process."""

    def begin(*boundary):
        environment = {**small_lab[0].environment, "SECURE_AKS_CLOCK": CLOCK}
        begun = forks.Process(
            target=crash_child.go, args=(str(small.folder), str(small.lab), environment, *boundary)
        )
        begun.start()
        return begun

    return begin


def ended(process):
    process.join(240)
    assert process.exitcode is not None, "it hangs"
    return process.exitcode


def check(small):
    """The step is done once, the file says so, and neither a lock nor a pending operation is left."""
    assert progress(read(small.journal)).state is State.DONE
    assert small.versions() == {CONTROL_PLANE: TARGET, **dict.fromkeys(POOLS, START)}
    assert small.file.read_text().count(TARGET) == 1
    assert small.moves() == [MOVE]
    assert nothing_left(small)


def nothing_left(small):
    (state,) = (path for path in small.lab.rglob("dev.json") if "stacks" in path.parts)
    pending = json.loads(state.read_text())["checkpoint"]["latest"].get("pending_operations")
    return (small.locks(), pending or []) == ([], [])


def test_killed_in_every_phase_of_a_step(child, small):
    """After `up-started` the engine goes on without the tool; the next run waits for it."""
    small.cloud.configure(operation_seconds=1)
    for event in ("gates-passed", "edited", "up-started", "up-finished", "settled", "step-finished"):
        assert ended(child(event)) == -signal.SIGKILL, event
    assert ended(child()) == 0
    check(small)


def test_tool_and_engine_killed_together_leave_a_lock_which_the_next_run_takes_away(child, small):
    small.cloud.configure(operation_seconds=3)
    tool = child()
    engine = small.journal.with_suffix(".engine")
    until(lambda: small.cloud.view().operations, seconds=120)
    tool.kill()
    os.kill(json.loads(engine.read_text())["pid"], signal.SIGKILL)
    tool.join()
    assert small.locks()
    assert ended(child()) == 0
    check(small)


@pytest.mark.soak
def test_ctrl_c_lets_the_step_end_and_the_next_run_goes_on(child, small):
    small.cloud.configure(operation_seconds=6)
    assert ended(child("up-started", (signal.SIGINT,))) == 130
    events = [entry["event"] for entry in read(small.journal)]
    assert events[-2:] == ["up-finished", "stopped"]
    assert nothing_left(small)
    assert ended(child()) == 0
    check(small)


@pytest.mark.soak
def test_a_second_ctrl_c_cancels_and_the_next_run_goes_on(child, small):
    small.cloud.configure(operation_seconds=6)
    assert ended(child("up-started", (signal.SIGINT, signal.SIGINT))) == 130
    assert [entry["event"] for entry in read(small.journal)][-2:] == ["up-started", "stopped"]
    assert nothing_left(small)
    assert ended(child()) == 0
    check(small)
