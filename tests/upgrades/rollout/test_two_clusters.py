"""Two clusters of one stack, one after the other, cut off at every entry of their journals: each goes on from its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.upgrades.builders import TODAY, catalog, cluster, pool, v
from tests.upgrades.fakes import Clock, Killed, Silent, cut_off, update, view
from upgrades.engine.previewed import CLUSTER, POOL
from upgrades.files import edit
from upgrades.files.yaml_nodes import read_nodes, version_node
from upgrades.gates.base import Level, Result, Verdict
from upgrades.journal.file import Journal, read
from upgrades.journal.progress import State, progress
from upgrades.model.clusters import CONTROL_PLANE
from upgrades.observe.running import Running
from upgrades.plan.planner import plan
from upgrades.rollout.edges import Edges, Stopped
from upgrades.rollout.run import Rollout

FILE = """\
config:
  secure-aks:cluster: {kubernetesVersion: 1.34.7}
  secure-aks:systemPool: {name: system, version: 1.34.7}
  secure-aks:pools: [{name: general, version: 1.34.7}]
  secure-aks:clusters:
    blue:
      cluster: {name: aks-blue, kubernetesVersion: 1.34.7}
      systemPool: {version: 1.34.7}
      poolVersions: {general: 1.34.7}
"""
TARGETS = (CONTROL_PLANE, "system", "general")
POOLS = [pool("system", "1.34.7", mode="System"), pool("general", "1.34.7")]
NAMES = {"dev": "aks-dev", "dev/blue": "aks-blue"}
ENTRIES = 2 + 6 * len(TARGETS)
"""Of one cluster's journal, when all goes well."""


class World:
    """A stack file of two clusters, what Azure runs of each, and a journal for each; one `up` is one of both."""

    def __init__(self, folder):
        self.file, self.folder = folder / "Pulumi.dev.yaml", folder
        self.file.write_text(FILE)
        self.aks = {(name, target): "1.34.7" for name in NAMES for target in TARGETS}
        self.clock, self.log = Clock(), []

    def differences(self):
        _, root = read_nodes(self.file)
        for name, target in self.aks:
            want = version_node(self.file, root, target, name.partition("/")[2]).value
            if want != self.aks[name, target]:
                yield name, target, want

    def preview(self, *, on_event=None):
        assert on_event
        for name, target, want in self.differences():
            called = {"resourceName": NAMES[name]}
            if target == CONTROL_PLANE:
                on_event(update(CLUSTER, "cluster", {"kubernetesVersion": want}, **called))
            else:
                on_event(update(POOL, target, {"orchestratorVersion": want}, agentPoolName=target, **called))

    def up(self, *, on_event=None):
        changes = list(self.differences())
        assert len(changes) <= 1, "the lifecycle pack refuses two steps in one `up`"
        for name, target, want in changes:
            self.log.append((name, target, want))
            self.aks[name, target] = want

    def steps(self, name):
        here = replace(cluster("1.34.7", POOLS), name=NAMES[name], stack=name)
        return plan(here, v("1.35.7"), catalog(), TODAY).steps

    def journal(self, name):
        return self.folder / f"{name.replace('/', '@')}.jsonl"

    def run(self, name, *, start=False):
        edges = Edges(
            stack=self,
            stack_file=self.file,
            running=lambda: Running({t: v(version) for (n, t), version in self.aks.items() if n == name}),
            view=lambda _: view(self.clock),
            check=lambda when, *_: [Result("NODE001", "Nodes", Level.REQUIRED, when, Verdict.PASS, ())],
            now=self.clock.now,
            sleep=self.clock.sleep,
            reporter=Silent(),
        )
        with Journal(self.journal(name), self.clock.now) as journal:
            rollout = Rollout(journal, edges)
            if start:
                rollout.start(self.steps(name))
            return rollout.run()


ALL = range(1, 1 + 2 * ENTRIES)


@pytest.mark.parametrize(
    "boundary", [pytest.param(at, marks=pytest.mark.soak if at % 3 else ()) for at in ALL]
)
@pytest.mark.parametrize("side", ["before", "after"])
def test_killed_at_any_entry_each_is_resumed_from_its_own_journal(tmp_path, monkeypatch, boundary, side):
    world = World(tmp_path)
    with monkeypatch.context() as patch:
        cut_off(patch, boundary, side)
        with pytest.raises(Killed):
            [world.run(name, start=True) for name in NAMES]
    for name in NAMES:
        at = progress(read(world.journal(name)))
        if at.state is not State.DONE:
            assert world.run(name, start=not at.steps).state is State.DONE
    assert world.log == [(name, target, "1.35.7") for name in NAMES for target in TARGETS]
    assert world.file.read_text() == FILE.replace("1.34.7", "1.35.7")


def test_the_step_of_one_cluster_is_not_that_of_the_other(tmp_path):
    """Somebody has moved the other one's line to the same version by hand: that is more than the step."""
    world = World(tmp_path)
    other = world.steps("dev")[0]
    edit.make(world.file, other)
    with pytest.raises(Stopped, match="more than this step"):
        world.run("dev/blue", start=True)
    assert world.log == []
    assert edit.says(world.file, other)
    assert "aks-blue, kubernetesVersion: 1.34.7" in world.file.read_text(), "the line went back"
