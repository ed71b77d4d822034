"""A full-cluster upgrade as a rollout: preview first, then Azure by one request, then one `up`; from every point it goes on."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from secure_aks_lifecycle.facts.catalog import Catalog
from secure_aks_lifecycle.stack.record import ClusterState, PoolState
from secure_aks_lifecycle.versions.permit import VARIABLE, Permit

from tests.upgrades.builders import cluster, pool, v
from tests.upgrades.fakes import FakeStack, Killed, cut_off, failure, goes_on
from tests.upgrades.rollout.test_rollout import World
from upgrades.commands.change.abort import _file_note
from upgrades.commands.change.whole_cluster import KIND
from upgrades.gates.base import Finding, Level, Result, Verdict, When
from upgrades.journal.file import Journal, read
from upgrades.journal.progress import State, progress
from upgrades.journal.record import record
from upgrades.model.clusters import CONTROL_PLANE, WHOLE
from upgrades.observe.errors import AzureError
from upgrades.plan.whole_cluster import whole_cluster
from upgrades.render.report import as_markdown
from upgrades.rollout.edges import Stopped
from upgrades.rollout.run import Rollout

if TYPE_CHECKING:
    from collections.abc import Callable

OLD, TO = "1.31.10", "1.34.9"
NAMES = ("system", "general")
EVENTS = [
    "gates-passed",
    "edited",
    "permitted",
    "upgrading",
    "upgraded",
    "up-started",
    "up-finished",
    "settled",
    "step-finished",
]


def the_step(day):
    here = cluster(OLD, [pool("system", OLD, mode="System"), pool("general", OLD)])
    state = ClusterState(v(OLD), {name: PoolState(v(OLD)) for name in NAMES})
    return whole_cluster(here, state, NAMES, v(TO), Catalog.load(), day).steps[0]


class Recorded(FakeStack):
    """A stack whose record of what it asked for last is apart from what Azure runs: an `up` writes it down and moves nothing."""

    record: dict[str, str]

    def differences(self):
        return [(name, want) for name, want in self.declared().items() if self.record[name] != want]

    def up(self, *, on_event=None):
        if self.failures:
            raise failure(self.failures.pop(0))
        for name, want in self.differences():
            assert self.aks[name] == want, "the provider alone would not get it there"
            self.log.append((name, self.record[name], want))
            self.record[name] = want


class Whole(World):
    """A world in which Azure takes all of a cluster at once, when it is asked to."""

    def __init__(self, folder):
        super().__init__(folder, upgrade_whole=self.upgrade_whole)
        FakeStack.at(folder, OLD)
        running: dict[str, str] = dict.fromkeys((CONTROL_PLANE, *NAMES), OLD)
        self.stack = self.recorded = Recorded(folder / "Pulumi.dev.yaml", running)
        self.recorded.record = dict(running)
        self.asked, self.refusals, self.permits, self.seen_by = 0, [], [], []
        self.only: tuple[str, ...] = (CONTROL_PLANE, *NAMES)  # what Azure gets done
        self.meanwhile: Callable[[], Any] = lambda: None
        self.stack.while_previewing = [lambda: self.permits.append(os.environ.get(VARIABLE))] * 9
        self.changes["files"] = lambda: {self.stack.path.name: self.stack.path.read_text()}
        self.step = the_step(self.clock.now().date())

    def upgrade_whole(self, step):
        self.asked += 1
        self.meanwhile()
        if self.refusals:
            raise AzureError(self.refusals.pop(0))
        for name in self.only:
            self.stack.aks[name] = str(step.after)

    def view(self, pool=""):
        self.seen_by.append(pool)
        return super().view(pool)

    def go(self, *, start):
        with Journal(self.path, self.clock.now) as journal:
            rollout = Rollout(journal, self.edges())
            if start:
                rollout.start(
                    [self.step], kind=KIND, stack="dev", cluster="aks", target=TO, by="me", engine="P"
                )
            return rollout.run()

    def is_done(self):
        everything = dict.fromkeys((CONTROL_PLANE, *NAMES), TO)
        return self.stack.aks == self.recorded.record == self.stack.declared() == everything


def test_the_preview_comes_first_then_azure_then_one_up(tmp_path):
    world = Whole(tmp_path)
    assert world.go(start=True).state is State.DONE
    assert world.events() == ["started", *EVENTS, "finished"]
    assert world.is_done()
    assert world.asked == 1
    assert world.seen_by[0] == WHOLE, "the API server is asked about the pods of every pool"


def test_the_permit_is_written_down_before_and_in_force_for_the_preview_and_the_up_alone(tmp_path):
    world = Whole(tmp_path)
    world.go(start=True)
    (entry,) = (one for one in read(world.path) if one["event"] == "permitted")
    (seen,) = world.permits
    assert Permit.parse(json.loads(seen)) == Permit.parse(entry["permit"])
    assert entry["permit"]["id"] == f"dev-{entry['seq']}"
    assert {(one["target"], one["from"], one["to"]) for one in entry["permit"]["moves"]} == {
        (name, OLD, TO) for name in (CONTROL_PLANE, *NAMES)
    }
    assert VARIABLE not in os.environ


@pytest.mark.parametrize("boundary", range(1, 3 + len(EVENTS)))
@pytest.mark.parametrize("side", ["before", "after"])
def test_cut_off_at_any_entry_it_goes_on_and_azure_is_asked_once(tmp_path, monkeypatch, boundary, side):
    world = Whole(tmp_path)
    goes_on(world, monkeypatch, boundary, side)
    assert world.is_done()
    assert len(world.stack.log) == 1 + len(NAMES)
    assert record(read(world.path))


def killed():
    raise Killed


def test_killed_while_azure_works_on_it_the_next_run_waits_and_asks_for_nothing(tmp_path):
    world = Whole(tmp_path)
    world.meanwhile = killed
    with pytest.raises(Killed):
        world.go(start=True)
    world.stack.aks = dict.fromkeys(world.stack.aks, TO)  # Azure went on
    world.busy = ["control plane: Upgrading"] * 7
    assert world.go(start=False).state is State.DONE
    assert world.asked == 1
    assert world.is_done()


def test_what_azure_got_half_done_stops_it_and_resume_asks_again(tmp_path):
    world = Whole(tmp_path)
    world.only = (CONTROL_PLANE, "system")
    with pytest.raises(Stopped, match=r"general still runs 1\.31\.10 instead of 1\.34\.9") as stop:
        world.go(start=True)
    assert "python -m upgrades whole-cluster --stack dev --to 1.34.9 goes on from there" in stop.value.remedy
    assert world.stack.log == [], "no `up` before all of it is there"
    world.only = NAMES
    assert world.go(start=False).state is State.DONE
    assert world.is_done()


def test_more_in_the_preview_stops_it_before_azure_is_asked_and_puts_every_line_back(tmp_path):
    world = Whole(tmp_path)
    text = world.stack.path.read_text()
    world.stack.extra_change = True
    with pytest.raises(Stopped, match=r"shows more than this step:\n  update AgentPool other"):
        world.go(start=True)
    assert world.asked == 0
    assert world.stack.path.read_text() == text
    world.stack.extra_change = False
    assert world.go(start=False).state is State.DONE


def test_more_in_the_preview_after_azure_has_begun_leaves_the_lines(tmp_path, monkeypatch):
    world = Whole(tmp_path)
    with monkeypatch.context() as patch:
        cut_off(patch, EVENTS.index("upgraded") + 2, "before")
        with pytest.raises(Killed):
            world.go(start=True)
    world.stack.extra_change = True
    with pytest.raises(Stopped, match="shows more than this step"):
        world.go(start=False)
    assert set(world.stack.declared().values()) == {TO}


def test_a_file_that_changed_while_azure_worked_is_previewed_again(tmp_path):
    world = Whole(tmp_path)
    world.meanwhile = lambda: world.stack.path.write_text(world.stack.path.read_text() + "# new\n")
    with pytest.raises(Stopped, match=r"Pulumi\.dev\.yaml changed since it began"):
        world.go(start=True)
    assert world.stack.log == []
    assert world.go(start=False).state is State.DONE
    assert world.asked == 1


def test_a_gate_stops_it_before_anything_is_changed(tmp_path, monkeypatch):
    world = Whole(tmp_path)
    lock = Result(
        "LOCK001",
        "Locks",
        Level.REQUIRED,
        When.BEFORE,
        Verdict.FAIL,
        (Finding("a lock", "is on", "take it off"),),
    )
    monkeypatch.setattr(world, "check", lambda when, *_: [lock] if when is When.BEFORE else [])
    with pytest.raises(Stopped, match="LOCK001"):
        world.go(start=True)
    assert (world.asked, set(world.stack.declared().values())) == (0, {OLD})


def test_a_line_that_names_another_version_stops_it_before_anything_is_changed(tmp_path):
    world = Whole(tmp_path)
    text = world.stack.path.read_text().replace(f"general, version: {OLD}", "general, version: 1.31.9")
    world.stack.path.write_text(text)
    with pytest.raises(Stopped, match=r"general is at 1\.31\.9, and the step starts from 1\.31\.10"):
        world.go(start=True)
    assert (world.asked, world.stack.path.read_text()) == (0, text)


def test_what_passes_is_tried_again_and_what_azure_refuses_ends_it_with_the_remedy(tmp_path):
    world = Whole(tmp_path)
    world.refusals = [
        "Azure answered 429: TooManyRequests: slow down",
        "Azure answered 409: ScopeLocked: locked",
    ]
    with pytest.raises(Stopped, match="ScopeLocked") as stop:
        world.go(start=True)
    assert "take the lock off" in stop.value.remedy
    assert world.go(start=False).state is State.DONE
    assert world.asked == 3  # twice refused


def test_one_that_was_done_outside_is_written_down(tmp_path):
    world = Whole(tmp_path)
    world.stack.aks = dict.fromkeys(world.stack.aks, TO)
    assert world.go(start=True).state is State.DONE
    assert world.asked == 0
    assert world.is_done()


def test_no_other_begins_while_it_stands_open(tmp_path):
    world = Whole(tmp_path)
    world.refusals = ["Azure answered 409: ScopeLocked: locked"]
    with pytest.raises(Stopped):
        world.go(start=True)
    assert progress(read(world.path)).is_open
    with pytest.raises(Stopped, match="a rollout of this stack stands at step 1 of 1"):
        world.go(start=True)


def test_the_report_tells_every_target(tmp_path):
    world = Whole(tmp_path)
    world.go(start=True)
    told = record(read(world.path))
    assert told
    page = as_markdown(told)
    assert "# Full-cluster upgrade of dev (aks) to Kubernetes 1.34.9: done" in page
    for name in (CONTROL_PLANE, *NAMES):
        assert f"| {name} | {OLD} | {TO} |" in page


def test_abort_says_how_it_goes_on(tmp_path):
    world = Whole(tmp_path)
    assert _file_note(None, world.step) == (  # pyright: ignore[reportArgumentType]  # no session is asked
        "What Azure has begun it ends by itself; this goes on from there: python -m upgrades whole-cluster --stack dev --to 1.34.9"
    )
