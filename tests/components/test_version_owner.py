"""A channel or a fleet moves the versions: the program asks for what runs, records it, and takes nothing back. On the emulated ARM."""

import copy
import json
import logging
from collections.abc import Mapping
from typing import Any

import pytest
from secure_aks_lifecycle.stack.outputs import from_outputs

from emulator.cloud.cloud import Cloud
from emulator.errors import ProviderError
from tests.asked.keys import FOLDER, config
from tests.asked.life import OnArm, program, stand_there
from tests.emulator.azure_provider import Azure
from tests.lifecycle.builders import change, found

OLD, NEW = "1.35.6", "1.36.2"
FLEET = {
    "name": "shop",
    "stages": [{"name": "all", "groups": ["dev"], "approval": "before", "waitMinutes": 60}],
}
CLUSTER, GENERAL = "containerservice:ManagedCluster", "containerservice:AgentPool"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")


def said(rules: Mapping[str, Any] | None) -> dict[str, Any]:
    """A small stack: a cluster of 1.35.6 with one pool beside the system pool."""
    values = copy.deepcopy(config(FOLDER / "adopted.yaml"))
    del values["secure-aks:cluster"]["adopted"], values["secure-aks:systemPool"]["adopted"]
    del values["secure-aks:pools"][0]["adopted"]
    values["secure-aks:network"] = {"addressSpace": "10.60.0.0/16"}
    del values["secure-aks:cluster"]["outboundType"], values["secure-aks:cluster"]["natGateway"]
    if rules:
        values["secure-aks:versionRules"] = rules
    if rules and rules["owner"] == "fleet":
        values["secure-aks:fleet"] = FLEET
    return values


