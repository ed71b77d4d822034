"""kured."""

import re

import pytest
from pulumi.runtime import rpc

from components.args.reboots import NoRebootsArgs, RebootAlertsArgs, RebootMetricsArgs, RuleGroupArgs
from components.node_reboots import NodeReboots
from components.program.reboots import reboots_args
from components.reboots import names
from components.reboots.watch import azure_rule
from settings.sections.kured import Kured
from settings.sections.kured_prometheus import OVERDUE_ALERT, Prometheus
from tests.components.helpers import depends_on, run

WORKSPACE = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.Monitor/accounts/amw"
PLACE = RuleGroupArgs("rg", "aks-test", "cluster-id", {"owner": "platform"})


@pytest.fixture
def register(pool_settings):
    def make(pools=(), **kured):
        pools = [pool_settings(**pool) for pool in pools]
        args = reboots_args(Kured.model_validate(kured), pools, rules=PLACE)
        return run(lambda: NodeReboots("reboots", args))

    return make


@pytest.fixture
def values_of(register):
    return lambda *pools, **kured: register(pools, **kured).one(":Chart").inputs["values"]


def test_chart_is_pinned(register):
    inputs = register().one(":Chart").inputs

    assert (inputs["chart"], inputs["version"], inputs["namespace"]) == ("kured", "6.1.0", "kured")
    assert inputs["repositoryOpts"] == {"repo": "https://kubereboot.github.io/charts"}


def test_reboot_is_a_signal_and_needs_one_capability(values_of):
    values = values_of()

    assert values["configuration"]["rebootMethod"] == "signal"
    assert values["containerSecurityContext"] == {
        "privileged": False,
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"], "add": ["KILL"]},
        "seccompProfile": {"type": "RuntimeDefault"},
        "appArmorProfile": {"type": "Unconfined"},
    }


def test_window_and_limits_are_the_settings(values_of):
    configuration = values_of(
        days=("mo", "we"), start_time="02:00", end_time="04:00", time_zone="Europe/Amsterdam", concurrency=2
    )["configuration"]

    assert configuration["rebootDays"] == ["mo", "we"]
    assert (configuration["startTime"], configuration["endTime"]) == ("02:00", "04:00")
    assert configuration["timeZone"] == "Europe/Amsterdam"
    assert configuration["concurrency"] == 2


def test_neither_a_lock_nor_a_drain_lasts_for_ever(values_of):
    configuration = values_of()["configuration"]

    assert (configuration["lockTtl"], configuration["drainTimeout"]) == ("2h", "30m")
    assert configuration["forceReboot"] is False


def test_every_linux_pool_is_rebooted_tainted_or_not(values_of):
    values = values_of(
        {"name": "memory", "taints": ["workload=memory:NoSchedule", "dedicated:NoExecute"]},
        {"name": "win", "os_type": "Windows", "os_sku": "Windows2025", "taints": ["os=windows:NoSchedule"]},
    )

    assert values["nodeSelector"] == {"kubernetes.io/os": "linux"}
    assert [toleration["key"] for toleration in values["tolerations"]] == [
        "CriticalAddonsOnly",
        "kubernetes.azure.com/scalesetpriority",
        "dedicated",
        "workload",
    ]
    assert {toleration["operator"] for toleration in values["tolerations"]} == {"Exists"}


def test_reboots_wait_while_alerts_fire_when_told(values_of):
    url = "http://prometheus.monitoring"
    configuration = values_of(prometheus={"url": url, "alert_filter": "^Etcd"})["configuration"]

    assert configuration["prometheusUrl"] == url
    assert configuration["alertFiringOnly"] is True
    assert "prometheusUrl" not in values_of()["configuration"]


@pytest.mark.parametrize(
    ("prometheus", "stops", "does_not"),
    [
        ({}, ["Etcd", "MyWatchdog", "KuredRebootOverdueX"], ["Watchdog", "InfoInhibitor", OVERDUE_ALERT]),
        (
            {"alert_filter": "^Etcd|Slow$"},
            ["Cpu", "SlowCpu"],
            ["EtcdDown", "DiskSlow", "Watchdog", OVERDUE_ALERT],
        ),
        (
            {"alert_filter": "^Etcd", "alert_filter_match_only": True},
            ["EtcdDown"],
            ["Cpu", "Watchdog", OVERDUE_ALERT],
        ),
    ],
)
def test_no_alert_that_only_a_reboot_ends_stops_reboots(values_of, prometheus, stops, does_not):
    configuration = values_of(prometheus={"url": "http://p", **prometheus})["configuration"]

    def blocks(name):  # as kured decides
        return (
            bool(re.search(configuration["alertFilterRegexp"], name)) is configuration["alertFilterMatchOnly"]
        )

    assert [name for name in [*stops, *does_not] if blocks(name)] == stops


