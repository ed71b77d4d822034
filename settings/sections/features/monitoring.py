"""Metrics and logs of nodes and pods."""

import re
from typing import Annotated, Literal

from pydantic import Field

from settings.fields.azure import Azure
from settings.fields.base import Words, matching
from settings.fields.ids import MonitorWorkspaceId, resource_id
from settings.sections.base import Section
from settings.sections.features.grafana import Grafana

_NAMES = re.compile(r"[a-z0-9_]+=\[[-\w./*,]*\](,[a-z0-9_]+=\[[-\w./*,]*\])*", re.IGNORECASE)
_EMAIL = re.compile(
    r"(?=[A-Za-z0-9][^@]{0,63}@)(?=.{6,254}$)[\w+-]+(\.[\w+-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}",
    re.ASCII,
)
_M = "azureMonitorProfile.metrics."

AllowList = Annotated[
    str,
    matching(
        _NAMES,
        "a list of kube-state-metrics",
        "write kinds and names, such as pods=[app,team],namespaces=[owner]",
    ),
    Words("kinds and names, such as pods=[app,team]"),
]
Email = Annotated[
    str,
    matching(_EMAIL, "an e-mail address", "write one such as on-call@contoso.com"),
    Words("an e-mail address"),
]
Alert = Literal[
    "node-not-ready",
    "pool-at-maximum",
    "pods-unschedulable",
    "certificate-renewal",
    "support-ends",
    "api-server-errors",
]
ActionGroupId = Annotated[str, resource_id("an action group", "Microsoft.Insights", "actionGroups")]


class ManagedPrometheus(Section):
    """Azure's managed Prometheus: what its agents collect goes to an Azure Monitor workspace, which Grafana reads."""

    workspace: MonitorWorkspaceId
    """The Azure Monitor workspace, in the same region."""
    labels: Annotated[AllowList | None, Azure(f"{_M}kubeStateMetrics.metricLabelsAllowlist")] = None
    """Labels of objects that metrics carry; each value is a series of its own."""
    annotations: Annotated[AllowList | None, Azure(f"{_M}kubeStateMetrics.metricAnnotationsAllowList")] = None
    """Annotations of objects that metrics carry."""
    alerts: tuple[Alert, ...] = (
        "node-not-ready",
        "pool-at-maximum",
        "pods-unschedulable",
        "certificate-renewal",
        "support-ends",
    )
    """Alerts in Azure on these metrics, which go to `contacts`; `support-ends` goes off `versionRules.warnDays` before the version's last day; `api-server-errors` needs the control plane's metrics, which Azure has in preview."""


class Contacts(Section):
    """Who is told when an alert of this stack in Azure fires; Defender's go to the subscription's contact, as a preview tells."""

    emails: Annotated[tuple[Email, ...], Field(max_length=1000)] = ()
    """Addresses that an action group is made of, where an alert goes to it."""
    action_group: ActionGroupId | None = None
    """Resource id of an action group that exists, such as the one that calls who is on duty."""


class ClusterMonitoring(Section):
    """Metrics and logs of nodes and pods; the control plane's own logs are `audit`."""

    container_insights: bool = False
    """Container Insights: logs and inventory of all pods in the workspace of `audit`."""
    prometheus: Annotated[ManagedPrometheus | None, Azure(f"{_M}enabled", value=True)] = None
    """Managed Prometheus."""
    grafana: Grafana | None = None
    """Managed Grafana."""
    contacts: Contacts | None = None
    """Who is told of alerts, that of the cluster's health in Azure among them, which comes with it; asked for in prod."""

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """The alerts on metrics of managed Prometheus."""
        return self.prometheus.alerts if self.prometheus else ()

    @property
    def is_asked_for(self) -> bool:
        """Whether anything is collected."""
        return self.container_insights or self.prometheus is not None
