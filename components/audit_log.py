"""Where the control plane's audit records go."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
from pulumi_azure_native import operationalinsights

from .args.like import like
from .args.logs import AuditArgs
from .parts.token_resource import TokenResource


@dataclass(frozen=True)
class AuditLogArgs:
    """What the audit log is made from."""

    resource_group_name: pulumi.Input[str]
    """Resource group to make it in."""
    workspace_name: pulumi.Input[str]
    """Name of a workspace to create."""
    audit: AuditArgs = field(default_factory=AuditArgs)
    """What is kept, for how long, and where when the workspace exists."""
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    """Azure tags of what is made."""
    protect: bool | None = None
    """Keep the workspace from being deleted."""
    cluster_ids: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    """Resource ids of clusters whose records go there, by the logical names of their settings; `record` adds others."""


class AuditLog(pulumi.ComponentResource):
    """A Log Analytics workspace, created or your own, and the diagnostic settings that fill it.

    The workspace exists before the cluster (Defender needs it); `record` adds the diagnostic settings afterwards.
    """

    workspace_id: pulumi.Output[str]
    """Resource id of the workspace."""

    def __init__(self, name: str, args: AuditLogArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("secure-aks:index:AuditLog", name, None, opts)
        args = like(AuditLogArgs, args)
        self._name = name
        self._audit = args.audit
        self.workspace_id = self._existing_or_created(name, args)
        for setting, cluster_id in args.cluster_ids.items():
            self.record(cluster_id, setting)
        self.register_outputs({"workspaceId": self.workspace_id})

    def record(
        self, cluster_id: pulumi.Input[str], name: str | None = None, *, is_adopted: bool = False
    ) -> pulumi.CustomResource:
        """Send the log categories that were asked for of a cluster (its resource id) to the workspace.

        The diagnostic settings are called `name`, like the component unless set; each of several clusters needs one. Of a
        cluster that is adopted they may be imported, with the id's spelling of what they are about: that is no change.
        """
        properties = {
            "resourceUri": cluster_id,
            "name": self._audit.diagnostic_setting,
            "workspaceId": self.workspace_id,
            # A table for each category (AKSAudit, AKSAuditAdmin, ...) instead of the one shared AzureDiagnostics table:
            # access and retention can then be set for the audit records alone.
            "logAnalyticsDestinationType": "Dedicated",
            "logs": [{"category": category, "enabled": True} for category in sorted(self._audit.categories)],
            **({"metrics": [{"category": "AllMetrics", "enabled": True}]} if self._audit.metrics else {}),
            **self._destinations(),
        }
        opts = pulumi.ResourceOptions(parent=self, ignore_changes=["resourceUri"] if is_adopted else None)
        return TokenResource("azure-native:monitor:DiagnosticSetting", name or self._name, properties, opts)

    def _destinations(self) -> dict[str, pulumi.Input[str]]:
        """Return where records go beside the workspace."""
        hub = self._audit.event_hub
        named = {
            "storageAccountId": self._audit.storage_account,
            "eventHubAuthorizationRuleId": hub and hub.rule,
            "eventHubName": hub and hub.hub,
        }
        return {name: value for name, value in named.items() if value}

    def _existing_or_created(self, name: str, args: AuditLogArgs) -> pulumi.Output[str]:
        if args.audit.workspace_id is not None:
            return pulumi.Output.from_input(args.audit.workspace_id)
        workspace = operationalinsights.Workspace(
            name,
            resource_group_name=args.resource_group_name,
            workspace_name=args.workspace_name,
            sku={"name": "PerGB2018"},
            retention_in_days=args.audit.retention_days,
            # Who may read a resource may read its logs, and nobody else because of the workspace alone.
            features={"enable_log_access_using_only_resource_permissions": True},
            tags=dict(args.tags),
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        return workspace.id