def test_notification_address_is_in_a_secret_alone(register):
    done = register(notify_url="slack://token@channel")
    secret, chart = done.one(":Secret"), done.one(":Chart")
    name = secret.inputs["metadata"]["name"]
    entry = {"name": "KURED_NOTIFY_URL", "valueFrom": {"secretKeyRef": {"name": name, "key": "url"}}}

    wrapped = secret.inputs["stringData"]
    assert wrapped[rpc._special_sig_key] == rpc._special_secret_sig
    assert wrapped["value"] == {"url": "slack://token@channel"}
    assert chart.inputs["values"]["extraEnvVars"] == [entry]
    assert "token" not in str(chart.inputs)
    assert depends_on(chart, secret)
    other = register(notify_url="slack://other@channel").one(":Secret").inputs["metadata"]["name"]
    assert other != name  # a change rolls kured over
    assert register().of(":Secret") == []


def test_it_has_room_on_every_node(values_of):
    values = values_of()

    assert values["priorityClassName"] == "system-node-critical"
    assert set(values["resources"]) == {"requests", "limits"}


def test_overdue_reboots_of_an_operator(register):
    monitoring = {"collector": "prometheus-operator", "labels": {"release": "prom"}, "overdue_days": 3}
    done = register(monitoring=monitoring)
    values, rule = done.one(":Chart").inputs["values"], done.one(":PrometheusRule").inputs
    [alert] = rule["spec"]["groups"][0]["rules"]

    assert values["metrics"] == {"create": True, "labels": {"release": "prom"}}
    assert rule["metadata"]["labels"] == {"release": "prom"}
    assert (alert["alert"], alert["for"]) == (OVERDUE_ALERT, "3d")
    assert "kured_reboot_required" in alert["expr"]
    assert "for more than 3 days" in alert["annotations"]["summary"]
    assert done.of(":PrometheusRuleGroup") == []


def test_overdue_reboots_of_azure_monitor(register):
    done = register(monitoring={"collector": "azure-monitor", "workspace_id": WORKSPACE})
    group, monitor = done.one(":PrometheusRuleGroup").inputs, done.one(":ServiceMonitor").inputs
    values = done.one(":Chart").inputs["values"]
    [alert] = group["rules"]

    assert (values["service"]["create"], values["metrics"]["create"]) == (True, False)
    assert monitor["apiVersion"] == "azmonitoring.coreos.com/v1"
    assert group["scopes"] == [WORKSPACE, "cluster-id"]
    assert (group["resourceGroupName"], group["ruleGroupName"]) == ("rg", "aks-test-kured")
    assert (alert["alert"], alert["for"], alert["severity"]) == (OVERDUE_ALERT, "P7D", 3)
    assert done.of(":PrometheusRule") == []


def test_an_alert_names_nobody_unless_asked_to():
    monitoring = RebootMetricsArgs(collector="azure-monitor", workspace_id=WORKSPACE)

    assert "actions" not in azure_rule(monitoring)
    assert azure_rule(monitoring, ["one", "two"])["actions"] == [
        {"actionGroupId": "one"},
        {"actionGroupId": "two"},
    ]


def test_azure_monitor_needs_a_place_for_its_rules():
    kured = Kured.model_validate({"monitoring": {"collector": "azure-monitor", "workspaceId": WORKSPACE}})

    with pytest.raises(ValueError, match="a place for its rule group"):
        run(lambda: NodeReboots("reboots", reboots_args(kured)))


def test_what_limits_a_right_is_there_before_it_and_both_before_kured(register):
    done = register()
    policy, binding = done.one(":ValidatingAdmissionPolicy"), done.one(":ValidatingAdmissionPolicyBinding")
    rights = [*done.of(":ClusterRoleBinding"), *done.of(":RoleBinding")]

    assert len(rights) == 2
    for right in rights:
        assert depends_on(right, policy)
        assert depends_on(right, binding)
        assert depends_on(done.one(":Chart"), right)
    assert done.one(":Chart").inputs["values"]["rbac"] == {"create": False}


def test_namespace_says_that_its_pods_are_privileged_and_is_there_first(register):
    done = register()
    namespace = done.one(":Namespace", "kured")

    assert namespace.inputs["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "privileged"
    assert depends_on(done.one(":Chart"), namespace)
    assert namespace.request.parent == done.one(":NodeReboots").urn


def test_the_library_knows_the_alerts_of_the_settings():
    assert names.OVERDUE_ALERT == OVERDUE_ALERT
    assert RebootAlertsArgs("http://p").pattern == Prometheus(url="http://p").pattern


@pytest.mark.parametrize("said", ["2026-12-19", "2026-12-19T23:00:00+01:00", "2026-12-19T25:00:00Z"])
def test_a_time_without_reboots_is_in_utc(said):
    with pytest.raises(ValueError, match="no moment in UTC; write one such as"):
        NoRebootsArgs(said, "2026-12-20T23:00:00Z")
