"""A small stack of one cluster on the emulator's Azure, written with bare tokens, so that a run takes a fraction of a second.

It has the parts that a rollout goes by: a cluster with its inline system pool, the deployment that gives that pool its
version, and two pools of their own, with the stack file's keys that `upgrades.edit` changes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle.catalog import Catalog

from emulator.cloud.cloud import Cloud
from emulator.dry_run.stack import EmulatedStack
from tests.upgrades.builders import v
from tests.upgrades.fakes import Silent
from upgrades.fleet import CONTROL_PLANE, Cluster, Pool
from upgrades.gates import GATES
from upgrades.journal import Journal
from upgrades.observe import emulated
from upgrades.plan import plan
from upgrades.rollout.edges import Edges
from upgrades.rollout.run import Rollout
from upgrades.running import running

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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
"""


class SmallStack:
    """The project in a folder; every part of it is on disk, so that another process finds it again.

    `changed` returns the parts of the view that a test wants otherwise. Sleeping moves the clock.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "Pulumi.dev.yaml"
        self.journal = folder / ".upgrades" / "dev.jsonl"
        self.cloud = Cloud(folder / ".emulator" / "cloud.json")
        self.reporter = Silent()
        self.slept: list[float] = []
        self.changed: Callable[[], dict[str, Any]] = dict

    @classmethod
    def up(cls, folder: Path) -> SmallStack:
        """Write the project and bring it up."""
        (folder / "Pulumi.yaml").write_text("name: secure-aks\nruntime: python\n")
        (folder / "__main__.py").write_text(PROGRAM)
        (folder / "Pulumi.dev.yaml").write_text(STACK_FILE)
        made = cls(folder)
        made.stack().up()
        return made

    def stack(self) -> EmulatedStack:
        return EmulatedStack("dev", self.folder)

    def cluster(self) -> Cluster:
        pools = (Pool("system", v(START), mode="System"), *(Pool(name, v(START)) for name in POOLS[1:]))
        return Cluster("aks", "dev", v(START), pools)

    def steps(self):
        return plan(self.cluster(), v(TARGET), Catalog.load(), self.now().date()).steps

    def now(self):
        return datetime.fromisoformat(CLOCK) + timedelta(seconds=sum(self.slept))

    def view(self):
        actual = running(self.stack())
        seen = emulated.view(actual.applied_to(self.cluster()), (), self.now())
        absent = {**seen.absent, "free_addresses": "no subnet here", "followed": "it follows none"}
        seen = replace(seen, operations=actual.operations, window_open=True, absent=absent)
        return replace(seen, **self.changed())

    def edges(self) -> Edges:
        stack = self.stack()

        def check(when, seen, step, before):
            return [g.run(seen, step, before) for g in GATES if g.when is when and g.applies(step)]

        return Edges(
            stack=stack,
            stack_file=self.file,
            running=lambda: running(stack),
            view=self.view,
            check=check,
            now=self.now,
            sleep=self.slept.append,
            reporter=self.reporter,
        )

    def run(self, *, start: bool):
        """Run a rollout to its end in this process."""
        edges = self.edges()
        with Journal(self.journal, edges.now) as journal:
            rollout = Rollout(journal, edges)
            if start:
                rollout.start(
                    self.steps(),
                    stack="dev",
                    cluster="aks",
                    target=TARGET,
                    by="a test",
                    engine="the emulator",
                )
            return rollout.run()

    def versions(self) -> dict[str, str]:
        """What Azure runs, by target."""
        return {name: str(version) for name, version in running(self.stack()).versions.items()}

    def moves(self) -> list[tuple[str, str, str]]:
        """Every version that Azure moved, from its own log: (target, from, to), in order."""
        return moves(self.cloud.events())


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
