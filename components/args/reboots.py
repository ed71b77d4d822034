"""How kured reboots nodes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import pulumi

WEEK = ("su", "mo", "tu", "we", "th", "fr", "sa")
"""The days, as kured calls them."""


@dataclass(frozen=True)
class RebootAlertsArgs:
    """A Prometheus whose alerts hold reboots up."""

    url: str
    """Its address, without credentials; an error there stops reboots too."""
    pattern: str = "^(KuredRebootOverdue|Watchdog|InfoInhibitor)$"
    """Regular expression of the alerts that hold nothing up: the one that only a reboot ends, and two that always fire."""
    alert_filter_match_only: bool = False
    """Only alerts that match the pattern stop a reboot, instead of all others."""
    firing_only: bool = True
    """Pending alerts do not stop a reboot."""


@dataclass(frozen=True)
class RebootMetricsArgs:
    """kured's metrics, collected, and an alert on nodes that have needed a reboot for too long."""

    collector: Literal["prometheus-operator", "azure-monitor"]
    """`prometheus-operator`: a ServiceMonitor and a PrometheusRule; `azure-monitor`: a ServiceMonitor of Azure's own kind and a rule group in Azure."""
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    """Labels by which a Prometheus of the operator selects monitors and rules, such as `release: monitoring`."""
    workspace_id: pulumi.Input[str] | None = None
    """With azure-monitor: the workspace that has the cluster's metrics, in the cluster's region."""
    overdue_days: int = 7
    """Days that a node may need a reboot before the alert fires."""


@dataclass(frozen=True)
class RuleGroupArgs:
    """Where Azure keeps the alert on reboots of a cluster whose metrics Azure Monitor collects."""

    resource_group_name: pulumi.Input[str]
    """Resource group of the rule group."""
    cluster_name: pulumi.Input[str]
    """Azure name of the cluster."""
    cluster_id: pulumi.Input[str]
    """Resource id of the cluster."""
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    """Azure tags of the rule group."""
    action_groups: Sequence[pulumi.Input[str]] = ()
    """Resource ids of the action groups that the alert goes to."""


@dataclass(frozen=True)
class NoRebootsArgs:
    """A time in which no node may go down.

    Raises ValueError for a moment that is not in UTC.
    """

    begin: str
    """First moment, in UTC, such as 2026-12-19T23:00:00Z: a drain that takes long begins before."""
    until: str
    """Moment from which reboots are allowed again, in UTC."""
    days: str = ""
    """What the refusal calls it; both moments unless set."""

    def __post_init__(self) -> None:
        for said in (self.begin, self.until):
            try:
                datetime.strptime(said, "%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007  # for its form alone
            except ValueError:
                raise ValueError(
                    f"{said!r} is no moment in UTC; write one such as 2026-12-19T23:00:00Z"
                ) from None


@dataclass(frozen=True)
class KuredArgs:
    """When and how kured reboots nodes; durations as Go writes them.

    Raises ValueError for a day that is none.
    """

    days: Sequence[Literal["su", "mo", "tu", "we", "th", "fr", "sa"]] = ("mo", "tu", "we", "th")
    """Days to reboot on."""
    start_time: str = "01:00"
    """Start of the reboots, in `time_zone`."""
    end_time: str = "05:00"
    """End of the reboots, in `time_zone`."""
    time_zone: str = "UTC"
    """IANA time zone of the times above."""
    period: str = "15m"
    """How often each node looks for the sentinel."""
    concurrency: int = 1
    """Nodes that may reboot at the same time."""
    lock_ttl: str = "2h"
    """After this long a lock counts no more, such as that of a node that vanished."""
    lock_release_delay: str = "5m"
    """Wait after a reboot before the next node may begin."""
    drain_timeout: str = "30m"
    """Longest drain of a node."""
    drain_grace_period_seconds: int = -1
    """Seconds that a drained pod gets; -1: the pod's own."""
    drain_delay: str = "0s"
    """Wait before the drain begins."""
    skip_wait_for_delete_timeout_seconds: int = 0
    """Do not wait for pods that are being deleted for longer than this; 0 waits."""
    force_reboot: bool = False
    """Reboot although the drain failed; a PodDisruptionBudget then protects nothing."""
    blocking_pod_selectors: Sequence[str] = ()
    """Label selectors of pods whose presence stops the reboot of their node."""
    prometheus: RebootAlertsArgs | None = None
    """Reboots wait while alerts fire there."""
    notify_url: pulumi.Input[str] | None = field(default=None, repr=False)
    """Address for notifications (shoutrrr form), kept in a Secret."""
    pre_reboot_node_labels: Mapping[str, str] = field(default_factory=dict[str, str])
    """Labels on a node from before its drain until after its reboot; the same keys as in `post_reboot_node_labels`."""
    post_reboot_node_labels: Mapping[str, str] = field(default_factory=dict[str, str])
    """Labels on a node after its reboot; the same keys as in `pre_reboot_node_labels`."""
    prefer_no_schedule_taint: str | None = "kured.dev/reboot-pending"
    """Taint (PreferNoSchedule) on nodes that wait for a reboot."""
    annotate_nodes: bool = True
    """Annotate nodes with the state of their reboot."""
    monitoring: RebootMetricsArgs | None = None
    """kured's metrics, collected, and an alert on nodes that have needed a reboot for too long."""
    log_format: Literal["text", "json"] = "json"
    """Form of the log lines."""

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.days) - set(WEEK)):
            raise ValueError(f"{', '.join(unknown)} is no day; write {', '.join(WEEK)}")
