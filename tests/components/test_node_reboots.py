"""kured."""

import pytest

from components.node_reboots import NodeReboots, NodeRebootsArgs
from settings.kured import Kured
from tests.components.helpers import depends_on, run


@pytest.fixture
def register(pool_settings):
    def make(pools=(), **kured):
        args = NodeRebootsArgs(Kured(**kured), [pool_settings(**pool) for pool in pools])
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
        "workload",
        "dedicated",
    ]
    assert {toleration["operator"] for toleration in values["tolerations"]} == {"Exists"}


def test_reboots_wait_while_alerts_fire_when_told(values_of):
    url = "http://prometheus.monitoring"
    configuration = values_of(prometheus={"url": url, "alert_filter": "^Watchdog$"})["configuration"]

    assert (configuration["prometheusUrl"], configuration["alertFilterRegexp"]) == (url, "^Watchdog$")
    assert configuration["alertFiringOnly"] is True
    assert "prometheusUrl" not in values_of()["configuration"]


def test_namespace_says_that_its_pods_are_privileged_and_is_there_first(register):
    done = register()
    namespace = done.one(":Namespace", "kured")

    assert namespace.inputs["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "privileged"
    assert depends_on(done.one(":Chart"), namespace)
    assert namespace.request.parent == done.one(":NodeReboots").urn
