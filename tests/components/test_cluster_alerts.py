"""Alerts on the cluster's metrics: which rules, in which groups, and to whom they go."""

import re
from datetime import UTC, date, datetime

import pytest

from components.alerts.rules import SupportEnd, rules
from components.cluster_alerts import ClusterAlerts, ClusterAlertsArgs
from emulator.cloud.cloud import Cloud
from settings.sections.features.monitoring import ManagedPrometheus
from tests.asked.keys import FOLDER, config
from tests.asked.life import OnArm, program, stand_there
from tests.components.helpers import SUBSCRIPTION, run
from tests.emulator.azure_provider import Azure
from tests.settings.helpers import good

CLUSTER = f"{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks"
METRICS = f"{SUBSCRIPTION}/resourceGroups/watch/providers/Microsoft.Monitor/accounts/metrics"
DEFAULTS = ManagedPrometheus(workspace=METRICS).alerts
POOLS = good().all_pools


def register(pools=POOLS, **more):
    args = ClusterAlertsArgs("rg", "aks", CLUSTER, METRICS, DEFAULTS, pools, **more)
    return run(lambda: ClusterAlerts("alerts", args) and None)


def named(alerts, pools=POOLS):
    return {rule["alert"]: rule for rule in rules(alerts, pools)}


def matched(rule, nodes):
    """The nodes that the expression of a pool's rule counts; Prometheus anchors its patterns at both ends."""
    pattern = re.search(r'node=~"([^"]+)"', rule["expression"])
    assert pattern
    return [node for node in nodes if re.fullmatch(pattern[1], node)]


def test_what_needs_no_preview_of_azures_is_on():
    assert DEFAULTS == (
        "node-not-ready",
        "pool-at-maximum",
        "pods-unschedulable",
        "certificate-renewal",
        "support-ends",
    )
    assert "ApiServerErrors" not in named(DEFAULTS)
    assert set(named(["api-server-errors"])) == {"ApiServerErrors"}
    assert rules([], POOLS) == []


def test_the_group_is_of_this_cluster_alone():
    group = register().one(":PrometheusRuleGroup").inputs

    assert group["scopes"] == [METRICS, CLUSTER]
    assert (group["clusterName"], group["ruleGroupName"]) == ("aks", "aks-alerts-1")
    assert all("actions" not in rule for rule in group["rules"])


def test_every_rule_goes_to_every_action_group():
    group = register(action_groups=["one", "two"]).one(":PrometheusRuleGroup").inputs

    told = [{"actionGroupId": "one"}, {"actionGroupId": "two"}]
    assert [rule["actions"] for rule in group["rules"]] == [told] * len(group["rules"])


def test_pools_that_the_autoscaler_grows_have_a_rule_each():
    found = named(["pool-at-maximum"])

    assert set(found) == {f"NodePoolAtMaximum-{name}" for name in ("system", "general", "spot", "sandbox")}
    assert found["NodePoolAtMaximum-general"]["expression"].endswith(">= 20")


def test_a_pool_of_one_number_is_at_its_maximum_always_so_nobody_is_told():
    pools = good({"pools[0].autoscaling": {"min": 4, "max": 4}}).all_pools
    assert "NodePoolAtMaximum-general" not in named(["pool-at-maximum"], pools)


@pytest.mark.parametrize(
    ("changes", "pool", "ours", "others"),
    [
        ({}, "general", "aks-general-12345678-vmss00000a", "aks-general2-12345678-vmss00000a"),
        (
            {"pools[2].count": "<gone>", "pools[2].autoscaling": {"min": 1, "max": 5}},
            "win",
            "akswin00000a",
            "akswin100000a",
        ),
    ],
)
def test_a_rule_counts_the_nodes_of_its_pool_alone(changes, pool, ours, others):
    rule = named(["pool-at-maximum"], good(changes).all_pools)[f"NodePoolAtMaximum-{pool}"]
    assert matched(rule, [ours, others]) == [ours]


def test_the_end_of_support_is_told_before_it_comes():
    support = SupportEnd("1.35.6", date(2027, 3, 31), 60)
    [rule] = rules(["support-ends"], POOLS, support=support)

    moment = int(rule["expression"].rpartition(">= ")[2])
    assert datetime.fromtimestamp(moment, UTC) == datetime(2027, 1, 30, tzinfo=UTC)
    assert rule["annotations"]["summary"] == "The support of Kubernetes 1.35.6 ends on 2027-03-31"
    assert rules(["support-ends"], POOLS) == []


@pytest.mark.parametrize(
    ("plan", "ends"), [("KubernetesOfficial", "2027-03-31"), ("AKSLongTermSupport", "2028-03-31")]
)
def test_the_end_is_that_of_the_support_plan(plan, ends):
    said, azure = config(FOLDER / "features.yaml"), Azure(Cloud())
    said["secure-aks:cluster"] |= {"tier": "Premium", "supportPlan": plan}
    stand_there(azure, said)
    [group] = program(said, "features", OnArm(azure)).of(":PrometheusRuleGroup")
    summaries = [rule["annotations"]["summary"] for rule in group.inputs["rules"]]
    assert f"The support of Kubernetes 1.35.6 ends on {ends}" in summaries


def test_many_pools_take_more_than_one_group():
    pool = next(one for one in POOLS if one.name == "general")
    many = [pool.model_copy(update={"name": f"p{number}"}) for number in range(45)]
    groups = sorted(register(many).of(":PrometheusRuleGroup"), key=lambda one: one.inputs["ruleGroupName"])

    assert [len(one.inputs["rules"]) for one in groups] == [20, 20, 8]
    assert len({one.inputs["ruleGroupName"] for one in groups}) == 3
    names = [rule["alert"] for one in groups for rule in one.inputs["rules"]]
    assert len(set(names)) == len(names)


def test_the_program_sends_them_to_the_contacts():
    said, azure = config(FOLDER / "features.yaml"), Azure(Cloud())
    said["secure-aks:cluster"]["monitoring"]["contacts"] = {"emails": ["on-call@contoso.com"]}
    stand_there(azure, said)
    done = program(said, "features", OnArm(azure))
    group = done.one(":PrometheusRuleGroup")

    assert {"NodeNotReady", "ApiServerErrors", "KubernetesSupportEnds"} < {
        rule["alert"] for rule in group.inputs["rules"]
    }
    assert done.one(":ActionGroup").urn in group.dependencies
    assert done.one(":ManagedCluster").urn in group.dependencies
