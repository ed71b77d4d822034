"""The control plane's logs."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi


@dataclass(frozen=True)
class EventHubArgs:
    """An event hub, from which a SIEM reads as records come."""

    rule: pulumi.Input[str]
    """Resource id of a rule of the namespace with the rights Manage, Send and Listen, which Azure asks for."""
    hub: str | None = None
    """Name of the hub; one for each category unless set."""


@dataclass(frozen=True)
class AuditArgs:
    """Where the control plane's logs go and how long they stay."""

    retention_days: int = 90
    """Days that Log Analytics keeps the logs."""
    categories: Sequence[str] = ("kube-audit", "guard")
    """Log categories of the control plane to keep; `kube-audit` is `kube-audit-admin` and all that only reads."""
    metrics: bool = False
    """Keep the control plane's metrics there too."""
    workspace_id: pulumi.Input[str] | None = None
    """Resource id of a Log Analytics workspace that exists; created unless set."""
    storage_account: pulumi.Input[str] | None = None
    """Resource id of a storage account that keeps the same records, such as for years and unchangeable."""
    event_hub: EventHubArgs | None = None
    """An event hub that gets them too, such as for a SIEM."""
    diagnostic_setting: str = "audit"
    """Azure name of the diagnostic setting."""
