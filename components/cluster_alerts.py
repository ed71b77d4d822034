"""Alerts on what managed Prometheus collects of the cluster."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from settings.sections.features.monitoring import Alert
from settings.sections.pools import Pool

from .alerts.rules import SupportEnd, rules
from .parts.token_resource import TokenResource

_RULES = 20
"""Rules of one group, which cannot be increased; a workspace takes 500 groups (Azure documentation, "Azure Monitor service limits", of May 2025)."""


@dataclass(frozen=True)
class ClusterAlertsArgs:
    """Which alerts, on which metrics of which cluster, and the action groups that they go to."""

    resource_group_name: pulumi.Input[str]
    cluster_name: str
    cluster_id: pulumi.Input[str]
    workspace_id: str
    """The Azure Monitor workspace that has the cluster's metrics."""
    alerts: Sequence[Alert]
    pools: Sequence[Pool]
    action_groups: Sequence[pulumi.Input[str]] = ()
    support: SupportEnd | None = None
    tags: Mapping[str, str] = field(default_factory=dict[str, str])


class ClusterAlerts(pulumi.ComponentResource):
    """Rule groups in Azure on nodes, pools, pods, certificates, the version's support and the API server; each has room for 20 rules."""

    def __init__(
        self, name: str, args: ClusterAlertsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("secure-aks:index:ClusterAlerts", name, None, opts)
        every = rules(args.alerts, args.pools, args.action_groups, args.support)
        for number, start in enumerate(range(0, len(every), _RULES), start=1):
            group = {
                "resourceGroupName": args.resource_group_name,
                "ruleGroupName": f"{args.cluster_name}-alerts-{number}",
                # Without both, rules see every cluster of the workspace.
                "clusterName": args.cluster_name,
                "scopes": [args.workspace_id, args.cluster_id],
                "interval": "PT1M",
                "enabled": True,
                "rules": every[start : start + _RULES],
                "tags": dict(args.tags),
            }
            child = pulumi.ResourceOptions(parent=self)
            TokenResource(
                "azure-native:alertsmanagement:PrometheusRuleGroup", f"alerts-{number}", group, child
            )
        self.register_outputs({})
