"""SIGKILL: at every boundary of the journal and at random moments. The rollout is resumed, ends right, and Azure's own log
shows that no rule was broken on the way."""

from __future__ import annotations

import multiprocessing
import random
import signal
from itertools import product

import pytest

from tests.upgrades import crash_child
from tests.upgrades.small_stack import POOLS, START, TARGET, moves
from upgrades.fleet import CONTROL_PLANE
from upgrades.journal import read
from upgrades.rollout.progress import State, progress

EXPECTED = [(target, START, TARGET) for target in (CONTROL_PLANE, *POOLS)]


@pytest.fixture(scope="module")
def forks():
    """Processes that start with everything loaded: a fork server that has imported the child's module."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pytest", "tests.upgrades.crash_child"])
    return context


def run(forks, small, *boundary, kill_after=None):
    """Run until it ends or dies; return its exit code."""
    child = forks.Process(target=crash_child.go, args=(str(small.folder), *boundary))
    child.start()
    child.join(120 if kill_after is None else kill_after)
    if kill_after is not None and child.is_alive():
        child.kill()
        child.join(30)
    assert child.exitcode is not None, "it hangs"
    return child.exitcode


def check(small):
    """The end state is right, and Azure's own log has each move once, in order, one at a time, and no failure."""
    assert progress(read(small.journal)).state is State.DONE
    assert small.versions() == dict.fromkeys((CONTROL_PLANE, *POOLS), TARGET)
    assert f"version: {TARGET}  # stays" in small.file.read_text()
    assert START not in small.file.read_text()
    events = small.cloud.events()
    assert moves(events) == EXPECTED
    assert [event["actor"] for event in events if event["actor"] != "stack"] == []
    under_way = set()
    for event in events:
        if event.get("versions"):
            if event["action"] == "accepted":
                under_way.add(event["id"])
            else:
                under_way.discard(event["id"])
            assert len(under_way) <= 1, "two operations in flight"


EVENTS = ("gates-passed", "edited", "up-started", "up-finished", "settled", "step-finished")


def test_killed_at_every_boundary_of_one_rollout(forks, small):
    boundaries = [("started", None), *product(EVENTS, range(len(EXPECTED))), ("finished", None)]
    boundaries.sort(key=lambda item: (item[0] == "finished", -1 if item[1] is None else item[1]))
    for event, index in boundaries:
        for side in ("before", "after"):
            assert run(forks, small, event, index, side) == -signal.SIGKILL, (event, index, side)
    check(small)


@pytest.mark.parametrize("seed", range(6))
def test_killed_at_random_moments_while_azure_goes_on(forks, small, seed):
    """Operations take their time, so that most deaths leave one in flight."""
    small.cloud.configure(operation_seconds=0.2)
    draw = random.Random(seed)  # noqa: S311  # moments, no secrets
    deaths = 0
    # The moments move on with each death, so that a busy machine gets through in the end.
    while (code := run(forks, small, kill_after=draw.uniform(0.2, 0.9) * 1.05**deaths)) != 0:
        assert code == -signal.SIGKILL
        deaths += 1
    assert deaths, "nothing was killed: make the moments earlier"
    check(small)
