"""A small stack of one cluster in the lab, on the real engine, written with bare tokens, so that an `up` takes a few seconds.

It has the parts that a rollout goes by: a cluster with its inline system pool, the deployment that gives that pool its
version, and two pools of their own, with the stack file's keys that `upgrades.files.edit` changes.
"""

from __future__ import annotations

import shutil
import subprocess
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle.facts.catalog import Catalog

from emulator.cloud.cloud import Cloud
from tests.upgrades.builders import v
from tests.upgrades.fakes import Silent
from upgrades.engine.process import EngineRecord
from upgrades.engine.stack import CheckedStack
from upgrades.files.digests import digests
from upgrades.gates import GATES
from upgrades.gates.judging import judged
from upgrades.journal.file import Journal
from upgrades.model.clusters import CONTROL_PLANE, Cluster, Pool
from upgrades.model.view import View
from upgrades.model.workloads import Node
from upgrades.observe.azure.reader import Azure
from upgrades.observe.azure.values import resource_id
from upgrades.observe.running import Running, read
from upgrades.plan.planner import plan
from upgrades.rollout.edges import Edges
from upgrades.rollout.pool_calls import renew, upgrade_whole
from upgrades.rollout.run import Rollout

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from upgrades.engine.interrupts import Interrupts

CLOCK = "2026-08-01T12:00:00+00:00"
START, TARGET = "1.35.5", "1.36.2"
POOLS = ("system", "general", "memory")

STACK_FILE = f"""\
config:
  secure-aks:cluster: {{kubernetesVersion: {START}}}
  secure-aks:systemPool: {{name: system, version: {START}}}
  secure-aks:pools:
    - name: general
      version: {START}  # stays
    - name: memory
      version: {START}
"""

PROGRAM = """
import pulumi

config = pulumi.Config("secure-aks")
AZURE = "azure-native"


class Resource(pulumi.CustomResource):
    def __init__(self, token, name, props, *after, ignore=()):
        options = pulumi.ResourceOptions(depends_on=list(after), ignore_changes=list(ignore))
        super().__init__(f"{AZURE}:{token}", name, props, options)


common = {"resourceGroupName": "rg", "location": "westeurope"}
size = {"count": 2, "vmSize": "Standard_D4ds_v5"}
control_plane = config.require_object("cluster")["kubernetesVersion"]
system, pools = config.require_object("systemPool"), config.require_object("pools")
group = Resource("resources:ResourceGroup", "rg", common)
aks = Resource("containerservice:ManagedCluster", "cluster", common | {
    "resourceName": "aks", "kubernetesVersion": control_plane, "dnsPrefix": "aks",
    "sku": {"name": "Base", "tier": "Standard"}, "identity": {"type": "SystemAssigned"},
    "agentPoolProfiles": [{"name": system["name"], "mode": "System", **size}],
    "networkProfile": {"networkPlugin": "azure", "networkPluginMode": "overlay", "serviceCidr": "10.0.0.0/16",
                       "dnsServiceIP": "10.0.0.10", "podCidr": "10.244.0.0/16"},
}, group, ignore=["agentPoolProfiles"])  # as the shipped program has it
template = {"contentVersion": "1.0.0.0", "metadata": {"clusterState": control_plane}, "resources": [{
    "type": "Microsoft.ContainerService/managedClusters/agentPools", "apiVersion": "2025-09-01",
    "name": f"aks/{system['name']}", "properties": {"mode": "System", **size, "orchestratorVersion": system["version"]},
}]}
last = Resource("resources:Deployment", "system-pool-version", {
    "resourceGroupName": "rg", "deploymentName": "aks-system", "properties": {"mode": "Incremental", "template": template},
}, aks)
for pool in pools:
    last = Resource("containerservice:AgentPool", pool["name"], {
        "resourceGroupName": "rg", "resourceName": "aks", "agentPoolName": pool["name"], "mode": "User", **size,
        "orchestratorVersion": pool["version"],
    }, last)
pulumi.export("cluster", {"id": aks.id, "location": "westeurope"})
"""


NOT_HERE = ("alerts", "free_cores", "free_addresses", "followed", "expiries", "budgets", "pods", "workloads")
NOT_HERE += ("webhooks", "deprecated")


