"""A pool's way back as a rollout: what Azure does comes first, the pack gets a permit once, and it goes on from every point."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime

import pytest
from secure_aks_lifecycle.versions.permit import VARIABLE, Permit

from tests.upgrades.builders import v
from tests.upgrades.fakes import goes_on
from tests.upgrades.rollout.test_rollout import World
from upgrades.gates.base import Finding, Level, Result, Verdict, When
from upgrades.journal.file import Journal, read
from upgrades.journal.progress import ROLLBACK, State, progress
from upgrades.model.clusters import CONTROL_PLANE, Pool
from upgrades.model.steps import Step
from upgrades.observe.errors import AzureError
from upgrades.plan.cost import pool_duration, pool_needs
from upgrades.plan.permits import permit
from upgrades.rollout.edges import Stopped
from upgrades.rollout.permits import handed_over
from upgrades.rollout.run import Rollout

POOL = Pool("general", v("1.34.7"))
STEP = Step(
    "dev",
    "aks",
    "general",
    v("1.34.7"),
    v("1.34.6"),
    "it is bad",
    pool_duration(POOL),
    pool_needs(POOL),
    pool=POOL,
)
EVENTS = [
    "gates-passed",
    "rolling-back",
    "rolled-back",
    "edited",
    "permitted",
    "up-finished",
    "settled",
    "step-finished",
]


class Back(World):
    """A world in which Azure takes a pool back when it is asked to, and the stack's file then says so."""

    def __init__(self, folder):
        super().__init__(folder, roll_back=self.roll_back)
        self.asked, self.refusals, self.permits = 0, [], []
        self.stack.while_previewing = [self.look] * 9

    def look(self):
        self.permits.append(os.environ.get(VARIABLE))

    def roll_back(self, step):
        self.asked += 1
        if self.refusals:
            raise AzureError(self.refusals.pop(0))
        self.stack.aks[step.target] = str(step.after)

    def go(self, *, start):
        with Journal(self.path, self.clock.now) as journal:
            rollout = Rollout(journal, self.edges())
            if start:
                rollout.start([STEP], kind=ROLLBACK, stack="dev")
            return rollout.run()


def test_azure_takes_the_pool_back_before_the_file_says_so(tmp_path):
    world = Back(tmp_path)
    assert world.go(start=True).state is State.DONE
    assert world.events() == ["started", *EVENTS, "finished"]
    assert (
        world.stack.declared()
        == world.stack.aks
        == {CONTROL_PLANE: "1.34.7", "system": "1.34.7", "general": "1.34.6"}
    )


def test_the_permit_is_written_down_and_in_force_for_the_preview_and_the_up_alone(tmp_path):
    world = Back(tmp_path)
    world.go(start=True)
    (entry,) = (one for one in read(world.path) if one["event"] == "permitted")
    (seen,) = world.permits
    assert Permit.parse(json.loads(seen)) == Permit.parse(entry["permit"])
    assert entry["permit"]["id"] == f"dev-{entry['seq']}"
    assert [(move["from"], move["to"]) for move in entry["permit"]["moves"]] == [("1.34.7", "1.34.6")]
    assert VARIABLE not in os.environ


def test_what_stood_in_the_environment_stands_there_again(monkeypatch):
    monkeypatch.setenv(VARIABLE, "somebody's own")
    given = permit(STEP, datetime(2026, 11, 28, tzinfo=UTC), "dev-1")
    with handed_over(given):
        assert os.environ[VARIABLE] == given.text()
    assert os.environ[VARIABLE] == "somebody's own"


def test_an_upgrade_gets_no_permit(tmp_path):
    world = Back(tmp_path)
    world.run(start=True)
    assert set(world.permits) == {None}


@pytest.mark.parametrize("boundary", range(1, 3 + len(EVENTS)))
@pytest.mark.parametrize("side", ["before", "after"])
def test_cut_off_at_any_entry_it_goes_on_and_azure_is_asked_once(tmp_path, monkeypatch, boundary, side):
    world = Back(tmp_path)
    goes_on(world, monkeypatch, boundary, side)
    assert world.stack.declared()["general"] == world.stack.aks["general"] == "1.34.6"


def failing(code):
    finding = (Finding("node n1", "is not Ready", "wait"),)
    return lambda when, *_: (
        [Result(code, code, Level.REQUIRED, when, Verdict.FAIL, finding)] if when is When.BEFORE else []
    )


@pytest.mark.parametrize("code", ["STATE001", "NODE001", "NODE003", "ALERT001", "WINDOW001", "PROMO001", "POD001", "POD002", "POD003", "ADDON001"])  # fmt: skip
def test_the_trouble_it_is_done_for_does_not_stop_it(tmp_path, monkeypatch, code):
    world = Back(tmp_path)
    monkeypatch.setattr(world, "check", failing(code))
    assert world.go(start=True).state is State.DONE


def test_what_would_stop_azure_stops_it_before_azure_is_asked(tmp_path, monkeypatch):
    world = Back(tmp_path)
    monkeypatch.setattr(world, "check", failing("LOCK001"))
    with pytest.raises(Stopped, match="LOCK001"):
        world.go(start=True)
    assert (world.asked, world.stack.declared()["general"]) == (0, "1.34.7")


def test_what_passes_is_tried_again_and_what_azure_refuses_ends_it_with_the_remedy(tmp_path):
    world = Back(tmp_path)
    world.refusals = [
        "Azure answered 429: TooManyRequests: slow down",
        "Azure answered 409: ScopeLocked: locked",
    ]
    with pytest.raises(Stopped, match="ScopeLocked") as stop:
        world.go(start=True)
    assert "take the lock off" in stop.value.remedy
    assert [one["what"] for one in read(world.path) if one["event"] == "retry"] == [
        "rollback of general to 1.34.6"
    ]
    assert progress(read(world.path)).is_rollback
    assert world.stack.declared()["general"] == "1.34.7"
    assert world.go(start=False).state is State.DONE
