"""Metrics and logs of nodes and pods."""

import re
from typing import Annotated

from settings.fields.azure import Azure
from settings.fields.base import Words, matching
from settings.fields.ids import resource_id
from settings.sections.base import Section

_NAMES = re.compile(r"[a-z0-9_]+=\[[-\w./*,]*\](,[a-z0-9_]+=\[[-\w./*,]*\])*", re.IGNORECASE)
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
MonitorWorkspaceId = Annotated[
    str, resource_id("an Azure Monitor workspace", "Microsoft.Monitor", "accounts")
]


class ManagedPrometheus(Section):
    """Azure's managed Prometheus: what its agents collect goes to an Azure Monitor workspace, which Grafana reads."""

    workspace: MonitorWorkspaceId
    """The Azure Monitor workspace, in the same region."""
    labels: Annotated[AllowList | None, Azure(f"{_M}kubeStateMetrics.metricLabelsAllowlist")] = None
    """Labels of objects that metrics carry; each value is a series of its own."""
    annotations: Annotated[AllowList | None, Azure(f"{_M}kubeStateMetrics.metricAnnotationsAllowList")] = None
    """Annotations of objects that metrics carry."""


class ClusterMonitoring(Section):
    """Metrics and logs of nodes and pods; the control plane's own logs are `audit`."""

    container_insights: bool = False
    """Container Insights: logs and inventory of all pods in the workspace of `audit`."""
    prometheus: Annotated[ManagedPrometheus | None, Azure(f"{_M}enabled", value=True)] = None
    """Managed Prometheus."""

    @property
    def is_asked_for(self) -> bool:
        """Whether anything is collected."""
        return self.container_insights or self.prometheus is not None
