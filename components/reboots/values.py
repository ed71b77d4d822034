"""The values of the kured chart."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pulumi

from ..args.pools import PoolArgs
from ..args.reboots import WEEK, KuredArgs

_TAINTS = ("CriticalAddonsOnly", "kubernetes.azure.com/scalesetpriority")


def kured_values(
    kured: KuredArgs, pools: Sequence[PoolArgs] = (), notify_secret: pulumi.Input[str] | None = None
) -> dict[str, Any]:
    """Return the values of the kured chart, each key named as its values.yaml names it.

    `pools` are those whose taints kured must tolerate; `notify_secret` is the name of the Secret with the address for
    notifications under `url`.
    """
    monitoring = kured.monitoring
    return {
        "configuration": _configuration(kured),
        "containerSecurityContext": {
            "privileged": False,
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"], "add": ["KILL"]},
            "seccompProfile": {"type": "RuntimeDefault"},
            # containerd's own AppArmor profile lets a container signal its own kind only, never the node's init.
            "appArmorProfile": {"type": "Unconfined"},
        },
        # As an argument the address would stand in the DaemonSet, for everybody who may read workloads.
        "extraEnvVars": [_from_secret("KURED_NOTIFY_URL", notify_secret)] if notify_secret else [],
        # A node without room for kured would never be rebooted.
        "priorityClassName": "system-node-critical",
        "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "128Mi"}},
        # Its own roles allow more than this version uses; components/reboots/rights.py has those it uses.
        "rbac": {"create": False},
        "metrics": {
            "create": bool(monitoring and monitoring.collector == "prometheus-operator"),
            "labels": dict(monitoring.labels) if monitoring else {},
        },
        "service": {"create": monitoring is not None},
        "nodeSelector": {"kubernetes.io/os": "linux"},
        # Setting tolerations replaces the chart's own; without these, tainted pools would never be rebooted.
        "tolerations": [{"key": key, "operator": "Exists"} for key in tolerated(pools)],
    }


def tolerated(pools: Iterable[PoolArgs]) -> list[str]:
    """Return the keys of the taints of all Linux pools, AKS's own included."""
    taints = [taint for pool in pools if pool.is_linux for taint in pool.all_taints]
    own = sorted({taint.partition("=")[0].partition(":")[0] for taint in taints} - set(_TAINTS))
    return [*_TAINTS, *own]


def _from_secret(name: str, secret: pulumi.Input[str]) -> dict[str, Any]:
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": "url"}}}


def _labels(said: Mapping[str, str]) -> list[str]:
    return sorted(f"{key}={value}" for key, value in said.items())


def _configuration(kured: KuredArgs) -> dict[str, Any]:
    prometheus = kured.prometheus
    configuration: dict[str, Any] = {
        "rebootMethod": "signal",
        "rebootDays": sorted(kured.days, key=WEEK.index),
        "startTime": kured.start_time,
        "endTime": kured.end_time,
        "timeZone": kured.time_zone,
        "period": kured.period,
        "concurrency": kured.concurrency,
        "lockTtl": kured.lock_ttl,
        "lockReleaseDelay": kured.lock_release_delay,
        "drainTimeout": kured.drain_timeout,
        # The chart leaves out a number 0, which here means something.
        "drainGracePeriod": str(kured.drain_grace_period_seconds),
        "drainDelay": kured.drain_delay,
        "skipWaitForDeleteTimeout": str(kured.skip_wait_for_delete_timeout_seconds),
        "forceReboot": kured.force_reboot,
        "blockingPodSelector": sorted(kured.blocking_pod_selectors),
        "annotateNodes": kured.annotate_nodes,
        "preferNoScheduleTaint": kured.prefer_no_schedule_taint,
        "preRebootNodeLabels": _labels(kured.pre_reboot_node_labels),
        "postRebootNodeLabels": _labels(kured.post_reboot_node_labels),
        "logFormat": kured.log_format,
    }
    if prometheus:
        configuration |= {
            "prometheusUrl": prometheus.url,
            "alertFilterRegexp": prometheus.pattern,
            "alertFilterMatchOnly": prometheus.alert_filter_match_only,
            "alertFiringOnly": prometheus.firing_only,
        }
    return {key: value for key, value in configuration.items() if value not in (None, [])}
