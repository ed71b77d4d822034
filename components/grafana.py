"""A managed Grafana on the cluster's metrics."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi

from settings.sections.features.grafana import Grafana as Said

from .parts.azure_role import (
    GRAFANA_ADMIN,
    GRAFANA_EDITOR,
    GRAFANA_VIEWER,
    MONITORING_DATA_READER,
    RoleAssignment,
)
from .parts.entra_group import group_object_id
from .parts.token_resource import TokenResource

_ROLES = {"admins": GRAFANA_ADMIN, "editors": GRAFANA_EDITOR, "viewers": GRAFANA_VIEWER}


@dataclass(frozen=True)
class GrafanaArgs:
    """What a stack file says of it, and the Azure Monitor workspace that it reads (a resource id)."""

    resource_group_name: pulumi.Input[str]
    grafana: Said
    workspace_id: str
    location: str
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    protect: bool | None = None


class Grafana(pulumi.ComponentResource):
    """Azure Managed Grafana, which reads one workspace by an identity of its own, and whose roles Entra groups alone have.

    Source: Azure documentation, "Connect an Azure Monitor workspace to Azure Managed Grafana" and "Manage access and
    permissions for users and identities" (the roles).
    """

    def __init__(self, name: str, args: GrafanaArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("secure-aks:index:Grafana", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        said = args.grafana
        made = _Made(
            name,
            {
                "resourceGroupName": args.resource_group_name,
                "workspaceName": said.name,
                "location": args.location,
                "sku": {"name": "Standard"},
                "identity": {"type": "SystemAssigned"},
                "properties": {
                    # A key is a password that names nobody; Entra's tokens do all that one does.
                    "apiKey": "Disabled",
                    "publicNetworkAccess": "Enabled" if said.public_access else "Disabled",
                    "grafanaIntegrations": {
                        "azureMonitorWorkspaceIntegrations": [
                            {"azureMonitorWorkspaceResourceId": args.workspace_id}
                        ]
                    },
                },
                "tags": dict(args.tags),
            },
            # It holds the dashboards that people have made, and another name makes another one.
            pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        reader = made.identity.apply(lambda identity: str(identity.get("principalId", "")))
        RoleAssignment(
            f"{name}-reads", MONITORING_DATA_READER, args.workspace_id, (reader, "ServicePrincipal"), child
        )
        for key, groups in said.groups.items():
            for group in sorted(groups, key=lambda one: one.name):
                found = group_object_id(group, f"Has a role in the Grafana {said.name} ({key})", child)
                RoleAssignment(f"{name}-{group.name}", _ROLES[key], made.id, (found, "Group"), child)
        self.register_outputs({})


class _Made(TokenResource):
    """The Grafana in Azure, with the identity that Azure makes for it."""

    identity: pulumi.Output[Mapping[str, str]]

    def __init__(self, name: str, properties: Mapping[str, object], opts: pulumi.ResourceOptions) -> None:
        super().__init__("azure-native:dashboard:Grafana", name, properties, opts)
