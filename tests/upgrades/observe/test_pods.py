"""Pods, workloads and budgets as an API server lists them: what an upgrade moves, and what stands in its way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.upgrades.builders import v
from upgrades.gates.workloads.budgets import Budgets
from upgrades.gates.workloads.never_allowing import NeverAllowing
from upgrades.model.clusters import CONTROL_PLANE
from upgrades.model.steps import Duration, Step
from upgrades.model.view import View
from upgrades.observe.cluster.api_reader import ApiReader
from upgrades.observe.cluster.pods import budgets, pods
from upgrades.observe.cluster.workloads import workloads

POOLS = {"n1": "general", "n2": "system"}
PATHS = {
    "pods": "/api/v1/pods",
    "budgets": "/apis/policy/v1/poddisruptionbudgets",
    "volumes": "/api/v1/persistentvolumes",
    "claims": "/api/v1/persistentvolumeclaims",
    "deployments": "/apis/apps/v1/deployments",
    "statefulsets": "/apis/apps/v1/statefulsets",
    "daemonsets": "/apis/apps/v1/daemonsets",
}


class Reader(ApiReader):
    """Lists what it was given."""

    def __init__(self, **lists):
        self.given = {PATHS[name]: items for name, items in lists.items()}
        self.asked = []

    def items(self, path):
        self.asked.append(path)
        return self.given.get(path, [])


def pod(name="web-1", owner="ReplicaSet", *, phase="Running", ready=True, node="n1", **more):
    owners = [{"kind": owner, "name": "x"}] if owner else []
    conditions = [{"type": "Ready", "status": str(ready)}]
    return {
        "metadata": {"namespace": "shop", "name": name, "labels": {"app": "web"}, "ownerReferences": owners}
        | more.pop("metadata", {}),
        "spec": {"nodeName": node, **more.pop("spec", {})},
        "status": {"phase": phase, "conditions": conditions, **more},
    }


def budget(*, allowed=0, healthy=3, desired=3, selector=None, **spec):
    selector = {"matchLabels": {"app": "web"}} if selector is None else selector
    return {
        "metadata": {"namespace": "shop", "name": "web"},
        "spec": {"selector": selector, **spec},
        "status": {
            "disruptionsAllowed": allowed,
            "expectedPods": 3,
            "currentHealthy": healthy,
            "desiredHealthy": desired,
        },
    }


def held_on(one, *items):
    """The pools on which a budget is in the way."""
    (found,) = budgets(Reader(pods=list(items), budgets=[one]), POOLS)
    return found.pools


VOLUMES = {
    "volumes": [
        {"name": "tmp", "emptyDir": {}},
        {"name": "fast", "emptyDir": {"medium": "Memory"}},
        {"name": "log", "hostPath": {"path": "/var/log"}},
        {"name": "data", "persistentVolumeClaim": {"claimName": "data"}},
        {"name": "disk", "persistentVolumeClaim": {"claimName": "disk"}},
        {"name": "scratch", "ephemeral": {}},
        {"name": "settings", "configMap": {"name": "x"}},
    ]
}
CLAIMS = {
    "volumes": [
        {"metadata": {"name": "pv-local"}, "spec": {"local": {"path": "/mnt"}}},
        {"metadata": {"name": "pv-disk"}, "spec": {"csi": {"driver": "disk.csi.azure.com"}}},
    ],
    "claims": [
        {"metadata": {"namespace": "shop", "name": name}, "spec": {"volumeName": volume}}
        for name, volume in (("data", "pv-local"), ("disk", "pv-disk"), ("web-1-scratch", "pv-local"))
    ],
}


def test_volumes_that_stay_on_the_node():
    (found,) = pods(Reader(pods=[pod(spec=VOLUMES)], **CLAIMS), POOLS)
    assert found.local_volumes == (
        "emptyDir tmp",
        "hostPath /var/log (log)",
        "local volume of claim data",
        "local volume of claim web-1-scratch",
    )


@pytest.mark.parametrize(
    "item",
    [
        pod(owner="DaemonSet", spec=VOLUMES),
        pod(owner="Node", spec=VOLUMES),  # a mirror pod of a static one
        pod(owner="Job", phase="Succeeded", spec=VOLUMES),
        pod(owner="Job", phase="Failed", spec=VOLUMES),
    ],
    ids=["DaemonSet", "static", "completed", "failed"],
)
def test_what_belongs_to_the_node_or_has_ended_keeps_nothing_there(item):
    (found,) = pods(Reader(pods=[item], **CLAIMS), POOLS)
    assert found.local_volumes == ()
    assert found.owner


@pytest.mark.parametrize(
    "item",
    [
        pod(metadata={"deletionTimestamp": "2026-08-01T12:00:00Z"}),
        pod(phase="Failed", reason="Evicted"),
        pod(phase="Failed", reason="NodeShutdown"),
    ],
)
def test_what_is_on_its_way_out_is_no_pod_to_judge(item):
    assert list(pods(Reader(pods=[item]), POOLS)) == []


def test_claims_are_asked_for_only_where_a_pod_has_one():
    reader = Reader(pods=[pod()])
    assert next(iter(pods(reader, POOLS))).pool == "general"
    assert reader.asked == [PATHS["pods"]]


@pytest.mark.parametrize(
    ("one", "item", "is_held"),
    [
        (budget(), pod(), True),
        (budget(), pod(phase="Pending", node="", ready=False), False),
        (budget(), pod(owner="Job", phase="Succeeded", ready=False), False),
        (budget(), pod(owner="DaemonSet"), False),
        (budget(), pod(owner="Node"), False),
        (budget(), pod(metadata={"deletionTimestamp": "now"}), False),
        (budget(), pod(metadata={"namespace": "pay"}), False),
        (budget(selector={}), pod(), True),
        (budget(selector={"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["web"]}]}), pod(), False),
        # An unhealthy pod: the default policy lets it go while enough others are healthy, AlwaysAllow always.
        (budget(healthy=2), pod(ready=False), True),
        (budget(healthy=3), pod(ready=False), False),
        (budget(healthy=2, unhealthyPodEvictionPolicy="AlwaysAllow"), pod(ready=False), False),
        (budget(healthy=2, unhealthyPodEvictionPolicy="AlwaysAllow"), pod(), True),
    ],
)  # fmt: skip
def test_a_budget_holds_what_a_drain_has_to_evict(one, item, is_held):
    assert held_on(one, item) == ({"general"} if is_held else set())


def test_a_budget_says_how_many_pods_are_missing_and_which_it_holds():
    ready, sick = pod(), pod("web-2", ready=False, node="n2")
    (found,) = budgets(Reader(pods=[ready, sick], budgets=[budget(allowed=0, healthy=2)]), POOLS)
    assert (found.allowed, found.pods, found.missing) == (0, 3, 1)
    assert found.holds == {("general", "web-1"), ("system", "web-2")}


def test_workloads_of_every_kind():
    meta = {"namespace": "shop", "name": "x"}
    selector = {"selector": {"matchLabels": {"app": "web"}}}
    reader = Reader(
        pods=[pod(), pod("web-2", node="n2")],
        deployments=[{"metadata": meta, "spec": {**selector, "replicas": 0}}],
        statefulsets=[{"metadata": meta, "spec": selector, "status": {"readyReplicas": 1}}],
        daemonsets=[
            {"metadata": meta, "spec": selector, "status": {"desiredNumberScheduled": 5, "numberReady": 4}}
        ],
    )
    found = [(one.kind, one.desired, one.ready) for one in workloads(reader, POOLS)]
    assert found == [("Deployment", 0, 0), ("StatefulSet", 1, 1), ("DaemonSet", 5, 4)]
    assert next(iter(workloads(reader, POOLS))).pools == {"general", "system"}


def disk(name, *zones, key="topology.disk.csi.azure.com/zone"):
    terms = [{"matchExpressions": [{"key": key, "operator": "In", "values": list(zones)}]}] if zones else []
    return {
        "metadata": {"name": name},
        "spec": {"csi": {}, "nodeAffinity": {"required": {"nodeSelectorTerms": terms}}},
    }


@pytest.mark.parametrize(
    ("volume", "zones"),
    [
        (disk("pv-disk", "westeurope-2"), {"westeurope-2"}),
        (disk("pv-disk", "westeurope-3", key="topology.kubernetes.io/zone"), {"westeurope-3"}),
        (disk("pv-disk", "westeurope-1", "westeurope-2"), set()),  # zone-redundant
        (disk("pv-disk", ""), set()),  # of no zone
        (disk("pv-disk"), set()),
    ],
)
def test_a_pod_says_where_it_runs_how_long_it_takes_and_what_binds_it_to_a_zone(volume, zones):
    claims = {"volumes": [volume], "claims": CLAIMS["claims"]}
    (found,) = pods(
        Reader(pods=[pod(spec={**VOLUMES, "terminationGracePeriodSeconds": 86400})], **claims), POOLS
    )
    assert (found.node, found.grace_seconds, found.volume_zones) == ("n1", 86400, zones)
    (other,) = pods(Reader(pods=[pod()]), POOLS)
    assert (other.grace_seconds, other.volume_zones) == (30, frozenset())


def deployment(containers=({"readinessProbe": {}},), **spec):
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": list(containers), **spec}}
    meta = {"namespace": "shop", "name": "x"}
    return {"metadata": meta, "spec": {"selector": {"matchLabels": {"app": "web"}}, "template": template}}


PROBED, BARE = {"readinessProbe": {"httpGet": {}}}, {"name": "side"}
APART = {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{}]}}


@pytest.mark.parametrize(
    ("item", "budget_of", "found"),
    [
        (deployment([PROBED]), None, (False, True, False)),
        (deployment([PROBED, BARE]), {}, (True, False, False)),
        (deployment([PROBED], initContainers=[BARE]), {"matchLabels": {"app": "api"}}, (False, True, False)),
        (
            deployment([PROBED], topologySpreadConstraints=[{}]),
            {"matchLabels": {"app": "web"}},
            (True, True, True),
        ),
        (deployment([BARE], affinity=APART), None, (False, False, True)),
        (deployment([BARE], affinity={"nodeAffinity": {}}), None, (False, False, False)),
    ],
)
def test_what_a_workload_does_for_its_pods(item, budget_of, found):
    budgets_there = [] if budget_of is None else [budget(selector=budget_of)]
    (one,) = workloads(Reader(deployments=[item], budgets=budgets_there), POOLS)
    assert (one.budgeted, one.probed, one.spread, one.settles) == (*found, False)
    item["spec"]["minReadySeconds"] = 10
    assert next(iter(workloads(Reader(deployments=[item]), POOLS))).settles


@pytest.mark.parametrize(
    ("owners", "annotations", "owner"),
    [
        ([("Backup", False), ("DaemonSet", True)], {}, "DaemonSet/x"),
        ([("DaemonSet", False), ("ReplicaSet", True)], {}, "ReplicaSet/x"),
        ([("DaemonSet", None)], {}, "DaemonSet/x"),
        ([], {"kubernetes.io/config.mirror": "abc"}, "Node/n1"),
        ([], {}, ""),
    ],
)
def test_a_pod_is_its_controllers_whatever_else_owns_it_and_a_mirror_is_its_nodes(owners, annotations, owner):
    item = pod(owner="")
    item["metadata"]["annotations"] = annotations
    item["metadata"]["ownerReferences"] = [
        {"kind": kind, "name": "x", "controller": controller} for kind, controller in owners
    ]
    [found] = pods(Reader(pods=[item]), POOLS)
    assert found.owner == owner


@pytest.mark.parametrize(
    ("spec", "never"),
    [
        ({"maxUnavailable": 0}, "maxUnavailable is 0"),
        ({"maxUnavailable": "0%"}, "maxUnavailable is 0%"),
        ({"maxUnavailable": "1%"}, ""),  # rounded up to one
        ({"minAvailable": 3}, "minAvailable is 3, of 3"),
        ({"minAvailable": "100%"}, "minAvailable is 100%, of 3"),
        ({"minAvailable": "67%"}, "minAvailable is 67%, of 3"),  # rounded up to three
        ({"minAvailable": "66%"}, ""),
        ({"minAvailable": 2}, ""),
        ({}, ""),
    ],
)
def test_a_budget_that_can_never_allow_a_disruption_stops_the_step_of_any_pool(spec, never):
    """AKS asks all budgets of the cluster before it begins: UnsatisfiablePDB."""
    [found] = budgets(Reader(pods=[pod()], budgets=[budget(**spec)]), POOLS)
    assert found.never == never
    step = Step("dev", "aks", "system", v("1.34.7"), v("1.35.7"), "next", Duration(15, 60))
    result = Budgets().run(View(at=datetime(2026, 11, 23, tzinfo=UTC), budgets=(found,)), step)
    assert [never in finding.why for finding in result.findings] == ([True] if never else [])
    early = NeverAllowing().run(
        View(at=datetime(2026, 11, 23, tzinfo=UTC), budgets=(found,)), replace(step, target=CONTROL_PLANE)
    )
    assert [never in finding.why for finding in early.findings] == ([True] if never else [])
    assert not early.stops
    [empty] = budgets(Reader(budgets=[{**budget(**spec), "status": {}}]), POOLS)
    assert not empty.never
