"""The alert that every cluster with contacts has: Azure itself finds the cluster unwell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from .parts.token_resource import TokenResource

_UNWELL = ("Degraded", "Unavailable")
"""Azure also says Unknown, where it has not heard of a resource for minutes: of a stopped cluster too."""


@dataclass(frozen=True)
class HealthAlertArgs:
    """The cluster, and the action groups that are told."""

    resource_group_name: pulumi.Input[str]
    cluster_name: str
    cluster_id: pulumi.Input[str]
    action_groups: Sequence[pulumi.Input[str]]
    tags: Mapping[str, str] = field(default_factory=dict[str, str])


class HealthAlert(pulumi.ComponentResource):
    """Tells when Azure's resource health has the cluster degraded or unavailable; it costs nothing and needs no workspace.

    Source: Azure documentation, "Create Resource Health alerts using ARM templates" and "Resource Health for AKS".
    """

    def __init__(self, name: str, args: HealthAlertArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("secure-aks:index:HealthAlert", name, None, opts)
        unwell = [{"field": "properties.currentHealthStatus", "equals": status} for status in _UNWELL]
        alert = {
            "resourceGroupName": args.resource_group_name,
            "activityLogAlertName": f"{args.cluster_name}-health",
            "location": "Global",
            "enabled": True,
            "description": "Azure finds the cluster degraded or unavailable: az aks show, and Diagnose and solve problems in the portal.",
            "scopes": [args.cluster_id],
            "condition": {"allOf": [{"field": "category", "equals": "ResourceHealth"}, {"anyOf": unwell}]},
            "actions": {"actionGroups": [{"actionGroupId": group} for group in args.action_groups]},
            "tags": dict(args.tags),
        }
        TokenResource(
            "azure-native:monitor:ActivityLogAlert", "health", alert, pulumi.ResourceOptions(parent=self)
        )
        self.register_outputs({})
