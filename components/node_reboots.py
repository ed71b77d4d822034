"""Reboots of nodes whose updates ask for one, by kured."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_kubernetes.helm import v4 as helm

from components.namespace import Namespace
from components.pins import KURED_CHART, KURED_REPOSITORY
from settings.kured import Kured
from settings.pools import Pool

NAMESPACE = "kured"
"""Namespace of kured."""
_TAINTS = ("CriticalAddonsOnly", "kubernetes.azure.com/scalesetpriority")


@dataclass(frozen=True)
class NodeRebootsArgs:
    """What kured is told, and the pools, whose taints it must tolerate."""

    kured: Kured
    pools: Sequence[Pool] = ()


class NodeReboots(pulumi.ComponentResource):
    """kured on every Linux node: cordon, drain, reboot, one node at a time, in the hours that the settings name.

    It reboots by a signal to the node's init process, so of all capabilities it needs KILL alone and is not privileged.
    It still sees the node's processes (hostPID) and reads the sentinel file (hostPath), for which its own namespace
    allows `privileged` pods.
    """

    def __init__(self, name: str, args: NodeRebootsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("secure-aks:index:NodeReboots", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        namespace = Namespace(NAMESPACE, "privileged", opts=child)
        helm.Chart(
            "kured",
            chart="kured",
            version=KURED_CHART,
            repository_opts={"repo": KURED_REPOSITORY},
            namespace=NAMESPACE,
            values=kured_values(args),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[namespace]),
        )
        self.register_outputs({"namespace": NAMESPACE})


def kured_values(args: NodeRebootsArgs) -> dict[str, Any]:
    """Return the values of the kured chart."""
    taints = [taint for pool in args.pools if pool.is_linux for taint in pool.taints]
    keys = dict.fromkeys([*_TAINTS, *(taint.partition("=")[0].partition(":")[0] for taint in taints)])
    return {
        "configuration": _configuration(args.kured),
        "containerSecurityContext": {
            "privileged": False,
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"], "add": ["KILL"]},
            "seccompProfile": {"type": "RuntimeDefault"},
            # containerd's own AppArmor profile lets a container signal its own kind only, never the node's init.
            "appArmorProfile": {"type": "Unconfined"},
        },
        "metrics": {"create": args.kured.metrics},
        "nodeSelector": {"kubernetes.io/os": "linux"},
        # Setting tolerations replaces the chart's own; without these, tainted pools would never be rebooted.
        "tolerations": [{"key": key, "operator": "Exists"} for key in keys],
    }


def _configuration(kured: Kured) -> dict[str, Any]:
    prometheus = kured.prometheus
    configuration: dict[str, Any] = {
        "rebootMethod": "signal",
        "rebootDays": list(kured.days),
        "startTime": kured.start_time,
        "endTime": kured.end_time,
        "timeZone": kured.time_zone,
        "period": kured.period,
        "concurrency": kured.concurrency,
        "lockTtl": kured.lock_ttl,
        "lockReleaseDelay": kured.lock_release_delay,
        "drainTimeout": kured.drain_timeout,
        "drainGracePeriod": str(kured.drain_grace_period_seconds),
        "drainDelay": kured.drain_delay,
        "skipWaitForDeleteTimeout": str(kured.skip_wait_for_delete_timeout_seconds),
        "forceReboot": kured.force_reboot,
        "blockingPodSelector": list(kured.blocking_pod_selectors),
        "annotateNodes": kured.annotate_nodes,
        "preferNoScheduleTaint": kured.prefer_no_schedule_taint,
        "preRebootNodeLabels": [f"{key}={value}" for key, value in kured.pre_reboot_node_labels.items()],
        "postRebootNodeLabels": [f"{key}={value}" for key, value in kured.post_reboot_node_labels.items()],
        "logFormat": kured.log_format,
        "notifyUrl": pulumi.Output.secret(kured.notify_url.get_secret_value()) if kured.notify_url else None,
    }
    if prometheus:
        configuration |= {
            "prometheusUrl": prometheus.url,
            "alertFilterRegexp": prometheus.alert_filter,
            "alertFilterMatchOnly": prometheus.alert_filter_match_only,
            "alertFiringOnly": prometheus.firing_only,
        }
    return {key: value for key, value in configuration.items() if value not in (None, [])}
