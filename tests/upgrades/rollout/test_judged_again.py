"""A step that goes on later than its gates looked: after waits for a new try, and after a stop of days."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.upgrades.fakes import FakeStack, failure
from tests.upgrades.rollout.test_rollout import World, expected
from upgrades.files.digests import digests
from upgrades.gates.base import Finding, Level, Result, Verdict, When
from upgrades.journal.progress import State
from upgrades.model.clusters import CONTROL_PLANE
from upgrades.rollout.edges import Stopped

CLOSED = Result(
    "WINDOW001",
    "Window",
    Level.REQUIRED,
    When.BEFORE,
    Verdict.FAIL,
    (Finding("maintenance window", "is closed", "wait"),),
)


def closes_at(world, moment):
    """Let the maintenance window of a world close at a moment."""
    check = world.check

    def checked(when, seen, step, before):
        closed = [CLOSED] if when is When.BEFORE and world.clock.now() >= moment else []
        return [*check(when, seen, step, before), *closed]

    world.check = checked


def test_a_file_that_changes_while_an_up_waits_for_its_next_try_is_not_brought_up(tmp_path):
    program = tmp_path / "program"
    program.mkdir()
    world = World(tmp_path, files=lambda: digests(program, program / "Pulumi.dev.yaml"))

    def busy(_stack):
        (program / "Pulumi.dev.yaml").write_text("all versions at once")
        raise failure("429 TooManyRequests")

    world.stack.failures = [busy]
    with pytest.raises(Stopped, match=r"Pulumi\.dev\.yaml changed since it began"):
        world.run(start=True)
    assert world.stack.log == []
    assert world.run().state is State.DONE


@pytest.mark.parametrize("where", ["preview", "up"])
def test_tries_end_where_the_window_closes(tmp_path, monkeypatch, where):
    world = World(tmp_path)
    closes_at(world, world.clock.now() + timedelta(minutes=9))
    busy = ["429 TooManyRequests"] * 6
    if where == "up":
        world.stack.failures = busy
    else:
        preview = FakeStack.preview

        def throttled(self, **arguments):
            if busy:
                raise failure(busy.pop())
            preview(self, **arguments)

        monkeypatch.setattr(FakeStack, "preview", throttled)
    with pytest.raises(Stopped, match="WINDOW001 maintenance window is closed"):
        world.run(start=True)
    assert world.stack.log == []


def test_a_step_that_failed_is_judged_anew_when_it_is_resumed(tmp_path):
    world = World(tmp_path)
    world.stack.failures = ["QuotaExceeded (409)"]
    with pytest.raises(Stopped, match="QuotaExceeded"):
        world.run(start=True)
    world.verdicts[When.BEFORE] = [True]
    with pytest.raises(Stopped, match="NODE001 node n1 is not Ready"):
        world.run()
    assert world.stack.log == []
    assert world.run().state is State.DONE
    assert world.stack.log == expected()


def test_a_step_that_failed_half_way_goes_on_in_the_window_whatever_its_nodes_are_like(tmp_path):
    world = World(tmp_path)
    world.stack.failures = ["QuotaExceeded (409)"]
    with pytest.raises(Stopped, match="QuotaExceeded"):
        world.run(start=True)
    check = world.check
    closes_at(world, world.clock.now())
    world.failed = {CONTROL_PLANE: "1.34.7"}  # what a failed upgrade leaves
    world.verdicts[When.BEFORE] = [True, True]
    with pytest.raises(Stopped, match="WINDOW001") as stop:
        world.run()
    assert "NODE001" not in stop.value.why
    world.check = check
    assert world.run().state is State.DONE