class SmallStack:
    """The project in a folder; every part of it is on disk, so that another process finds it again.

    `lab` is the lab's folder. `changed` returns the parts of the view that a test wants otherwise. Sleeping moves the clock.
    """

    def __init__(self, folder: Path, lab: Path) -> None:
        self.folder, self.lab = folder, lab
        self.file = folder / "Pulumi.dev.yaml"
        self.journal = folder / ".upgrades" / "dev.jsonl"
        self.cloud = Cloud(lab / "cloud.json")
        self.reporter = Silent()
        self.slept: list[float] = []
        self.changed: Callable[[], dict[str, Any]] = dict
        self.azure: Azure | None = None
        self.stack = CheckedStack(folder, "dev", [], EngineRecord(self.journal.with_suffix(".engine")))

    @classmethod
    def up(cls, folder: Path, lab: Path) -> SmallStack:
        """Write the project and bring it up, in a lab that this process has entered."""
        folder.mkdir()
        (folder / "Pulumi.yaml").write_text("name: secure-aks\nruntime: python\n")
        (folder / "__main__.py").write_text(PROGRAM)
        (folder / "Pulumi.dev.yaml").write_text(STACK_FILE)
        subprocess.run(["pulumi", "stack", "init", "dev"], cwd=folder, capture_output=True, check=True)
        made = cls(folder, lab)
        made.stack.up()
        return made

    def cluster(self) -> Cluster:
        pools = (Pool("system", v(START), mode="System"), *(Pool(name, v(START)) for name in POOLS[1:]))
        return Cluster("aks", "dev", v(START), pools)

    def steps(self):
        return plan(self.cluster(), v(TARGET), Catalog.load(), self.now().date()).steps

    def now(self):
        return datetime.fromisoformat(CLOCK) + timedelta(seconds=sum(self.slept))

    def running(self) -> Running:
        """Ask Azure, over its own wires."""
        id_ = self.stack.outputs()["cluster"]["id"]
        if self.azure is None:
            self.azure = Azure(resource_id(id_)["subscriptions"])
        return read(self.azure.whole_cluster(id_)["properties"])

    def view(self, _pool: str = "") -> View:
        actual = self.running()
        pools = actual.applied_to(self.cluster()).pools
        absent = dict.fromkeys(NOT_HERE, "there is none here")
        seen: dict[str, Any] = {
            "nodes": tuple(Node(f"aks-{pool.name}-0", pool.name, pool.version) for pool in pools),
            "operations": actual.operations,
            "window_open": True,
            "absent": absent,
        }
        return View(at=self.now(), **{**seen, **self.changed()})

    def edges(self, interrupts: Interrupts | None = None) -> Edges:
        def check(when, seen, step, before):
            return judged(GATES, when, seen, step, before)

        given: dict[str, Any] = {"interrupts": interrupts} if interrupts else {}
        return Edges(
            stack=self.stack,
            stack_file=self.file,
            running=self.running,
            view=self.view,
            check=check,
            now=self.now,
            sleep=self.slept.append,
            reporter=self.reporter,
            files=lambda: digests(self.folder, self.file),
            state=self.stack.state,
            cancel=self.stack.cli.interrupt,
            engine_works=self.stack.cli.engine.works if self.stack.cli.engine else lambda: False,
            renew=lambda step: renew(self.stack.outputs()["cluster"]["id"], step),
            upgrade_whole=lambda step: upgrade_whole(self.stack.outputs()["cluster"]["id"], step),
            **given,
        )

    def run(self, *, start: bool, steps: int | None = None, interrupts: Interrupts | None = None):
        """Run a rollout (of its first steps) to its end in this process."""
        edges = self.edges(interrupts)
        with Journal(self.journal, edges.now) as journal:
            rollout = Rollout(journal, edges)
            if start:
                facts: dict[str, Any] = {
                    "stack": "dev",
                    "cluster": "aks",
                    "target": TARGET,
                    "by": "a test",
                    "engine": "Pulumi",
                }
                rollout.start(self.steps()[:steps], **facts)
            return rollout.run()

    def versions(self) -> dict[str, str]:
        """What Azure runs, by target."""
        return {name: str(version) for name, version in self.running().versions.items()}

    def moves(self) -> list[tuple[str, str, str]]:
        """Every version that Azure moved, from its own log: (target, from, to), in order."""
        return moves(self.cloud.events())

    def locks(self) -> list[Path]:
        """What the backend has locked."""
        return list(self.lab.rglob("locks/**/*.json"))


class Kept:
    """A lab's files and a project as they were, to be put back before each test."""

    def __init__(self, lab: Path, project: Path, aside: Path) -> None:
        self.pairs = [(lab, aside / "lab"), (project, aside / "project")]
        for source, copy in self.pairs:
            shutil.copytree(source, copy, ignore_dangling_symlinks=True)

    def put_back(self) -> None:
        """Write what is different, and take away what is new."""
        for folder, copy in self.pairs:
            for path in folder.rglob("*"):
                if path.is_file() and not (copy / path.relative_to(folder)).exists():
                    path.unlink()
            for path in copy.rglob("*"):
                target = folder / path.relative_to(copy)
                if path.is_file() and not (target.exists() and target.read_bytes() == path.read_bytes()):
                    target.parent.mkdir(parents=True, exist_ok=True)
                    # In the place of the old one, whose stamp somebody may go by.
                    shutil.copyfile(path, new := target.with_name(f"{target.name}.new"))
                    new.replace(target)


def moves(events) -> list[tuple[str, str, str]]:
    """Read the moves of versions off an event log; the first event with versions is where it began."""
    found, before = [], None
    for event in events:
        if "versions" not in event:
            continue
        now = {CONTROL_PLANE: event["versions"]["controlPlane"], **event["versions"]["pools"]}
        for target, version in now.items():
            old = (before or now).get(target)
            if old is not None and old != version:
                found.append((target, old, version))
        before = now
    return found