class Stack:
    """A stack on the emulated ARM, and the `up`s that it has been through."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.azure, self.values = Azure(Cloud()), values
        stand_there(self.azure, values)
        self.answers = OnArm(self.azure)

    def up(self):
        """Run the program; what it asks for a second time is compared with what was made."""
        self.answers.changed.clear()
        done = program(self.values, "dev", self.answers)
        self.answers.last_outputs = json.loads(json.dumps(done.stack_outputs))
        return done

    def recorded(self) -> dict[str, str]:
        [cluster] = from_outputs(self.answers.last_outputs)["clusters"].values()
        pools = {name: pool["version"] for name, pool in cluster["pools"].items()}
        return {"": cluster["controlPlane"]["version"], **pools}

    def put(self, type_: str, name: str, **changes: Any) -> None:
        self.answers.made[type_, name] = self.azure.update(self.answers.made[type_, name], **changes)

    def moved_by_somebody_else(self) -> None:
        """What an update run or a channel does from inside: the control plane, then the pool beside the system pool."""
        made = dict(self.answers.made)
        channel = made[CLUSTER, "cluster"].inputs["autoUpgradeProfile"]
        # From outside AKS upgrades no control plane alone while a channel is on.
        still = self.azure.update(
            made[CLUSTER, "cluster"],
            kubernetesVersion=NEW,
            autoUpgradeProfile=channel | {"upgradeChannel": "none"},
        )
        self.azure.update(still, autoUpgradeProfile=channel)
        self.azure.update(made[GENERAL, "general"], orchestratorVersion=NEW)


def asked(done) -> dict[str, str]:
    deployment = done.one(":Deployment", "system-pool-version").inputs["properties"]["template"]["resources"][
        0
    ]
    return {
        "": done.one(":ManagedCluster").inputs["kubernetesVersion"],
        "system": deployment["properties"]["orchestratorVersion"],
        "general": done.one(":AgentPool", "general").inputs["orchestratorVersion"],
    }


@pytest.mark.parametrize(
    "rules", [{"owner": "fleet"}, {"owner": "channel", "channel": "stable"}], ids=["fleet", "channel"]
)
def test_what_runs_is_what_is_asked_for_and_recorded(rules):
    stack = Stack(said(rules))
    assert set(asked(stack.up()).values()) == {OLD}, "a first `up` makes what the stack file says"

    stack.moved_by_somebody_else()
    runs = {"": NEW, "system": OLD, "general": NEW}
    assert asked(stack.up()) == runs
    assert stack.recorded() == runs
    stack.put(CLUSTER, "cluster", kubernetesVersion=runs[""], tags={"a": "b"})  # Azure takes it
    stack.put(GENERAL, "general", orchestratorVersion=runs["general"])
    stack.up()
    assert stack.answers.changed == ["containerservice:ManagedCluster cluster"], "the tag alone"


def test_asked_for_what_the_file_says_azure_would_refuse():
    stack = Stack(said({"owner": "fleet"}))
    stack.up()
    made = dict(stack.answers.made)
    stack.moved_by_somebody_else()
    with pytest.raises(ProviderError, match=r"(?i)downgrad"):
        stack.azure.update(made[CLUSTER, "cluster"], kubernetesVersion=OLD, tags={"a": "b"})


def test_a_hand_over_changes_no_version_and_back_again():
    stack = Stack(said(None))
    stack.up()
    stack.values = said({"owner": "fleet"})
    stack.up()
    assert stack.answers.changed == []
    assert {name for _, name in stack.answers.made} >= {"fleet", "fleet-member", "fleet-strategy"}
    stack.moved_by_somebody_else()
    stack.up()
    stack.values = said(None)
    stack.values["secure-aks:cluster"]["kubernetesVersion"] = NEW
    stack.values["secure-aks:pools"][0]["version"] = NEW
    assert asked(stack.up()) == {"": NEW, "system": OLD, "general": NEW}
    assert stack.recorded() == {"": NEW, "system": OLD, "general": NEW}


RUNS = {"": NEW, "system": NEW, "general": NEW}


def refused(stack: Stack, before: Any, rules: Mapping[str, Any] | None) -> list[str]:
    """What the lifecycle pack refuses of an `up` that went from one record to what the stack has recorded now."""
    moved = change(from_outputs(stack.answers.last_outputs), before)
    config = {"secure-aks:versionRules": rules} if rules else {}
    return [one for rule in ("legal-step", "promotion") for one in found(rule, moved, config)]


def as_it_runs() -> dict[str, Any]:
    """The stack file with the versions that run written into it, its owner the program."""
    values = said(None)
    values["secure-aks:cluster"]["kubernetesVersion"] = NEW
    values["secure-aks:systemPool"]["version"] = NEW
    values["secure-aks:pools"][0]["version"] = NEW
    return values


def upgraded_as_a_whole() -> Stack:
    stack = Stack(said(None))
    stack.up()
    stack.moved_by_somebody_else()
    system = stack.answers.made["resources:Deployment", "system-pool-version"]
    properties = copy.deepcopy(system.inputs["properties"])
    properties["template"]["resources"][0]["properties"]["orchestratorVersion"] = NEW
    stack.azure.update(system, properties=properties)
    return stack


def test_a_cluster_upgraded_outside_as_a_whole_is_recorded_by_the_way_that_a_plan_names():
    """The way of `upgrades/plan/obstacles.py` for a minor without support: an `up` as the channel's, and one as the program's."""
    stack = upgraded_as_a_whole()
    rules = {"owner": "channel", "channel": "patch"}
    for values, owner in ((said(rules), rules), (as_it_runs(), None)):
        before = from_outputs(stack.answers.last_outputs)
        stack.values = values
        assert asked(stack.up()) == RUNS, "nothing goes up or down"
        assert stack.recorded() == RUNS
        assert refused(stack, before, owner) == []


def test_written_into_the_file_at_once_the_pack_refuses_it():
    stack = upgraded_as_a_whole()
    before = from_outputs(stack.answers.last_outputs)
    stack.values = as_it_runs()
    stack.up()
    assert any("3 changes in one `up`" in one for one in refused(stack, before, None))


def test_the_strategy_reaches_azure_with_its_waits_and_approvals():
    stack = Stack(said({"owner": "fleet"}))
    stack.up()
    state = stack.azure.cloud.view()
    [strategy] = state.of_type("Microsoft.ContainerService/fleets/updateStrategies")
    gate = {"type": "Approval", "displayName": "before all"}
    assert strategy.properties["strategy"]["stages"] == [
        {"name": "all", "groups": [{"name": "dev"}], "afterStageWaitInSeconds": 3600, "beforeGates": [gate]}
    ]
    [member] = state.of_type("Microsoft.ContainerService/fleets/members")
    assert (member.properties["group"], member.name) == ("dev", "aks-adopted")


def test_what_the_file_says_and_does_not_run_is_told(caplog):
    caplog.set_level(logging.INFO)
    stack = Stack(said({"owner": "fleet"}))
    stack.up()
    stack.moved_by_somebody_else()
    stack.up()
    assert "the control plane runs 1.36.2, the stack file says 1.35.6" in caplog.text
