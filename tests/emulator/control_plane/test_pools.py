"""Node pools: nodes made, relabelled, and replaced surge by surge with drains that budgets may stop."""

import time
import uuid

import pytest

from emulator.control_plane.pools import PoolNodes, UpgradeError, node_pool, surge_nodes, wanted_count

MINUTE = 0.1


@pytest.fixture
def pool(control_plane):
    name = f"p{uuid.uuid4().hex[:8]}"
    yield {
        "name": name,
        "currentOrchestratorVersion": "1.35.5",
        "count": 3,
        "nodeLabels": {"workload": "x"},
        "nodeTaints": ["only=x:NoSchedule"],
        "availabilityZones": ["1"],
        "upgradeSettings": {"maxSurge": "1", "drainTimeoutInMinutes": 15},
    }
    PoolNodes(control_plane.client(), MINUTE, lambda: None).delete(name)


@pytest.fixture
def nodes(control_plane):
    return PoolNodes(control_plane.client(), MINUTE, lambda: None)


def live(control_plane, pool):
    found = control_plane.client().get("/api/v1/nodes", labelSelector=f"agentpool={pool['name']}")["items"]
    return {n["metadata"]["name"]: n for n in found}


def versions(control_plane, pool):
    return sorted(n["status"]["nodeInfo"]["kubeletVersion"] for n in live(control_plane, pool).values())


def workload(control_plane, namespace, pool, *, replicas, budget):
    """Run pods on the pool's nodes, `budget` of which must always be there."""
    admin = control_plane.client()
    labels = {"app": "web"}
    admin.create(
        f"/apis/policy/v1/namespaces/{namespace}/poddisruptionbudgets",
        {"metadata": {"name": "web"}, "spec": {"minAvailable": budget, "selector": {"matchLabels": labels}}},
    )
    apart = {"labelSelector": {"matchLabels": labels}, "topologyKey": "kubernetes.io/hostname"}
    pod = {
        "nodeSelector": {"agentpool": pool["name"]},
        "affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [apart]}},
        "tolerations": [{"key": "only", "operator": "Exists"}],
        "containers": [{"name": "c", "image": "i"}],
    }
    admin.create(
        f"/apis/apps/v1/namespaces/{namespace}/deployments",
        {
            "metadata": {"name": "web"},
            "spec": {
                "replicas": replicas,
                "selector": {"matchLabels": labels},
                "template": {"metadata": {"labels": labels}, "spec": pod},
            },
        },
    )
    end = time.monotonic() + 60
    path = f"/apis/policy/v1/namespaces/{namespace}/poddisruptionbudgets/web"
    while admin.get(path)["status"].get("currentHealthy") != replicas:
        assert time.monotonic() < end
        time.sleep(0.1)


def test_nodes_are_what_the_pool_says(control_plane, nodes, pool):
    nodes.reconcile(pool, "westeurope")
    found = live(control_plane, pool)
    assert len(found) == 3
    node = next(iter(found.values()))
    assert node["metadata"]["labels"]["workload"] == "x"
    assert node["metadata"]["labels"]["topology.kubernetes.io/zone"] == "westeurope-1"
    assert [t for t in node["spec"]["taints"] if t["key"] == "only"]
    assert versions(control_plane, pool) == ["v1.35.5"] * 3
    nodes.reconcile(pool | {"nodeLabels": {"other": "y"}, "nodeTaints": [], "count": 2}, "westeurope")
    found = live(control_plane, pool)
    assert len(found) == 2
    for node in found.values():
        assert node["metadata"]["labels"]["other"] == "y"
        assert "workload" not in node["metadata"]["labels"]
        assert not [t for t in node["spec"].get("taints", []) if t["key"] == "only"]


def test_an_upgrade_replaces_one_surge_at_a_time_and_keeps_the_budget(control_plane, nodes, namespace, pool):
    nodes.reconcile(pool, "westeurope")
    before = set(live(control_plane, pool))
    workload(control_plane, namespace, pool, replicas=3, budget=2)
    most, healthy = 0, []

    def look():
        nonlocal most
        most = max(most, len(live(control_plane, pool)))
        budget = control_plane.client().get(
            f"/apis/policy/v1/namespaces/{namespace}/poddisruptionbudgets/web"
        )
        healthy.append(budget["status"]["currentHealthy"])

    PoolNodes(control_plane.client(), 4.0, look).reconcile(
        pool | {"currentOrchestratorVersion": "1.35.6"}, "westeurope"
    )
    assert versions(control_plane, pool) == ["v1.35.6"] * 3
    assert not before & set(live(control_plane, pool))
    assert most == 4
    assert min(healthy) >= 2


