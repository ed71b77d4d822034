"""A pool's replacement, on a stack and a cluster in memory that keep AKS's rules and the lifecycle pack's: cut off anywhere, no rule is broken."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from pulumi.automation import EngineEvent
from pulumi.automation.events import OpType, ResourcePreEvent, StepEventMetadata, StepEventStateMetadata

from tests.upgrades.builders import v
from tests.upgrades.fakes import Clock, Killed, Silent, cut_off, failure, view
from upgrades.engine.interrupts import Interrupts
from upgrades.engine.previewed import POOL
from upgrades.files.pools_edit import _values
from upgrades.gates.base import Finding, Level, Result, Verdict, When
from upgrades.gates.workloads.new_pool import NewPool
from upgrades.journal.file import Journal, read
from upgrades.journal.progress import State
from upgrades.journal.record import record
from upgrades.model.clusters import Cluster, Pool
from upgrades.model.moves import Kind
from upgrades.model.view import View
from upgrades.model.workloads import Node, Pod
from upgrades.observe.running import Running
from upgrades.plan.replace_pool import replace_pool
from upgrades.render.report import as_markdown
from upgrades.rollout.edges import Drained, Edges, Stopped
from upgrades.rollout.reached import is_reached, with_room
from upgrades.rollout.run import Rollout

FILE = """\
config:
  secure-aks:cluster: {kubernetesVersion: 1.35.5}
  secure-aks:systemPool: {name: system, version: 1.35.5}
  secure-aks:pools:
    - name: general
      version: 1.35.5
      vmSize: Standard_D4ds_v5
      autoscaling: {min: 2, max: 4}
