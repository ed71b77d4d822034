"""What a rehearsal loads of a dump, what it reads of its own objects, and what it says beforehand: values, without an API server."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.upgrades.builders import pool
from tests.upgrades.rehearsal import printed
from upgrades.model.workloads import Pod
from upgrades.rehearsal import drains, manifests
from upgrades.rehearsal.dump import Dump
from upgrades.rehearsal.states import has_counted, stays
from upgrades.rehearsal.stuck import of_refusal, told


def test_a_node_keeps_its_own_taints_and_room_and_one_more_of_its_kind_is_open():
    old = printed.node("n0", "web", "we-1")
    old["spec"] = {
        "unschedulable": True,
        "taints": [{"key": "team", "effect": "NoSchedule"}, *({"key": key} for key in manifests.AWAY)],
    }
    old["status"]["allocatable"] = {"cpu": "1"}
    same, more = manifests.node(old, "r"), manifests.node(old, "r", "r-n0")
    assert [(one["metadata"]["name"], one["spec"]["unschedulable"]) for one in (same, more)] == [
        ("n0", True),
        ("r-n0", False),
    ]
    for one in (same, more):
        assert one["spec"]["taints"] == [{"key": "team", "effect": "NoSchedule"}]
        assert one["status"]["allocatable"] == {"cpu": "1"}
        assert one["metadata"]["labels"]["kubernetes.io/hostname"] == one["metadata"]["name"]
    assert old["status"]["capacity"] == same["status"]["capacity"]


PLACED = {
    "affinity": {"podAntiAffinity": {}},
    "tolerations": [{"operator": "Exists"}],
    "topologySpreadConstraints": [{"maxSkew": 1}],
    "hostNetwork": True,
    "terminationGracePeriodSeconds": 60,
}


def test_what_places_a_pod_comes_along():
    item = printed.pod("shop", "web-0", "n0", "ReplicaSet/web", pool="web")
    item["spec"] |= {**PLACED, "hostname": "web-0"}
    spec = manifests.pod(item, "r")["spec"]
    assert {key: spec[key] for key in PLACED} == PLACED
    assert (spec["hostname"], spec["nodeName"]) == ("web-0", "n0")
    assert spec["nodeSelector"] == {"kubernetes.azure.com/agentpool": "web", manifests.MARK: "r"}


def test_a_controller_keeps_as_many_pods_as_it_did_and_its_order():
    item = printed.stateful_set("data", "base", "disks")
    assert manifests.controller(item, "r")["spec"]["podManagementPolicy"] == "OrderedReady"
    item["spec"] |= {"replicas": 0, "podManagementPolicy": "Parallel"}
    spec = manifests.controller(item, "r")["spec"]
    assert (spec["replicas"], spec["podManagementPolicy"]) == (0, "Parallel")
    del item["spec"]["replicas"]
    assert manifests.controller(item, "r")["spec"]["replicas"] == 1


def test_a_volume_keeps_its_zones_and_whose_it_is():
    volume, _ = printed.disk("data", "data-base-0", "we-2")
    spec = manifests.volume(volume)["spec"]
    assert spec["nodeAffinity"] == volume["spec"]["nodeAffinity"]
    assert spec["claimRef"] == {"namespace": "data", "name": "data-base-0"}


@pytest.mark.parametrize(
    ("change", "counted"),
    [
        ({}, True),
        ({"disruptedPods": {"web-1": "2026-11-23T12:00:00Z"}}, False),
        ({"currentHealthy": 2}, False),
        ({"observedGeneration": 2}, False),
        ({"disruptionsAllowed": 5}, False),
    ],
)
def test_a_budget_has_counted_the_pods_of_its_own_namespace(change, counted):
    item = printed.budget("shop", "web", 1)
    item["metadata"]["generation"] = 3
    status = {"observedGeneration": 3, "currentHealthy": 1, "desiredHealthy": 1, "disruptionsAllowed": 0}
    item["status"] = status | change
    labels = {"app": "web"}
    pods = [printed.pod(namespace, "web-0", "n0", labels=labels) for namespace in ("shop", "other")]
    pods.append(printed.pod("shop", "web-1", "n0", labels=labels, ready=False))
    assert has_counted(item, pods) is counted


def test_daemons_and_static_pods_stay():
    static = printed.pod("kube-system", "proxy", "n0")
    static["metadata"]["annotations"] = {"kubernetes.io/config.mirror": "x"}
    assert stays(static)
    assert stays(printed.pod("shop", "log", "n0", "DaemonSet/log"))
    assert not stays(printed.pod("shop", "web-0", "n0", "ReplicaSet/web"))


@pytest.mark.parametrize(
    ("drain_minutes", "grace", "remedy"),
    [(30, 1800, ""), (30, 1801, "to 31 min or more"), (30, 3600, "to 60 min or more"), (0, 7200, "")],
)
def test_a_pod_is_told_of_when_it_may_take_longer_than_the_drain_waits(drain_minutes, grace, remedy):
    here = pool("web", drain_minutes=drain_minutes)
    one = Pod("shop", "web-0", "web", "ReplicaSet/web", node="n0", grace_seconds=grace)
    found = list(told(here, 1, [one]))
    assert [one.code for one in found] == ["grace"] * bool(remedy)
    assert all(remedy in one.remedy for one in found)


def test_a_pod_that_no_drain_moves_is_not_told_of():
    ended = Pod("shop", "job", "web", phase="Succeeded", node="n0", grace_seconds=9999)
    daemon = Pod("shop", "log", "web", "DaemonSet/log", node="n0", grace_seconds=9999)
    assert list(told(pool("web", drain_minutes=30), 1, [ended, daemon])) == []


def test_a_refusal_that_is_no_budgets_is_not_called_one():
    assert of_refusal("a PodDisruptionBudget does not allow it now")[0] == "budget"
    assert of_refusal("webhook cleaner denied the request")[0] == "refused"


def test_a_pool_is_as_old_as_its_oldest_node_and_of_its_nodes_os():
    nodes = [printed.node(name, "win", "we-1") for name in ("a", "b", "c")]
    for item, version in zip(nodes, ("v1.35.6", "v1.34.9", "v1.35.7"), strict=True):
        item["status"]["nodeInfo"]["kubeletVersion"] = version
        item["metadata"]["labels"]["kubernetes.io/os"] = "windows"
    text = json.dumps({"kind": "List", "items": [*nodes, printed.pod("shop", "x", "a")]})
    (found,) = Dump([("a", text)]).pools("1", 30)
    assert (str(found.version), found.os_type, found.nodes) == ("1.34.9", "Windows", 3)


class Noted:
    """A stage on which nothing moves but what a rehearsal asks for; the pods of `held` nodes are not let go."""

    def __init__(self, held=()):
        items = [printed.node(name, "web", "we-1") for name in ("n0", "n1")]
        self.dump = Dump([("a", printed.printed(*items, printed.pod("shop", "x", "n0", "ReplicaSet/x")))])
        self.run, self.nodes, self.held, self.log = "r", {"n0": {}, "n1": {}}, held, []

    def add_node(self, _item, name):
        self.log.append(f"add {name}")
        return name

    def remove_node(self, name):
        self.log.append(f"remove {name}")

    def cordon(self, name):
        self.log.append(f"close {name}")

    def reopen(self, names):
        self.log.extend(f"open {name}" for name in names)

    def drained(self, name):
        return [printed.pod("shop", "x", name)] if name in self.held else []

    def pods(self):
        return []

    def settle(self):
        pass


@pytest.mark.parametrize("held", [(), ("n0",), ("r-n0",)])
def test_a_node_that_got_empty_is_open_again_and_a_surge_node_goes_after_its_pool(monkeypatch, held):
    monkeypatch.setattr(drains._Drains, "_refusal", lambda *_: "held")
    stage: Any = Noted(held)
    done = drains.rehearse(stage, [pool("web", nodes=2, max_surge="1", drain_minutes=30)])
    assert done.batches == {"web": [("n0",), ("n1",)]}
    steps = ["add r-n0", "open r-n0"]
    for name in ("n0", "n1", "r-n0"):
        steps += [f"close {name}"] + [f"open {name}"] * (name not in held)
    assert stage.log == steps + ["remove r-n0"] * ("r-n0" not in held)
