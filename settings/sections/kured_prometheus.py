"""kured and Prometheus: alerts that hold reboots up, and an alert on reboots that do not come."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from settings.fields.base import Words, matching, refused
from settings.fields.ids import MonitorWorkspaceId
from settings.fields.patterns import complaint
from settings.sections.base import Section

OVERDUE_ALERT = "KuredRebootOverdue"
"""The alert of this project on nodes that have needed a reboot for too long."""
ALWAYS_IGNORED = (OVERDUE_ALERT, "Watchdog", "InfoInhibitor")
"""Alerts that never stop a reboot: the one that only a reboot ends, and the two of kube-prometheus that always fire."""

_URL = re.compile(r"https?://[^\s/]+(/\S*)?")
_NEEDS_ENTRA = re.compile(r"(?i)https?://[^/@]*\.prometheus\.monitor\.azure\.(com|cn|us)(:[0-9]+)?(/.*)?")


def _pattern(value: str) -> str:
    if why := complaint(value):
        raise refused(
            f"{value!r} is not a regular expression that Go takes ({why})",
            "write one such as ^NodeMaintenance$",
        )
    return value


def _address(value: str) -> str:
    if "@" in value.split("//", 1)[-1].partition("/")[0]:
        raise refused(
            "an address with a password stands in the arguments of every kured pod",
            "leave the password out, and let an authenticating proxy in the cluster ask for kured",
        )
    if _NEEDS_ENTRA.fullmatch(value):
        raise refused(
            "Azure Monitor's query endpoint wants an Entra token, which kured cannot send; each query would fail, "
            "and a query that fails stops every reboot",
            "write the address of a proxy in the cluster that adds the token (docs/node-updates.md)",
        )
    return value


class Prometheus(Section):
    """Reboots wait while alerts fire."""

    url: Annotated[
        str,
        matching(_URL, "an address of a Prometheus", "write one such as http://prometheus.monitoring:9090"),
        AfterValidator(_address),
        Words("an http or https address"),
    ]
    """Address of the Prometheus that kured asks, without credentials; an error there stops reboots too."""
    alert_filter: Annotated[str, AfterValidator(_pattern), Words("a regular expression")] | None = None
    """Alert names to ignore, besides KuredRebootOverdue, Watchdog and InfoInhibitor (see alertFilterMatchOnly)."""
    alert_filter_match_only: bool = False
    """Only alerts that match the filter stop a reboot, instead of all others."""
    firing_only: bool = True
    """Pending alerts do not stop a reboot."""

    @property
    def pattern(self) -> str:
        """The regular expression that kured is given."""
        if self.alert_filter_match_only and self.alert_filter:
            return self.alert_filter
        ignored = f"^({'|'.join(ALWAYS_IGNORED)})$"
        return f"{ignored}|(?:{self.alert_filter})" if self.alert_filter else ignored


class Monitoring(Section):
    """kured's metrics, collected, and an alert on nodes that have needed a reboot for too long."""

    collector: Literal["prometheus-operator", "azure-monitor"]
    """`prometheus-operator`: a ServiceMonitor and a PrometheusRule; `azure-monitor`: a ServiceMonitor of Azure's own kind and a rule group in Azure."""
    labels: dict[str, str] = Field(default_factory=dict)
    """Labels by which a Prometheus of the operator selects monitors and rules, such as `release: monitoring`."""
    workspace_id: MonitorWorkspaceId | None = None
    """With azure-monitor: the workspace that has the cluster's metrics, in the cluster's region."""
    overdue_days: Annotated[int, Field(ge=1, le=90)] = 7
    """Days that a node may need a reboot before the alert fires."""
