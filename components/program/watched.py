"""What is collected of the cluster, who sees it, the alerts on it in Azure, and whom they go to."""

import pulumi
from secure_aks_lifecycle.facts.catalog import Catalog

from settings.sections.stack import StackSettings

from ..aks_cluster import AksCluster
from ..alerts.rules import SupportEnd
from ..audit_log import AuditLog
from ..cluster_alerts import ClusterAlerts, ClusterAlertsArgs
from ..contacts import AlertContactsArgs, action_groups
from ..grafana import Grafana, GrafanaArgs
from ..health_alert import HealthAlert, HealthAlertArgs
from ..monitoring import watch
from .from_stack import FromStack


def watched(
    said: FromStack, cluster: AksCluster, audit: AuditLog, opts: pulumi.ResourceOptions | None = None
) -> list[pulumi.Input[str]]:
    """Register what is collected, and the alerts on the cluster's health and on managed Prometheus' metrics.

    Returns the action groups, for kured's alert too.
    """
    watch(said.monitoring(cluster, audit), opts)
    stack = said.stack
    name, monitoring = stack.cluster.name, stack.cluster.monitoring
    told = None
    if monitoring.contacts:
        told = AlertContactsArgs(said.resource_group_name, name, monitoring.contacts, said.tags)
    groups = action_groups(told, opts)
    if groups:
        health = HealthAlertArgs(said.resource_group_name, name, cluster.id, groups, said.tags)
        HealthAlert("health", health, opts)
    if monitoring.prometheus and monitoring.alerts:
        args = ClusterAlertsArgs(
            resource_group_name=said.resource_group_name,
            cluster_name=name,
            cluster_id=cluster.id,
            workspace_id=monitoring.prometheus.workspace,
            alerts=monitoring.alerts,
            pools=stack.all_pools,
            action_groups=groups,
            support=_support_end(stack),
            tags=said.tags,
        )
        ClusterAlerts("alerts", args, opts)
    if monitoring.prometheus and monitoring.grafana:
        shown = GrafanaArgs(
            said.resource_group_name,
            monitoring.grafana,
            monitoring.prometheus.workspace,
            stack.location,
            said.tags,
            stack.is_protected,
        )
        Grafana("grafana", shown, opts)
    return groups


def _support_end(stack: StackSettings) -> SupportEnd | None:
    """Return when the support of the control plane's version ends; None for a version newer than the catalog."""
    version = stack.cluster.kubernetes_version
    release = Catalog.load().release(version.minor)
    if release is None:
        return None
    last_day = (stack.cluster.is_lts and release.lts_until) or release.end_of_life
    return SupportEnd(str(version), last_day, stack.version_rules.warn_days)