def test_a_budget_that_allows_nothing_stops_the_upgrade_until_it_is_gone(
    control_plane, nodes, namespace, pool
):
    pool["count"] = 2
    nodes.reconcile(pool, "westeurope")
    workload(control_plane, namespace, pool, replicas=2, budget=2)
    newer = pool | {"currentOrchestratorVersion": "1.35.6"}
    with pytest.raises(UpgradeError, match="disruption budget web") as raised:
        nodes.reconcile(newer, "westeurope")
    assert "PodDisruptionBudget" in str(raised.value)
    assert namespace in str(raised.value)
    cordoned = [n for n in live(control_plane, pool).values() if n["spec"].get("unschedulable")]
    assert len(cordoned) == 1
    assert versions(control_plane, pool) == ["v1.35.5", "v1.35.5", "v1.35.6"]
    control_plane.client().delete(f"/apis/policy/v1/namespaces/{namespace}/poddisruptionbudgets/web")
    nodes.reconcile(newer, "westeurope")
    assert versions(control_plane, pool) == ["v1.35.6"] * 2


@pytest.mark.parametrize(
    ("behavior", "left", "cordoned"), [("Schedule", ["v1.35.5"], 0), ("Cordon", ["v1.35.5"], 1)]
)
def test_what_becomes_of_a_node_that_cannot_be_drained(
    control_plane, nodes, namespace, pool, behavior, left, cordoned
):
    pool["count"] = 1
    pool["upgradeSettings"]["undrainableNodeBehavior"] = behavior
    nodes.reconcile(pool, "westeurope")
    workload(control_plane, namespace, pool, replicas=1, budget=1)
    with pytest.raises(UpgradeError):
        nodes.reconcile(pool | {"currentOrchestratorVersion": "1.35.6"}, "westeurope")
    old = [
        n
        for n in live(control_plane, pool).values()
        if n["status"]["nodeInfo"]["kubeletVersion"] == "v1.35.5"
    ]
    assert len(old) == 1
    assert len([n for n in old if n["spec"].get("unschedulable")]) == cordoned
    label = old[0]["metadata"]["labels"].get("kubernetes.azure.com/upgrade-status")
    assert label == ("Quarantined" if behavior == "Cordon" else None)

    newer = pool | {"currentOrchestratorVersion": "1.35.6"}
    control_plane.client().delete(f"/apis/policy/v1/namespaces/{namespace}/poddisruptionbudgets/web")
    nodes.reconcile(newer, "westeurope")  # it ends well, and the node that is set aside is not looked at
    assert versions(control_plane, pool) == ([*left, "v1.35.6"] if behavior == "Cordon" else ["v1.35.6"])
    if behavior == "Cordon":
        control_plane.kubectl(
            "label", "node", old[0]["metadata"]["name"], "kubernetes.azure.com/upgrade-status-"
        )
        nodes.reconcile(newer, "westeurope")
        assert versions(control_plane, pool) == ["v1.35.6"]


def test_no_more_nodes_are_set_aside_than_a_surge_adds(control_plane, nodes, namespace, pool):
    pool["count"] = 3
    pool["upgradeSettings"] |= {"undrainableNodeBehavior": "Cordon", "maxSurge": "1"}
    nodes.reconcile(pool, "westeurope")
    workload(control_plane, namespace, pool, replicas=3, budget=3)
    with pytest.raises(UpgradeError):
        nodes.reconcile(pool | {"currentOrchestratorVersion": "1.35.6"}, "westeurope")
    labels = [n["metadata"]["labels"] for n in live(control_plane, pool).values()]
    assert sum("kubernetes.azure.com/upgrade-status" in one for one in labels) == 1


@pytest.mark.parametrize(
    ("text", "count", "nodes"), [("1", 5, 1), ("33%", 5, 2), ("33%", 1, 1), (None, 30, 3), ("0", 3, 1)]
)
def test_surge(text, count, nodes):
    assert surge_nodes(text, count) == nodes


def test_counts_and_spot():
    assert wanted_count({"enableAutoScaling": True, "minCount": 0, "count": 0}) == 1
    assert wanted_count({"count": 0}) == 0
    taint = "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"
    made = node_pool(
        {
            "name": "s",
            "currentOrchestratorVersion": "1.35.5",
            "scaleSetPriority": "Spot",
            "nodeTaints": [taint],
        },
        "x",
    )
    assert made.spot
    assert made.taints == ()
