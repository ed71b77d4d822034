"""A fleet, or AKS's channel, moves the versions of all clusters of a stack: each is asked for what it runs, and is a member of its own group."""

import json
from typing import Any

import pytest
from ruamel.yaml import YAML
from secure_aks_lifecycle.stack.outputs import from_outputs

from tests.components.helpers import Answers, Run, azure_kubeconfig
from tests.components.test_permuted import configuration, program
from tests.lifecycle.builders import change, found
from tests.settings.test_clusters import FOUR_LINES

OLD = "1.35.6"
RUNS = {"aks-dev": "1.36.2", "aks-blue": "1.35.7"}
FLEET = {
    "name": "shop",
    "stages": [{"name": "one", "groups": ["dev"]}, {"name": "two", "groups": ["dev-blue"]}],
}
OWNERS = {
    "fleet": {"secure-aks:versionRules": {"owner": "fleet"}, "secure-aks:fleet": FLEET},
    "channel": {"secure-aks:versionRules": {"owner": "channel", "channel": "stable"}},
}


class Azure(Answers):
    """What runs in each cluster; nothing else is asked of it."""

    def __init__(self, last_outputs: dict[str, Any]) -> None:
        super().__init__(dry_run=False, last_outputs=last_outputs, kubeconfig=azure_kubeconfig())
        self.asked: list[str] = []

    def call(self, args: Any) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        if not args.token.endswith(":getManagedCluster"):
            return super().call(args)
        name = args.args["resourceName"]
        self.asked.append(name)
        assert args.args["resourceGroupName"] == f"rg-{name}"
        pools = [{"name": pool, "currentOrchestratorVersion": RUNS[name]} for pool in ("system", "general")]
        return {"currentKubernetesVersion": RUNS[name], "agentPoolProfiles": pools}, []


def config(owner: str, *, alone: bool = False) -> dict[str, Any]:
    said = {**configuration("dev"), **OWNERS[owner]}
    return said if alone else {**said, **YAML(typ="safe").load(FOUR_LINES)}


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")


def again(said: dict[str, Any], last: Run) -> tuple[Run, Azure]:
    azure = Azure(json.loads(json.dumps(last.stack_outputs)))
    return program(said, "dev", answers=azure), azure


def asked_for(done: Run) -> dict[str, set[str]]:
    """The versions of each cluster's control plane and of its pools system and general, of which Azure tells."""
    versions: dict[str, set[str]] = {}
    for one in done.of(":ManagedCluster"):
        versions.setdefault(one.inputs["resourceName"], set()).add(one.inputs["kubernetesVersion"])
    for one in done.of(":AgentPool"):
        if one.name == "general":
            versions[one.inputs["resourceName"]].add(one.inputs["orchestratorVersion"])
    for one in done.of(":Deployment"):
        [made] = one.inputs["properties"]["template"]["resources"]
        if "orchestratorVersion" in made["properties"]:
            versions[made["name"].partition("/")[0]].add(made["properties"]["orchestratorVersion"])
    return versions


@pytest.mark.parametrize("owner", OWNERS)
def test_each_cluster_asks_for_what_it_runs(owner, caplog):
    first = program(config(owner), "dev")
    assert asked_for(first) == {"aks-dev": {OLD}, "aks-blue": {OLD}}, (
        "a first `up` makes what the stack file says"
    )
    later, azure = again(config(owner), first)
    assert sorted(azure.asked) == ["aks-blue", "aks-dev"]
    assert asked_for(later) == {name: {version} for name, version in RUNS.items()}
    recorded = from_outputs(later.stack_outputs)["clusters"]
    assert {name: one["controlPlane"]["version"] for name, one in recorded.items()} == RUNS
    moved = change(from_outputs(later.stack_outputs), from_outputs(first.stack_outputs))
    rules = {key: value for key, value in OWNERS[owner].items() if key.endswith("versionRules")}
    assert [one for rule in ("legal-step", "promotion") for one in found(rule, moved, rules)] == []


def test_a_cluster_that_comes_later_is_made_as_the_file_says():
    first = program(config("fleet", alone=True) | {"secure-aks:fleet": {"name": "shop"}}, "dev")
    later, azure = again(config("fleet"), first)
    assert azure.asked == ["aks-dev"]
    assert asked_for(later) == {"aks-dev": {RUNS["aks-dev"]}, "aks-blue": {OLD}}


@pytest.mark.parametrize("of", ["its own", "another stack's"])
def test_all_clusters_are_members_of_one_fleet_each_in_its_group(of):
    said = config("fleet")
    fleet = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/fleets/providers/Microsoft.ContainerService/fleets/shop"
    if of != "its own":
        said["secure-aks:fleet"] = {"id": fleet}
    done = program(said, "dev")
    members = {one.inputs["fleetMemberName"]: one.inputs for one in done.of(":FleetMember")}
    assert {name: one["group"] for name, one in members.items()} == {"aks-dev": "dev", "aks-blue": "dev-blue"}
    assert {one["fleetName"] for one in members.values()} == {"shop"}
    assert len({one["resourceGroupName"] for one in members.values()}) == 1
    assert len(done.of(":Fleet")) == (1 if of == "its own" else 0) + len(done.of("index:Fleet"))
    assert len({one.urn for one in done.registered}) == len(done.registered)
