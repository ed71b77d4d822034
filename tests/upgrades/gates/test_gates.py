"""Each gate: a state it passes, the same state with one change it fails, and unknown when it cannot read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from types import MappingProxyType

import pytest

from tests.upgrades.builders import catalog, cluster, pool, ran, v
from upgrades.gates import GATES
from upgrades.gates.base import Level, Verdict, When
from upgrades.gates.ignore import Ignore, apply
from upgrades.model.clusters import CONTROL_PLANE
from upgrades.model.moves import Kind, Move
from upgrades.model.steps import Duration, Needs, Step
from upgrades.model.surroundings import Alert, Expiry, Lock, Outbound, PodRoom, ResourceState, Restriction
from upgrades.model.view import View
from upgrades.model.workloads import Budget, DeprecatedApi, Eviction, Node, Pod, Webhook, Workload
from upgrades.plan.planner import plan
from upgrades.plan.promotion import Leader

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)
HERE = frozenset({"general"})
POOL = Step("dev", "aks", "general", v("1.34.7"), v("1.35.7"), "next", Duration(30, 60), Needs(3, 24))
OLDER = replace(POOL, before=v("1.33.7"), after=v("1.34.7"))
SHAPED = replace(POOL, pool=pool(nodes=3))
WEB = Workload("Deployment", "shop", "web", 3, 3, HERE)
DNS = Workload("Deployment", "kube-system", "coredns", 2, 1, frozenset({"system"}))
PLANE = replace(POOL, target=CONTROL_PLANE, needs=Needs())
BEFORE_STATE = View(
    at=NOW,
    nodes=(Node("n1", "general", v("1.34.7")), Node("s1", "system", v("1.34.7"))),
    budgets=(Budget("shop", "web", 1, 3, HERE), Budget("shop", "idle", 0, 0, HERE)),
    pods=(
        Pod("shop", "web-1", "general", "ReplicaSet/web"),
        Pod("shop", "job", "general", phase="Succeeded"),
    ),
    workloads=(Workload("Deployment", "shop", "web", 3, 3, HERE),),
    webhooks=(
        Webhook("checks", "Fail", 2),
        Webhook("outside", "Fail", None),
        Webhook("soft", "Ignore", 0),
        Webhook("of other things", "Fail", 0, in_the_way=False),
    ),
    deprecated=(DeprecatedApi("apps/v9 things", "1.36", "metric"),),
    expiries=(Expiry("certificate of the ingress", date(2026, 9, 1)),),
    free_addresses=MappingProxyType({"general": 3}),
    free_cores=MappingProxyType({"general": 24}),
    window_open=True,
    followed=Leader("dev", ran("1.34.7", "1.35.7", since=datetime(2026, 7, 20, tzinfo=UTC)), soak_days=7),
)
AFTER_STATE = replace(
    BEFORE_STATE, nodes=(Node("n2", "general", v("1.35.7")), Node("s1", "system", v("1.34.7")))
)
BARE = Pod("shop", "tool", "general")
FAILING = [
    ("PDB001", POOL, {"budgets": (Budget("shop", "web", 0, 3, HERE),)}, "PodDisruptionBudget shop/web"),
    (
        "PDB001",
        POOL,
        {
            "budgets": tuple(
                Budget("shop", name, 1, 3, HERE, holds=frozenset({("general", "web-1"), ("system", "web-2")}))
                for name in ("web", "all")
            )
        },
        "pod shop/web-1",
    ),
    (
        "PDB002",
        PLANE,
        {"budgets": (Budget("shop", "web", 0, 3, HERE, never="maxUnavailable is 0"),)},
        "PodDisruptionBudget shop/web",
    ),
    ("NODE001", POOL, {"nodes": (Node("n1", "general", v("1.34.7"), ready=False),)}, "node n1"),
    ("NODE001", PLANE, {"nodes": (Node("s1", "system", v("1.34.7"), schedulable=False),)}, "node s1"),
    (
        "POD001",
        POOL,
        {"pods": (replace(BARE, owner="x", local_volumes=("emptyDir cache",)),)},
        "pod shop/tool",
    ),
    ("POD002", POOL, {"pods": (BARE,)}, "pod shop/tool"),
    (
        "POD003",
        POOL,
        {"workloads": (Workload("Deployment", "shop", "one", 1, 1, HERE),)},
        "Deployment shop/one",
    ),
    ("NET001", POOL, {"free_addresses": {"general": 0}}, "pool general"),
    ("NET001", OLDER, {"free_addresses": {"general": 2}}, "pool general"),
    ("NET002", POOL, {"free_addresses": {"general": 2}}, "pool general"),
    ("NET004", POOL, {"pod_room": {"general": PodRoom(15, 110)}}, "pool general"),
    ("NET004", OLDER, {"pod_room": {"general": PodRoom(95, 30, blocks=2)}}, "pool general"),
    ("NET005", POOL, {"pod_room": {"general": PodRoom(47, 110)}}, "pool general"),
    ("NET003", POOL, {"outbound": Outbound(1, 32_000, 2)}, "outbound ports of the load balancer"),
    ("NET006", POOL, {"outbound": Outbound(1, 16_000, 2)}, "outbound ports of the load balancer"),
    ("QUOTA001", POOL, {"free_cores": {"general": 7}}, "pool general"),
    ("QUOTA001", OLDER, {"free_cores": {"general": 23}}, "pool general"),
    ("QUOTA002", POOL, {"free_cores": {"general": 23}}, "pool general"),
    (
        "QUOTA003",
        POOL,
        {
            "restrictions": (
                Restriction("general", "Standard_D8ds_v5", "zone 2", "NotAvailableForSubscription"),
            )
        },
        "VM size Standard_D8ds_v5 of pool general",
    ),
    ("STATE001", POOL, {"states": (ResourceState("general", "Failed"),)}, "pool general"),
    ("STATE001", POOL, {"states": (ResourceState(CONTROL_PLANE, "Failed"),)}, "the cluster"),
    ("STATE001", PLANE, {"states": (ResourceState("general", "Canceled"),)}, "pool general"),
    ("STATE002", POOL, {"states": (ResourceState(CONTROL_PLANE, power="Stopped"),)}, "the cluster"),
    ("STATE002", POOL, {"states": (ResourceState("general", power="Stopped"),)}, "pool general"),
    ("STATE003", PLANE, {"auto_upgrade": "stable"}, "auto-upgrade channel 'stable'"),
    ("LOCK001", PLANE, {"locks": (Lock("keep", "ReadOnly", "resource group rg"),)}, "lock keep"),
    (
        "EVICT001",
        POOL,
        {"evictions": (Eviction("shop", "db-0", "general", "webhook drain-cleaner denied it"),)},
        "pod shop/db-0",
    ),
    ("NODE003", POOL, {"nodes": (Node("n1", "general", v("1.34.7"), quarantined=True),)}, "node n1"),
    (
        "NODE003",
        PLANE,
        {"nodes": (Node("n1", "general", v("1.34.7"), pressures=("DiskPressure",)),)},
        "node n1",
    ),
    (
        "POD005",
        SHAPED,
        {"pods": (replace(BARE, owner="ReplicaSet/x", grace_seconds=24 * 3600),)},
        "pod shop/tool",
    ),
    (
        "POD006",
        replace(POOL, needs=Needs(1, 8)),
        {
            "nodes": tuple(Node(f"n{n}", "general", v("1.34.7"), zone=f"west-{n}") for n in (1, 2, 3)),
            "pods": (replace(BARE, owner="StatefulSet/x", node="n1", volume_zones=frozenset({"west-1"})),),
        },
        "pod shop/tool",
    ),
    ("POD007", POOL, {"workloads": (replace(WEB, budgeted=False),)}, "Deployment shop/web"),
    ("POD008", POOL, {"workloads": (replace(WEB, probed=False),)}, "Deployment shop/web"),
    ("POD009", POOL, {"workloads": (replace(WEB, spread=False),)}, "Deployment shop/web"),
    (
        "POD010",
        POOL,
        {"pods": (replace(BARE, owner="StatefulSet/db", grace_seconds=0),)},
        "pod shop/tool",
    ),
    (
        "POD011",
        POOL,
        {"workloads": (replace(WEB, kind="StatefulSet", settles=False),)},
        "StatefulSet shop/web",
    ),
    ("ADDON001", PLANE, {"workloads": (DNS,)}, "Deployment kube-system/coredns"),
    ("CHANGE001", POOL, {"uses": frozenset({"cgroup-v1"})}, "change cgroup-v1"),
    ("CHANGE002", PLANE, {"uses": frozenset({"kube-proxy-ipvs"})}, "change kube-proxy-ipvs"),
    ("RETIRE001", POOL, {"retired": frozenset({"ingress-nginx"})}, "retired ingress-nginx"),
    ("API001", PLANE, {"deprecated": (DeprecatedApi("x/v1 y", "1.35", "metric"),)}, "x/v1 y"),
    ("API002", PLANE, {"deprecated": (DeprecatedApi("x/v1 y", "1.35", "metric", written=False),)}, "x/v1 y"),
    ("HOOK001", PLANE, {"webhooks": (Webhook("checks", "Fail", 0),)}, "webhook checks"),
    ("ALERT001", POOL, {"alerts": (Alert("Burning", "critical"),)}, "alert Burning"),
    ("WINDOW001", POOL, {"window_open": False}, "maintenance window"),
    (
        "PROMO001",
        POOL,
        {
            "followed": Leader(
                "dev", ran("1.34.7", "1.35.7", since=datetime(2026, 7, 30, tzinfo=UTC)), soak_days=7
            )
        },
        "stack dev",
    ),
    ("PROMO001", PLANE, {"followed": Leader("dev", ran("1.34.7"), soak_days=7)}, "stack dev"),
    ("CRED001", POOL, {"expiries": (Expiry("secret", date(2026, 8, 15)),)}, "secret"),
    ("POOL001", replace(POOL, move=Move(Kind.DRAIN, "general", "general2")), {}, "pool general2"),
    ("OPS001", POOL, {"operations": ("upgrade of pool win",)}, "upgrade of pool win"),
    ("NODE002", POOL, {"nodes": (Node("n1", "general", v("1.34.7")),)}, "node n1"),
    ("NODE002", POOL, {"nodes": (Node("n2", "general", v("1.35.7"), schedulable=False),)}, "node n2"),
    ("POD004", POOL, {"pods": (Pod("shop", "web-2", "general", "r", ready=False),)}, "pod shop/web-2"),
    ("ALERT002", POOL, {"alerts": (Alert("New"),)}, "alert New"),
    (
        "WORK001",
        POOL,
        {"workloads": (Workload("Deployment", "shop", "web", 3, 2, HERE),)},
        "Deployment shop/web",
    ),
]


def gate(code):
    return next(gate for gate in GATES if gate.code == code)


def state(which):
    return AFTER_STATE if which.when is When.AFTER else BEFORE_STATE


def test_every_gate_has_a_failing_fixture_and_its_own_code():
    assert [g.code for g in GATES] == list(dict.fromkeys(g.code for g in GATES))
    assert {code for code, *_ in FAILING} == {g.code for g in GATES}


@pytest.mark.parametrize("which", GATES, ids=lambda g: g.code)
@pytest.mark.parametrize("step", [POOL, PLANE], ids=["pool", "control plane"])
def test_the_happy_path_passes(which, step):
    result = which.run(state(which), step, BEFORE_STATE)
    assert not which.applies(step) or result.verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("code", "step", "change", "resource"), FAILING, ids=lambda x: x if isinstance(x, str) else ""
)
def test_one_change_fails_it_and_names_the_resource(code, step, change, resource):
    which = gate(code)
    assert which.applies(step)
    result = which.run(replace(state(which), **change), step, BEFORE_STATE)
    assert result.verdict is Verdict.FAIL
    assert [finding.resource for finding in result.findings] == [resource]
    assert result.findings[0].why
    assert result.findings[0].remedy
    assert result.stops == (which.level is Level.REQUIRED)


@pytest.mark.parametrize("which", GATES, ids=lambda g: g.code)
def test_what_cannot_be_read_is_unknown_and_stops_when_required(which):
    part = which.reads[0]
    view = replace(BEFORE_STATE, **{part: None}, unread={part: "403 Forbidden"})
    result = which.run(view, POOL, BEFORE_STATE)
    assert result.verdict is Verdict.UNKNOWN
    assert result.findings[0].why == "403 Forbidden"
    assert result.stops == (which.level is Level.REQUIRED)


@pytest.mark.parametrize("code", ["PDB001", "POD001", "POD002", "POD003", "NET001", "QUOTA001", "NODE002"])
def test_gates_of_pools_have_nothing_to_say_about_a_control_plane(code):
    assert not gate(code).applies(PLANE)


def test_what_aks_itself_runs_is_not_the_teams_to_rebuild_but_has_to_work():
    pod = replace(BARE, namespace="kube-system", owner="", local_volumes=("emptyDir tmp",))
    alone = Workload("Deployment", "kube-system", "coredns", 1, 1, HERE)
    daemons = Workload("DaemonSet", "shop", "logs", 1, 1, HERE)
    view = replace(BEFORE_STATE, pods=(pod,), workloads=(alone, daemons))
    for code in ("POD001", "POD002", "POD003"):
        assert gate(code).run(view, POOL).verdict is Verdict.PASS
    broken = replace(view, pods=(replace(pod, ready=False),), workloads=(replace(alone, ready=0),))
    for code in ("POD004", "WORK001"):
        assert gate(code).run(broken, POOL, view).verdict is Verdict.FAIL


def test_a_budget_says_what_it_waits_for():
    def remedy(**more):
        budget = Budget("shop", "web", 0, 3, HERE, **more)
        return gate("PDB001").run(replace(BEFORE_STATE, budgets=(budget,)), POOL).findings[0].remedy

    assert "raise the workload's replicas" in remedy()
    assert remedy(missing=2) == "bring 2 more of its pods to Ready"


def test_an_end_that_nobody_tells_is_unknown_and_does_not_hide_one_that_is_near():
    secret, near = Expiry("secret", None), Expiry("certificate", date(2026, 8, 2))
    untold = gate("CRED001").run(replace(BEFORE_STATE, expiries=(secret,)), POOL)
    assert (untold.verdict, untold.findings[0].why) == (Verdict.UNKNOWN, "does not tell when it ends")
    both = gate("CRED001").run(replace(BEFORE_STATE, expiries=(secret, near)), POOL)
    assert (both.verdict, len(both.findings)) == (Verdict.FAIL, 2)


def test_a_patch_of_the_control_plane_removes_no_api():
    assert not gate("API001").applies(replace(PLANE, after=v("1.34.9")))
    assert not gate("API001").applies(POOL)


@pytest.mark.parametrize(
    ("changes", "fails"),
    [
        ({"grace_seconds": 30 * 60}, False),
        ({"grace_seconds": 30 * 60 + 1}, True),
        ({"grace_seconds": 86400, "owner": "DaemonSet/logs"}, False),
        ({"grace_seconds": 86400, "phase": "Succeeded"}, False),
        ({"grace_seconds": 86400, "pool": "other"}, False),
    ],
)
def test_a_grace_period_counts_where_a_drain_waits_for_it(changes, fails):
    pods = (replace(BARE, owner="ReplicaSet/x"),)
    view = replace(BEFORE_STATE, pods=tuple(replace(one, **changes) for one in pods))
    assert (gate("POD005").run(view, SHAPED).verdict is Verdict.FAIL) is fails
    spot = replace(SHAPED, pool=pool(drain_minutes=0, surge=0))
    assert gate("POD005").run(view, spot).verdict is Verdict.PASS, "nothing is drained there"


def test_a_size_that_is_restricted_stops_its_own_pool_alone():
    told = (Restriction("memory", "Standard_E8ds_v5", "westeurope", "NotAvailableForSubscription"),)
    assert gate("QUOTA003").run(replace(BEFORE_STATE, restrictions=told), POOL).verdict is Verdict.PASS


def test_a_failed_pool_holds_up_its_own_step_and_the_control_planes_and_no_other():
    view = replace(BEFORE_STATE, states=(ResourceState("win", "Failed"),))
    assert gate("STATE001").run(view, POOL).verdict is Verdict.PASS
    assert gate("STATE001").run(view, PLANE).verdict is Verdict.FAIL


def test_a_remedy_names_what_azure_knows_it_by():
    stopped = ResourceState(
        CONTROL_PLANE, power="Stopped", id="/subscriptions/s/resourceGroups/rg/managedClusters/aks"
    )
    [finding] = gate("STATE002").run(replace(BEFORE_STATE, states=(stopped,)), PLANE).findings
    assert finding.remedy == "start it: az aks start --resource-group rg --name aks"


@pytest.mark.parametrize(
    ("code", "pods", "workloads"),
    [
        ("POD010", replace(BARE, owner="ReplicaSet/x", grace_seconds=0), WEB),
        ("POD010", replace(BARE, owner="StatefulSet/x", grace_seconds=1), WEB),
        ("POD010", replace(BARE, owner="StatefulSet/x", grace_seconds=0, pool="other"), WEB),
        ("POD010", replace(BARE, owner="StatefulSet/x", grace_seconds=0, namespace="kube-system"), WEB),
        ("POD011", BARE, replace(WEB, settles=False)),
        ("POD011", BARE, replace(WEB, kind="StatefulSet", settles=False, desired=1)),
        ("POD011", BARE, replace(WEB, kind="StatefulSet", settles=False, pools=frozenset({"other"}))),
        ("ADDON001", BARE, replace(DNS, ready=2)),
        ("ADDON001", BARE, replace(DNS, kind="DaemonSet")),
        ("ADDON001", BARE, replace(DNS, namespace="shop")),
    ],
)
def test_what_is_not_of_the_kind_passes(code, pods, workloads):
    view = replace(BEFORE_STATE, pods=(pods,), workloads=(workloads,))
    assert gate(code).run(view, POOL).verdict is Verdict.PASS


def test_ubuntu_tells_what_comes_with_the_minor():
    ubuntu = replace(SHAPED, pool=pool(os_sku="Ubuntu"))
    result = gate("CHANGE002").run(BEFORE_STATE, ubuntu)
    assert [finding.resource for finding in result.findings] == ["change ubuntu-24-04", "change containerd-2"]
    assert "from Ubuntu 22.04 to 24.04" in result.findings[0].why
    pinned = replace(SHAPED, pool=pool(os_sku="Ubuntu2404"))
    assert gate("CHANGE002").run(BEFORE_STATE, pinned).verdict is Verdict.PASS
    [step] = plan(cluster("1.35.7", [pool(os_sku="Ubuntu")]), v("1.35.7"), catalog(), NOW.date()).steps
    assert step.changes == ("ubuntu-24-04", "containerd-2")


def test_a_change_that_breaks_something_is_acknowledged_by_name():
    result = gate("CHANGE001").run(replace(BEFORE_STATE, uses=frozenset({"cgroup-v1"})), POOL)
    assert result.stops
    ignore = Ignore(
        gate="CHANGE001",
        resource="change cgroup-v1",
        reason="moved with the last image",
        until=date(2026, 9, 1),
    )
    assert not apply(result, (ignore,), date(2026, 8, 1)).stops


def test_an_api_that_is_only_read_stops_nothing():
    view = replace(BEFORE_STATE, deprecated=(DeprecatedApi("x/v1 y", "1.35", "metric", written=False),))
    assert gate("API001").run(view, PLANE).verdict is Verdict.PASS
    assert not gate("API002").run(view, PLANE).stops


def test_trouble_from_before_the_step_is_not_held_against_it():
    sick = Pod("shop", "web-0", "general", "r", ready=False)
    before = replace(
        BEFORE_STATE,
        pods=(sick,),
        alerts=(Alert("Old"),),
        workloads=(Workload("Deployment", "shop", "web", 3, 1, HERE),),
    )
    after = replace(
        AFTER_STATE,
        pods=(replace(sick, name="web-9"),),
        alerts=(Alert("Old"),),
        workloads=(Workload("Deployment", "shop", "web", 3, 1, HERE),),
    )
    for code in ("POD004", "ALERT002", "WORK001"):
        assert gate(code).run(after, POOL, before).verdict is Verdict.PASS


# -- the ignore file ------------------------------------------------------------------------------------------

CLUSTER_ID = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks"
NODES_GROUP = "/subscriptions/s/resourceGroups/MC_rg_aks"
DRAINS, REMOVES = (
    replace(POOL, move=Move(kind, "general", "general2")) for kind in (Kind.DRAIN, Kind.REMOVE)
)


@pytest.mark.parametrize(
    ("step", "lock", "words"),
    [
        (PLANE, Lock("secure-aks", "CanNotDelete", CLUSTER_ID), ""),
        (POOL, Lock("keep", "CanNotDelete", f"{CLUSTER_ID}/agentPools/general"), ""),
        (POOL, Lock("keep", "ReadOnly", f"{CLUSTER_ID}/agentPools/other"), ""),
        (POOL, Lock("keep", "ReadOnly", f"{CLUSTER_ID}/agentPools/General"), "az lock delete"),
        (REMOVES, Lock("keep", "CanNotDelete", f"{CLUSTER_ID}/agentPools/other"), ""),
        (PLANE, Lock("keep", "ReadOnly", f"{CLUSTER_ID}/agentPools/other"), "az lock delete"),
        (DRAINS, Lock("secure-aks", "CanNotDelete", CLUSTER_ID), ""),
        (
            REMOVES,
            Lock("secure-aks", "CanNotDelete", CLUSTER_ID),
            "write `lock: false` under secure-aks:cluster",
        ),
        (REMOVES, Lock("keep", "CanNotDelete", CLUSTER_ID), "az lock delete"),
        (PLANE, Lock("keep", "ReadOnly", CLUSTER_ID), "az lock delete"),
        (POOL, Lock("keep", "CanNotDelete", NODES_GROUP), "az lock delete"),
        (POOL, Lock("keep", "CanNotDelete", "/subscriptions/s"), "az lock delete"),
    ],
)
def test_a_lock_on_the_cluster_against_deleting_stops_nothing_but_a_pools_end(step, lock, words):
    """That is the lock of `cluster.lock`, on in `profile: prod`: were it in the way, no upgrade of prod could ever begin."""
    found = next(gate for gate in GATES if gate.code == "LOCK001").run(
        replace(BEFORE_STATE, locks=(lock,)), step
    )
    assert [words in one.remedy for one in found.findings] == ([True] if words else [])


def test_what_is_retired_is_told_before_its_end_and_after():
    both = replace(BEFORE_STATE, retired=frozenset({"ingress-nginx", "application-routing-nginx"}))
    for day, community, managed in (
        (
            datetime(2026, 3, 31, tzinfo=UTC),
            "ends on 2026-03-31, in 0 days",
            "ends on 2026-11-30, in 244 days",
        ),
        (datetime(2026, 11, 29, tzinfo=UTC), "ended on 2026-03-31", "ends on 2026-11-30, in 1 days"),
        (datetime(2026, 12, 1, tzinfo=UTC), "ended on 2026-03-31", "ended on 2026-11-30"),
    ):
        result = gate("RETIRE001").run(replace(both, at=day), PLANE)
        assert [community in result.findings[0].why, managed in result.findings[1].why] == [True, True], day
        assert all("https://" in finding.why for finding in result.findings)
        assert (result.verdict, result.stops) == (Verdict.FAIL, False)
    named = Ignore(
        gate="RETIRE001", resource="retired ingress-nginx", reason="moves in spring", until=date(2027, 1, 31)
    )
    left = apply(result, (named,), date(2026, 12, 1))
    assert [finding.resource for finding in left.findings] == ["retired application-routing-nginx"]