"""
VALUES = {"vmSize": "Standard_D8ds_v5"}
NEW = Pool("general2", v("1.35.5"), nodes=2, cores=8)
HERE = Cluster(
    "aks",
    "dev",
    v("1.35.5"),
    (Pool("system", v("1.35.5"), mode="System"), Pool("general", v("1.35.5"), nodes=2)),
)
STEPS = replace_pool(HERE, "general", NEW, {"vmSize": "Standard_D4ds_v5"}, VALUES).steps


def event(op, name, old=None, new=None, diffs=()):
    urn = f"urn:pulumi:dev::secure-aks::{POOL}::{name}"
    sides = [
        StepEventStateMetadata(
            POOL, urn, "id", "", "p", inputs={"agentPoolName": name, "resourceName": "aks", **side}
        )
        if side
        else None
        for side in (old, new)
    ]
    step = StepEventMetadata(op, urn, POOL, "p", old=sides[0], new=sides[1], diffs=list(diffs))
    return EngineEvent(1, 1, resource_pre_event=ResourcePreEvent(step))


class World:
    """Stack and cluster: `up` refuses what the lifecycle pack and AKS refuse, and `log` has what was done."""

    def __init__(self, folder):
        self.path, self.file = folder / "dev.jsonl", folder / "Pulumi.dev.yaml"
        self.file.write_text(FILE)
        self.clock, self.reporter = Clock(), Silent()
        self.pools = {"general": 2}  # nodes
        self.pods, self.cordoned, self.log = 3, False, []
        self.refused: tuple[str, ...] = ()
        self.moved = 0
        self.extra, self.idle = False, False
        self.results: list[Result] = []  # of the gates

    def declared(self):
        found = _values(self.file, self.file.read_text())["config"]["secure-aks:pools"]
        return {pool["name"]: pool.get("count", 2) for pool in found}

    def differences(self):
        want = self.declared()
        for name, count in want.items():
            if name not in self.pools:
                yield OpType.CREATE, name, count
            elif self.pools[name] != count:
                yield OpType.UPDATE, name, count
        for name in self.pools.keys() - want.keys():
            yield OpType.DELETE, name, 0

    def preview(self, *, on_event=None):
        assert on_event
        for op, name, count in self.differences():
            old = None if op is OpType.CREATE else {"orchestratorVersion": "1.35.5"}
            new = None if op is OpType.DELETE else {"orchestratorVersion": "1.35.5", "count": count}
            on_event(event(op, name, old, new, ["count", "enableAutoScaling"] if op is OpType.UPDATE else ()))
        if self.extra:
            on_event(event(OpType.UPDATE, "other", {"a": 1}, {"a": 2}, ["tags"]))

    def up(self, *, on_event=None):
        found = list(self.differences())
        if len(found) > 1:
            raise failure("several-changes")
        for op, name, count in [] if self.idle else found:
            if op is OpType.CREATE:
                self.pools[name] = count
            elif op is OpType.UPDATE:
                assert count or not self.pods, "pods are deleted with their nodes"
                self.pools[name] = count
            else:
                assert self.pools.pop(name) == 0, "a pool goes without nodes only"
            self.log.append((str(op.value), name))

    def drain(self, step):
        assert step.target == "general"
        assert self.pools.get("general2"), "the pods have nowhere to go"
        self.cordoned = True
        if self.pods and not self.refused:
            self.pods, self.moved = self.pods - 1, self.moved + 1
        return Drained(tuple(f"shop/web-{number}" for number in range(self.pods)), self.refused)

    def running(self):
        return Running(
            dict.fromkeys(self.pools, v("1.35.5")) | {"control plane": v("1.35.5")}, counts=dict(self.pools)
        )

    def edges(self):
        return Edges(
            stack=self,
            stack_file=self.file,
            running=self.running,
            view=lambda _: view(self.clock),
            check=lambda *_: self.results,
            now=self.clock.now,
            sleep=self.clock.sleep,
            reporter=self.reporter,
            drain=self.drain,
        )

    def go(self, *, start):
        with Journal(self.path, self.clock.now) as journal:
            rollout = Rollout(journal, self.edges())
            if start:
                told: dict[str, Any] = {
                    "stack": "dev",
                    "cluster": "aks",
                    "target": "1.35.5",
                    "by": "a test",
                    "engine": "Pulumi",
                }
                rollout.start(STEPS, kind="replacement", **told)
            return rollout.run()


WITH_UP = ["gates-passed", "edited", "up-started", "up-finished", "settled", "step-finished"]
ALONE = [event for event in WITH_UP if event != "edited"]
DONE = [("create", "general2"), ("update", "general"), ("delete", "general")]


def test_the_new_pool_comes_the_pods_move_and_the_old_one_goes(tmp_path):
    world = World(tmp_path)
    assert world.go(start=True).state is State.DONE
    events = [entry["event"] for entry in read(world.path)]
    assert events == ["started", *WITH_UP, *ALONE, *WITH_UP, *WITH_UP, "finished"]
    assert (world.log, world.pools, world.pods, world.moved) == (DONE, {"general2": 2}, 0, 3)
    assert [line.strip() for line in world.file.read_text().splitlines()[4:]] == [
        "- name: general2",
        "version: 1.35.5",
        "vmSize: Standard_D8ds_v5",
        "autoscaling: {min: 2, max: 4}",
    ]
    found = record(read(world.path))
    assert found
    page = as_markdown(found)
    assert "# Pool general of dev replaced by general2 (aks) at Kubernetes 1.35.5: done" in page
    assert "in use" in page
    assert "drained" in page


BOUNDARIES = 2 + 3 * len(WITH_UP) + len(ALONE)


@pytest.mark.parametrize("boundary", range(1, BOUNDARIES + 1))
@pytest.mark.parametrize("side", ["before", "after"])
def test_cut_off_at_any_entry_it_goes_on_and_no_rule_is_broken(tmp_path, monkeypatch, boundary, side):
    world = World(tmp_path)
    with monkeypatch.context() as patch:
        cut_off(patch, boundary, side)
        with pytest.raises(Killed):
            world.go(start=True)
    assert world.go(start=not read(world.path)).state is State.DONE
    assert (world.log, world.pools, world.moved) == (DONE, {"general2": 2}, 3)


@pytest.mark.parametrize("method", ["preview", "up", "drain"])
@pytest.mark.parametrize("call", [1, 2, 3])
@pytest.mark.parametrize("side", ["before", "after"])
def test_cut_off_inside_it_goes_on(tmp_path, monkeypatch, method, call, side):
    world, count, real = World(tmp_path), 0, getattr(World, method)

    def cut(self, *given, **named):
        nonlocal count
        count += 1
        if count == call and side == "before":
            raise Killed
        found = real(self, *given, **named)
        if count == call:
            raise Killed
        return found

    with monkeypatch.context() as patch:
        patch.setattr(World, method, cut)
        with pytest.raises(Killed):
            world.go(start=True)
    assert world.go(start=False).state is State.DONE
    assert (world.log, world.moved) == (DONE, 3)


def test_a_drain_that_is_refused_stops_by_its_time_out_says_what_holds_and_goes_on(tmp_path):
    world = World(tmp_path)
    world.refused = ("pod shop/web-0: a PodDisruptionBudget does not allow it now",)
    with pytest.raises(Stopped, match="does not allow it now") as stop:
        world.go(start=True)
    assert "kubectl uncordon -l agentpool=general" in stop.value.remedy
    assert sum(world.clock.slept) >= STEPS[1].duration.longest * 60
    assert world.log == DONE[:1]
    assert world.pools == {"general": 2, "general2": 2}, "nothing is lost"
    world.refused = ()
    assert world.go(start=False).state is State.DONE


def test_a_drain_that_was_cut_off_goes_on_in_the_window_and_without_the_other_gates(tmp_path):
    world = World(tmp_path)
    world.refused = ("pod shop/web-0: not yet",)
    with pytest.raises(Stopped, match="not yet"):
        world.go(start=True)
    world.refused = ()
    world.results = [
        Result(code, "t", Level.REQUIRED, When.BEFORE, Verdict.FAIL, (Finding(code, "says no", "wait"),))
        for code in ("WINDOW001", "POD002")
    ]
    with pytest.raises(Stopped, match="WINDOW001 says no") as stop:
        world.go(start=False)
    assert "POD002" not in stop.value.why
    assert world.moved == 0
    world.results = []
    assert world.go(start=False).state is State.DONE


def drained_by(world, monkeypatch, happens):
    """Let something happen whenever a drain has asked for evictions."""
    interrupts, edges, drain = Interrupts(), world.edges, world.drain

    def drained(step):
        found = drain(step)
        happens(interrupts, found)
        return found

    monkeypatch.setattr(world, "edges", lambda: replace(edges(), drain=drained, interrupts=interrupts))


def test_an_abort_and_a_ctrl_c_end_a_drain_before_its_next_look(tmp_path, monkeypatch):
    def interrupted(interrupts, _):
        interrupts.count += 1

    for happens, ends in (
        (lambda *_: (tmp_path / "dev.abort").touch(), Stopped),
        (interrupted, KeyboardInterrupt),
    ):
        world = World(tmp_path)
        world.path.unlink(missing_ok=True)
        drained_by(world, monkeypatch, happens)
        with pytest.raises(ends):
            world.go(start=True)
        assert (world.moved, world.clock.slept) == (1, [])


def test_a_ctrl_c_as_the_last_pod_leaves_ends_the_run_with_the_drain(tmp_path, monkeypatch):
    def interrupted(interrupts, found):
        interrupts.count += not found.left

    world = World(tmp_path)
    drained_by(world, monkeypatch, interrupted)
    with pytest.raises(KeyboardInterrupt):
        world.go(start=True)
    assert [entry["event"] for entry in read(world.path)][-2:] == ["up-finished", "stopped"]


def test_what_azure_does_not_tell_is_no_step_that_is_done():
    _, _, empty, remove = STEPS
    there = {"general": v("1.35.5"), "general2": v("1.35.5")}
    assert not is_reached(Running(there), empty)
    assert is_reached(Running(there, counts={"general": 0}), empty)
    assert not is_reached(Running({}), remove)
    assert is_reached(Running({"general2": v("1.35.5")}), remove)


def test_the_new_pool_has_the_room_of_the_subnets_that_the_old_one_shares():
    work: Any = SimpleNamespace(engine=SimpleNamespace(free_cores=lambda _: {"general2": 8}))
    room: Any = "room"
    seen = View(
        at=Clock().now(), free_addresses={"general": 5}, pod_room={"general": room}, free_cores={"general": 3}
    )
    found = with_room(work, STEPS[0], seen)
    assert (found.free_addresses, found.pod_room, found.free_cores) == (
        {"general": 5, "general2": 5},
        {"general": "room", "general2": "room"},
        {"general": 3, "general2": 8},
    )
    assert with_room(work, STEPS[1], seen) is seen


def test_a_preview_that_shows_more_stops_and_an_up_that_did_nothing_is_told(tmp_path):
    world = World(tmp_path)
    world.extra = True
    with pytest.raises(Stopped, match="shows more than this step"):
        world.go(start=True)
    assert world.log == []
    world.extra, world.idle = False, True
    with pytest.raises(Stopped, match="pool general2 is not as the step leaves it"):
        world.go(start=False)
    world.idle = False
    assert world.go(start=False).state is State.DONE


@pytest.mark.parametrize("more", ["gone", "new"])
def test_another_pool_is_not_taken_for_the_one_that_moves(tmp_path, more):
    world = World(tmp_path)
    if more == "gone":
        world.pools["web"] = 2  # somebody took it out of the file
    else:
        world.file.write_text(f"{FILE}    - name: web\n      version: 1.35.5\n")
    with pytest.raises(Stopped, match="shows more than this step"):
        world.go(start=True)
    assert world.log == []


@pytest.mark.parametrize(
    ("pod", "zones", "words"),
    [
        ({}, ["westeurope-1"], []),
        ({"bound_to": "general"}, ["westeurope-1"], ["asks for pool general by its nodeSelector"]),
        (
            {"volume_zones": frozenset({"westeurope-3"})},
            ["westeurope-1"],
            ["has a volume in zone westeurope-3"],
        ),
        ({"volume_zones": frozenset({"westeurope-3"})}, ["westeurope-3"], []),
        ({}, [], ["has no node that is Ready"]),
        ({"owner": "DaemonSet/log", "bound_to": "general"}, ["westeurope-1"], []),
        ({"pool": "web", "bound_to": "general"}, ["westeurope-1"], []),
    ],
)
def test_the_pods_have_to_find_room_on_the_new_pool(pod, zones, words):
    drained = next(step for step in STEPS if step.move and step.move.kind is Kind.DRAIN)
    one = replace(Pod("shop", "web", "general", "ReplicaSet/web", node="n"), **pod)
    nodes = tuple(Node(f"n{zone}", "general2", v("1.35.5"), zone=zone) for zone in zones)
    found = NewPool().run(View(at=Clock().now(), pods=(one,), nodes=nodes), drained)
    assert NewPool.when is When.BEFORE
    assert len(found.findings) == len(words)
    for finding, word in zip(found.findings, words, strict=True):
        assert re.search(word, finding.why)
    cordoned = tuple(replace(node, schedulable=False) for node in nodes)
    found = NewPool().run(View(at=Clock().now(), pods=(one,), nodes=cordoned), drained)
    moves = one.pool == "general" and not one.stays
    assert any("has no node that is Ready" in finding.why for finding in found.findings) is moves
    assert [NewPool().applies(step) for step in STEPS] == [False, True, False, False]
