"""A full-cluster upgrade asked of the lab's Azure by the SDK: one PUT of the cluster as it is, with every version; then the engine's `up`."""

from __future__ import annotations

import sys
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from azure.core import MatchConditions
from secure_aks_lifecycle.facts.catalog import Catalog
from secure_aks_lifecycle.stack.record import ClusterState, PoolState

from tests.upgrades.builders import v
from tests.upgrades.small_stack import POOLS, START
from upgrades.journal.file import Journal, read
from upgrades.journal.progress import State
from upgrades.model.clusters import CONTROL_PLANE
from upgrades.observe.azure.reader import Azure
from upgrades.observe.errors import AzureError
from upgrades.plan.whole_cluster import whole_cluster
from upgrades.rollout.pool_calls import upgrade_whole
from upgrades.rollout.run import Rollout

LATER = "2027-04-10"
"""When 1.35 has no support any more, and 1.36 is the lowest that has."""
TO = "1.36.3"
CLUSTERS = "Microsoft.ContainerService/managedClusters"
EVERYTHING = (CONTROL_PLANE, *POOLS)


@pytest.fixture
def old(small, monkeypatch):
    """The small stack, out of support; its cluster's id; the step."""
    monkeypatch.setenv("SECURE_AKS_CLOCK", LATER)
    state = ClusterState(v(START), {name: PoolState(v(START)) for name in POOLS})
    day = date.fromisoformat(LATER)
    made = whole_cluster(small.cluster(), state, POOLS, v(TO), Catalog.load(), day)
    assert made.blockers == ()
    return small, small.stack.outputs()["cluster"]["id"], made.steps[0]


def test_the_request_is_the_cluster_as_it_was_read_with_the_versions_alone_changed(monkeypatch):
    """What Azure only tells is not asked of it: a node image that is named would be a rollback, a service principal without its secret is none."""
    pool = {"name": "system", "count": 2, "nodeTaints": ["a=b:NoSchedule"], "powerState": {"code": "Running"}}
    told = {
        "currentOrchestratorVersion": START,
        "nodeImageVersion": "i",
        "provisioningState": "Succeeded",
        "eTag": "p",
    }
    properties = {
        "kubernetesVersion": START,
        "currentKubernetesVersion": START,
        "networkProfile": {"podCidr": "x"},
    }
    principal = {"servicePrincipalProfile": {"clientId": "c"}}
    arm: dict[str, Any] = {"location": "westeurope", "tags": {"a": "b"}, "eTag": "now"}
    arm["properties"] = {
        **properties,
        **principal,
        "agentPoolProfiles": [{**pool, **told, "orchestratorVersion": START}],
    }
    sent = []

    def put(*names, **conditions):
        sent.append((*names, conditions))
        return SimpleNamespace(result=lambda: None)

    clusters = SimpleNamespace(begin_create_or_update=put)
    azure = SimpleNamespace(cluster=lambda *_: arm, client=SimpleNamespace(managed_clusters=clusters))
    monkeypatch.setattr(sys.modules[upgrade_whole.__module__], "Azure", lambda *_, **__: azure)
    id_ = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks"
    upgrade_whole(id_, SimpleNamespace(after=v(TO)))  # pyright: ignore[reportArgumentType]  # all of a step that is used
    [(group, name, body, conditions)] = sent
    assert (group, name) == ("rg", "aks")
    assert conditions == {"etag": "now", "match_condition": MatchConditions.IfNotModified}
    assert body == {
        **arm,
        "properties": {
            **properties,
            "kubernetesVersion": TO,
            "agentPoolProfiles": [{**pool, "orchestratorVersion": TO}],
        },
    }


def test_all_of_it_goes_by_one_request_and_once(old):
    small, id_, step = old
    requests = len(small.cloud.events())
    before = Azure(id_.split("/")[2]).whole_cluster(id_)
    upgrade_whole(id_, step)
    assert small.versions() == dict.fromkeys(EVERYTHING, TO)
    moved = [(target, START, TO) for target in EVERYTHING]
    assert sorted(small.moves()) == sorted(moved)
    after = Azure(id_.split("/")[2]).whole_cluster(id_)
    versions = {"kubernetesVersion", "currentKubernetesVersion", "agentPoolProfiles"}
    for key in before["properties"].keys() - versions:
        assert after["properties"][key] == before["properties"][key]
    there = len(small.cloud.events())
    assert there > requests
    upgrade_whole(id_, step)  # it is there: nothing is asked
    assert len(small.cloud.events()) == there


def test_azure_refuses_what_somebody_has_changed_since_it_was_read(old, monkeypatch):
    small, id_, step = old
    cluster = Azure.cluster

    def overtaken(self, group, name):
        return {**cluster(self, group, name), "eTag": "an earlier one"}

    monkeypatch.setattr(Azure, "cluster", overtaken)
    with pytest.raises(AzureError, match="eTag"):
        upgrade_whole(id_, step)
    assert small.versions() == dict.fromkeys(EVERYTHING, START)


def test_what_azure_refuses_is_told_in_its_words(old, monkeypatch):
    small, id_, step = old
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2027-07-01")  # by then 1.36 has no support either
    with pytest.raises(AzureError, match=r"K8sVersionNotSupported: Version 1\.36\.3 is not supported"):
        upgrade_whole(id_, step)
    assert small.versions() == dict.fromkeys(EVERYTHING, START)


@pytest.mark.soak
def test_on_the_engine_the_up_after_it_records_and_moves_nothing(old):
    small, _, step = old
    edges = small.edges()
    with Journal(small.journal, edges.now) as journal:
        rollout = Rollout(journal, edges)
        rollout.start(
            [step], kind="whole-cluster", stack="dev", cluster="aks", target=TO, by="a test", engine="P"
        )
        assert rollout.run().state is State.DONE
    assert small.versions() == dict.fromkeys(EVERYTHING, TO)
    assert len(small.moves()) == len(EVERYTHING)
    assert small.file.read_text().count(TO) == len(EVERYTHING)
    (up,) = (one for one in read(small.journal) if one["event"] == "up-started")
    assert len(up["preview"]) == len(EVERYTHING)
    seen = small.stack.preview()
    assert set(seen.change_summary) == {"same"}
