"""The audit log."""

from typing import Annotated, Literal

from pydantic import Field

from settings.fields.ids import resource_id
from settings.sections.base import Section

Category = Literal[
    "kube-apiserver", "kube-audit", "kube-audit-admin", "kube-controller-manager", "kube-scheduler",
    "cluster-autoscaler", "cloud-controller-manager", "guard", "csi-azuredisk-controller",
    "csi-azurefile-controller", "csi-snapshot-controller",
]  # fmt: skip


WorkspaceId = Annotated[
    str, resource_id("a Log Analytics workspace", "Microsoft.OperationalInsights", "workspaces")
]


class EventHub(Section):
    """An event hub, from which a SIEM reads as records come."""

    rule: Annotated[
        str,
        resource_id(
            "an authorization rule of an Event Hubs namespace",
            "Microsoft.EventHub",
            "namespaces",
            "authorizationRules",
        ),
    ]
    """Resource id of a rule of the namespace with the rights Manage, Send and Listen, which Azure asks for."""
    hub: str | None = None
    """Name of the hub; one for each category unless set."""


class Audit(Section):
    """Where the control plane's logs go and how long they stay."""

    retention_days: Annotated[int, Field(ge=30, le=730)] = 90
    """Days that Log Analytics keeps the logs."""
    categories: tuple[Category, ...] = ("kube-audit", "guard")
    """Log categories of the control plane to keep; `kube-audit` is `kube-audit-admin` and all that only reads."""
    metrics: bool = False
    """Keep the control plane's metrics there too."""
    workspace_id: WorkspaceId | None = None
    """Resource id of a Log Analytics workspace that exists; created here unless set."""
    storage_account: (
        Annotated[str, resource_id("a storage account", "Microsoft.Storage", "storageAccounts")] | None
    ) = None
    """Resource id of a storage account that keeps the same records, such as for years and unchangeable."""
    event_hub: EventHub | None = None
    """An event hub that gets them too, such as for a SIEM."""
    diagnostic_setting: str = "audit"
    """Name of the diagnostic setting, of which Azure takes no second for the same logs and workspace."""
