"""What Azure says over ARM stops a rollout before its step, by the code of the gate: each state alone, and none of them alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from settings import load_file
from tests.upgrades import builders
from tests.upgrades.builders import v
from tests.upgrades.check.arm import SUBSCRIPTION, azure, cluster, lock, pool
from tests.upgrades.fakes import Clock, FakeStack, Silent
from upgrades.gates import GATES
from upgrades.gates import azure as azure_gates
from upgrades.gates.base import When
from upgrades.journal.file import Journal, read
from upgrades.journal.progress import State
from upgrades.observe.errors import ClusterError
from upgrades.observe.live import gathered
from upgrades.observe.running import read as running
from upgrades.plan.planner import plan
from upgrades.rollout.edges import Edges, Stopped
from upgrades.rollout.run import Rollout

SETTINGS = load_file(Path(__file__).parents[3] / "Pulumi.dev.yaml")
COMPUTE = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-aks"
NETWORK = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet"
SUBNET = f"{NETWORK}/subnets/nodes"
BEFORE, AFTER = "1.35.6", "1.35.7"
MODULES = f"{azure_gates.__name__}."
FAMILY = "standardDDSv5Family"


def serve(arm, control_plane=None, general=None, *, free=100, restrictions=(), locks=()):
    """Let Azure have the cluster, well but for what is named."""
    pools = [
        pool("system", BEFORE, mode="System"),
        pool("general", BEFORE, vnetSubnetID=SUBNET, **(general or {})),
    ]
    item = cluster("aks", AFTER, *pools, **(control_plane or {}))
    arm.has(item)
    arm.locked(*locks)
    sizes = [
        {
            "resourceType": "virtualMachines",
            "name": name,
            "family": FAMILY,
            "restrictions": list(restrictions),
        }
        for name in ("Standard_D2ds_v5", "Standard_D4ds_v5")
    ]
    usages = [
        {"name": {"value": name}, "currentValue": 100 - free, "limit": 100} for name in ("cores", FAMILY)
    ]
    arm.put(
        f"{NETWORK}/usages", {"value": [{"id": SUBNET, "currentValue": 9, "limit": 251, "unit": "Count"}]}
    )
    arm.put(f"{COMPUTE}/skus", {"value": sizes})
    arm.put(f"{COMPUTE}/locations/westeurope/usages", {"value": usages})
    return item


def roll(arm, item, folder):
    """Take pool general a patch up; the gates are those that look at Azure, and they see what ARM says."""
    stack, clock = FakeStack.at(folder, AFTER), Clock()
    stack.path.write_text(
        stack.path.read_text().replace(f"general, version: {AFTER}", f"general, version: {BEFORE}")
    )
    stack.aks["general"] = BEFORE
    client = azure(arm)

    def view(target):
        summary = {"id": item["id"], "location": "westeurope"}
        return gathered(SETTINGS, ClusterError("there is none here"), client, summary, clock.now(), target)

    def check(when, seen, step, before):
        ours = [
            g for g in GATES if type(g).__module__.startswith(MODULES) and g.when is when and g.applies(step)
        ]
        assert len(ours) > 5 or when is When.AFTER
        return [gate.run(seen, step, before) for gate in ours]

    def runs():
        found = running(client.whole_cluster(item["id"])["properties"])
        return replace(found, versions={**found.versions, "general": v(stack.aks["general"])})

    edges = Edges(stack, stack.path, runs, view, check, clock.now, clock.sleep, Silent())
    planned = builders.cluster(
        AFTER,
        [builders.pool("system", AFTER, mode="System"), replace(builders.pool("general", BEFORE), cores=4)],
    )
    (step,) = plan(planned, v(AFTER), builders.catalog(), builders.TODAY).steps

    def run():
        with Journal(folder / "dev.jsonl", clock.now) as journal:
            rollout = Rollout(journal, edges)
            rollout.start([step])
            return rollout.run()

    return stack, run


def test_a_cluster_that_is_well_lets_the_step_go(arm, tmp_path):
    item = serve(arm)
    stack, run = roll(arm, item, tmp_path)
    assert run().state is State.DONE
    assert stack.log == [("general", BEFORE, AFTER)]


@pytest.mark.parametrize(
    ("said", "code", "words"),
    [
        ({"locks": [lock(GROUP)]}, "LOCK001", "lock keep (CanNotDelete)"),
        ({"control_plane": {"powerState": {"code": "Stopped"}}}, "STATE002", "is stopped"),
        ({"general": {"powerState": {"code": "Stopped"}}}, "STATE002", "is stopped"),
        ({"control_plane": {"provisioningState": "Failed"}}, "STATE001", "is Failed"),
        ({"general": {"provisioningState": "Failed"}}, "STATE001", "is Failed"),
        (
            {"restrictions": [{"type": "Location", "values": ["westeurope"], "reasonCode": "QuotaId"}]},
            "QUOTA003",
            "restricted in westeurope",
        ),
        ({"free": 3}, "QUOTA001", "3 cores of quota are left"),
    ],
)
def test_each_state_stops_it_by_its_code_before_anything_is_touched(arm, tmp_path, said, code, words):
    item = serve(arm, **said)
    stack, run = roll(arm, item, tmp_path)
    before = stack.path.read_text()
    with pytest.raises(Stopped) as stop:
        run()
    lines = stop.value.why.splitlines()[1:]
    assert {line.split()[0] for line in lines} == {code}, lines
    assert words in stop.value.why
    assert (stack.log, stack.path.read_text()) == ([], before)
    last = read(tmp_path / "dev.jsonl")[-1]
    assert (last["event"], [gate["code"] for gate in last["gates"] if gate["verdict"] == "fail"]) == (
        "stopped",
        [code],
    )
    assert not any(method != "GET" for method, _ in arm.methods)
