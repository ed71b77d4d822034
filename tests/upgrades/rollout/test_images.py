"""Newer node images: the plan, the rollout at every boundary, and the request to the lab's Azure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.upgrades.builders import cluster, pool, v
from tests.upgrades.fakes import Killed, cut_off
from tests.upgrades.rollout.test_judged_again import CLOSED, closes_at
from tests.upgrades.rollout.test_rollout import World
from tests.upgrades.small_stack import START
from upgrades.check.values import Observed
from upgrades.engine.interrupts import Interrupts
from upgrades.gates.base import Finding, Level, Result, Verdict, When
from upgrades.journal.file import Journal, read
from upgrades.journal.progress import State, progress
from upgrades.journal.record import record, versions
from upgrades.model.clusters import CONTROL_PLANE, Cluster, Pool
from upgrades.observe.errors import AzureError
from upgrades.plan.images import images
from upgrades.render.report import as_markdown
from upgrades.rollout.edges import Stopped
from upgrades.rollout.run import Rollout

POOLS = [
    pool("win", "1.34.7", os_type="Windows"),
    pool("general", "1.34.7"),
    pool("canary", "1.34.7", canary=True),
    pool("system", "1.34.7", mode="System"),
]
NAMES = ["system", "canary", "general", "win"]
OLD, NEW = dict.fromkeys(NAMES, "202610"), dict.fromkeys(NAMES, "202611")


def seen(**changes):
    return replace(Observed(cluster("1.34.7", POOLS), "stack dev", images=OLD, newest_images=NEW), **changes)


def test_pools_go_in_the_order_of_an_upgrade_and_keep_their_version():
    steps = images(seen()).steps
    assert [step.target for step in steps] == NAMES
    assert {(step.before, step.after, step.ends) for step in steps} == {
        (v("1.34.7"), v("1.34.7"), ("202610", "202611"))
    }
    assert steps[0].title == "aks: system 202610 -> 202611"


def test_what_has_the_newest_is_left_out_and_some_may_be_named():
    assert [step.target for step in images(seen(images={**OLD, "canary": "202611"})).steps] == [
        "system",
        "general",
        "win",
    ]
    assert [step.target for step in images(seen(), ["win"]).steps] == ["win"]
    assert images(seen(images=NEW)).steps == ()


@pytest.mark.parametrize(
    ("changes", "pools", "words"),
    [
        ({}, ["gone"], "there is no such pool"),
        ({"newest_images": {**NEW, "win": ""}}, [], "pool win: Azure does not say which node image"),
        ({"images": {}}, ["win"], "pool win: Azure does not say which node image"),
    ],
)
def test_what_is_not_known_blocks(changes, pools, words):
    made = images(seen(**changes), pools)
    assert made.steps == ()
    assert any(words in f"{one.what}: {one.why}" for one in made.blockers)


class Renewed(World):
    """A world whose pools have node images, which Azure renews when it is asked to."""

    def __init__(self, folder):
        super().__init__(folder, renew=self.renew)
        self.images, self.asked, self.refusals = {"system": "202610", "general": "202610"}, [], []

    def renew(self, step):
        self.asked.append(step.target)
        if self.refusals:
            raise AzureError(self.refusals.pop(0))
        self.images[step.target] = step.image_after

    def running(self):
        return replace(super().running(), images=dict(self.images))

    def go(self, *, start):
        with Journal(self.path, self.clock.now) as journal:
            rollout = Rollout(journal, self.edges())
            if start:
                here = Cluster(
                    "aks", "dev", v("1.34.7"), (Pool("system", v("1.34.7")), Pool("general", v("1.34.7")))
                )
                made = images(Observed(here, "stack dev", images=self.images, newest_images=NEW))
                told: dict[str, Any] = {
                    "cluster": "aks",
                    "target": "1.34.7",
                    "by": "a test",
                    "engine": "Pulumi",
                }
                rollout.start(made.steps, kind="images", stack="dev", **told)
            return rollout.run()


EVENTS = ["gates-passed", "up-started", "up-finished", "settled", "step-finished"]


def test_pool_by_pool_and_neither_the_file_nor_the_engine_has_a_part(tmp_path):
    world = Renewed(tmp_path)
    file = world.stack.path.read_text()
    assert world.go(start=True).state is State.DONE
    assert world.events() == ["started", *EVENTS, *EVENTS, "finished"]
    assert (world.images, world.asked) == ({"system": "202611", "general": "202611"}, ["system", "general"])
    assert (world.stack.log, world.stack.path.read_text()) == ([], file)
    found = record(read(world.path))
    assert found
    assert versions(found.steps)["general"] == ("202610", "202611")
    assert "# Newer node images of dev (aks) at Kubernetes 1.34.7: done" in as_markdown(found)


def test_a_pool_that_has_the_image_and_failed_is_not_done(tmp_path, monkeypatch):
    world = Renewed(tmp_path)
    look = world.running
    monkeypatch.setattr(world, "running", lambda: replace(look(), failed=("system",) if world.asked else ()))
    with pytest.raises(Stopped, match="Azure is done, and: Azure has system in a failed state"):
        world.go(start=True)
    assert "up-finished" not in world.events()


@pytest.mark.parametrize("boundary", range(1, 3 + 2 * len(EVENTS)))
@pytest.mark.parametrize("side", ["before", "after"])
def test_cut_off_at_any_entry_it_goes_on_and_no_pool_is_renewed_twice(tmp_path, monkeypatch, boundary, side):
    world = Renewed(tmp_path)
    with monkeypatch.context() as patch:
        cut_off(patch, boundary, side)
        with pytest.raises(Killed):
            world.go(start=True)
    assert world.go(start=not read(world.path)).state is State.DONE
    assert world.asked == ["system", "general"]


def cut_off_after(world, monkeypatch, event):
    with monkeypatch.context() as patch:
        cut_off(patch, ["started", *EVENTS].index(event) + 1, "after")
        with pytest.raises(Killed):
            world.go(start=True)


def test_a_pool_that_was_cut_off_before_azure_was_asked_waits_for_its_window(tmp_path, monkeypatch):
    world = Renewed(tmp_path)
    cut_off_after(world, monkeypatch, "up-started")
    closes_at(world, world.clock.now())
    with pytest.raises(Stopped, match="WINDOW001"):
        world.go(start=False)
    assert world.asked == []


@pytest.mark.parametrize("event", ["started", "up-started"])
def test_no_gate_and_no_window_stops_a_pool_that_has_its_image_already(tmp_path, monkeypatch, event):
    world = Renewed(tmp_path)
    cut_off_after(world, monkeypatch, event)
    world.images["system"] = "202611"
    monkeypatch.setattr(
        world,
        "check",
        lambda when, _, step, __: [CLOSED] if (when, step.target) == (When.BEFORE, "system") else [],
    )
    assert world.go(start=False).state is State.DONE
    assert world.asked == ["general"]
    (first, _) = [entry for entry in read(world.path) if entry["event"] == "up-finished"]
    assert first["already"]


def test_a_ctrl_c_while_azure_renews_a_pool_ends_it_there(tmp_path):
    interrupts = Interrupts()
    world = Renewed(tmp_path)
    renew = world.renew

    def interrupted(step):
        interrupts.count += 1
        renew(step)

    world.changes |= {"interrupts": interrupts, "renew": interrupted}
    with pytest.raises(KeyboardInterrupt):
        world.go(start=True)
    assert world.events() == ["started", *EVENTS[:3], "stopped"]
    assert world.asked == ["system"]


def test_gates_stand_before_and_somebody_elses_image_stops_it(tmp_path, monkeypatch):
    world = Renewed(tmp_path)
    finding = (Finding("budget", "allows 0", "raise it"),)

    def check(when, *_):
        failed = Result("PDB001", "t", Level.REQUIRED, when, Verdict.FAIL, finding)
        return [failed] if when is When.BEFORE else []

    with monkeypatch.context() as patch:
        patch.setattr(world, "check", check)
        with pytest.raises(Stopped, match="PDB001"):
            world.go(start=True)
        assert world.asked == []
    world.images["system"] = "202609"
    with pytest.raises(Stopped, match="somebody changed it in between"):
        world.go(start=False)


def test_what_azure_throttles_is_asked_again_and_what_it_did_not_do_is_told(tmp_path):
    world = Renewed(tmp_path)
    world.refusals = ["Azure answered 429: TooManyRequests: slow down"]
    assert world.go(start=True).state is State.DONE
    assert world.asked == ["system", "system", "general"]
    idle = tmp_path / "idle"
    idle.mkdir()
    other = Renewed(idle)
    other.changes["renew"] = lambda _: None
    with pytest.raises(Stopped, match="still runs node image 202610 instead of 202611"):
        other.go(start=True)


def test_the_labs_azure_renews_a_pool(small):
    """By the real SDK; the newest image is the one that Azure's upgrade profile names."""
    old = "AKSUbuntu-2404gen2containerd-202601.05.0"
    (general,) = (
        one
        for one in small.cloud.of_type("Microsoft.ContainerService/managedClusters/agentPools")
        if one.name == "general"
    )
    newest = general.properties["nodeImageVersion"]
    small.cloud.edit(general.id, {"nodeImageVersion": old})
    now = Observed(
        small.cluster(), "stack dev", images=small.running().images, newest_images={"general": newest}
    )
    steps = images(now, ["general"]).steps
    edges = small.edges()
    with Journal(small.journal, edges.now) as journal:
        rollout = Rollout(journal, edges)
        rollout.start(steps, kind="images", stack="dev")
        rollout.run()
    assert progress(read(small.journal)).state is State.DONE
    assert small.running().images["general"] == newest
    assert small.versions()[CONTROL_PLANE] == small.versions()["general"] == START
