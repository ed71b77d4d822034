"""What collects kured's metrics, and the alert on nodes that have needed a reboot for too long."""

from collections.abc import Sequence
from typing import Any

import pulumi

from ..args.reboots import RebootMetricsArgs
from .names import NAME, NAMESPACE, OVERDUE_ALERT, SELECTOR

EXPRESSION = "max by (node) (max_over_time(kured_reboot_required[1h])) > 0"
"""Which nodes need a reboot; the hour bridges the restarts of kured's pods, which would begin the wait anew."""


def overdue_words(days: int) -> dict[str, str]:
    """Return the alert's annotations."""
    return {
        "summary": "Node {{ $labels.node }} has needed a reboot for more than " + f"{days} days",
        "description": (
            "Its updates are installed and not in force. Look for what blocks kured: alerts that fire, pods that it "
            "waits for, a drain that fails, a lock on its DaemonSet, or too few hours for so many nodes "
            "(./secure-aks upgrades windows)."
        ),
    }


def operator_rule(monitoring: RebootMetricsArgs) -> dict[str, Any]:
    """Return the PrometheusRule of a Prometheus of the operator."""
    days = monitoring.overdue_days
    alert = {
        "alert": OVERDUE_ALERT,
        "expr": EXPRESSION,
        "for": f"{days}d",
        "labels": {"severity": "warning"},
        "annotations": overdue_words(days),
    }
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": NAME, "namespace": NAMESPACE, "labels": dict(monitoring.labels)},
        "spec": {"groups": [{"name": NAME, "rules": [alert]}]},
    }


def azure_monitor() -> dict[str, Any]:
    """Return the ServiceMonitor that Azure Monitor's collector reads; the chart's is of the operator's group."""
    return {
        "apiVersion": "azmonitoring.coreos.com/v1",
        "kind": "ServiceMonitor",
        "metadata": {"name": NAME, "namespace": NAMESPACE},
        "spec": {
            "labelLimit": 63,
            "labelNameLengthLimit": 511,
            "labelValueLengthLimit": 1023,
            "selector": {"matchLabels": SELECTOR},
            "endpoints": [{"port": "metrics", "path": "/metrics", "interval": "60s", "honorLabels": True}],
        },
    }


def azure_rule(
    monitoring: RebootMetricsArgs, action_groups: Sequence[pulumi.Input[str]] = ()
) -> dict[str, Any]:
    """Return the rule of a rule group in Azure, in its own spelling, with the action groups that it goes to."""
    return {
        "alert": OVERDUE_ALERT,
        "enabled": True,
        "expression": EXPRESSION,
        "for": f"P{monitoring.overdue_days}D",
        "severity": 3,
        "annotations": overdue_words(monitoring.overdue_days),
        **({"actions": [{"actionGroupId": group} for group in action_groups]} if action_groups else {}),
        "resolveConfiguration": {"autoResolved": True, "timeToResolve": "PT1H"},
    }
