"""What a caller has to be allowed for a request, and for what the request's body points at.

Sources: Azure documentation, "Azure resource provider operations"; of what a body points at "Troubleshoot Azure RBAC"
(`LinkedAuthorizationFailed`), "AKS service permissions reference" (the identity that creates the cluster), "Roles, permissions, and
security in Azure Monitor" (keys of what diagnostic settings write to), "What are Azure Monitor alerts" (the action groups of an alert;
the refusal in Azure/azure-monitor-baseline-alerts 416), "Virtual network peering" and, of a fleet's member, the Fleet
Manager quickstart. The spelling of the actions is that of refusals seen in public (MicrosoftDocs/azure-docs 80159,
Azure/secrets-store-csi-driver-provider-azure 727).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.azure.shapes import at, rows
from emulator.properties.values import is_list, is_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from emulator.azure.resource_type import Props

_GROUPS = "microsoft.resources/resourcegroups"
_VERBS = {"GET": "read", "HEAD": "read", "PUT": "write", "PATCH": "write", "DELETE": "delete"}
_JOIN = "Microsoft.Network/virtualNetworks/subnets/join/action"
_ASSIGN = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"
_OUTBOUND = {
    "outboundIPs.publicIPs": "Microsoft.Network/publicIPAddresses/join/action",
    "outboundIPPrefixes.publicIPPrefixes": "Microsoft.Network/publicIPPrefixes/join/action",
}
_WORKSPACES = (
    "securityProfile.defender.logAnalyticsWorkspaceResourceId",
    "addonProfiles.omsagent.config.logAnalyticsWorkspaceResourceID",
)


def action_of(method: str, arm_type: str) -> str:
    """Return the action that a request is: `Microsoft.ContainerService/managedClusters/write`.

    The last type of a POST is what is done, not a type.
    """
    if arm_type.lower().startswith(_GROUPS):
        arm_type = f"Microsoft.Resources/subscriptions/{arm_type.partition('/')[2]}"
    return f"{arm_type}/{_VERBS.get(method, 'action')}"


def linked(arm_type: str, body: Props) -> Iterator[tuple[str, str]]:
    """Yield the actions, with their scopes, that a PUT of this body takes beside its own."""
    found = _LINKED.get(arm_type.rpartition("/")[2])
    if found:
        yield from dict.fromkeys((action, str(id_)) for action, id_ in found(body) if id_)


def _cluster(body: Props) -> Iterator[tuple[str, object]]:
    named = at(body, "identity.userAssignedIdentities")
    for id_ in named if is_list(named) or is_object(named) else []:
        yield _ASSIGN, id_
    yield _ASSIGN, at(body, "identityProfile.kubeletidentity.resourceId")
    for pool in rows(body, "agentPoolProfiles"):
        yield from _pool(pool)
    yield _JOIN, at(body, "apiServerAccessProfile.subnetId")
    yield "Microsoft.Compute/diskEncryptionSets/read", body.get("diskEncryptionSetID")
    for outbound, action in _OUTBOUND.items():
        for one in rows(body, f"networkProfile.loadBalancerProfile.{outbound}"):
            yield action, one.get("id")
    for workspace in _WORKSPACES:
        yield "Microsoft.OperationalInsights/workspaces/sharedkeys/read", at(body, workspace)


def _pool(body: Props) -> Iterator[tuple[str, object]]:
    yield _JOIN, body.get("vnetSubnetID")
    yield "Microsoft.Compute/proximityPlacementGroups/write", body.get("proximityPlacementGroupID")


def _diagnostics(body: Props) -> Iterator[tuple[str, object]]:
    yield "Microsoft.OperationalInsights/workspaces/sharedKeys/action", body.get("workspaceId")
    yield "Microsoft.Storage/storageAccounts/listKeys/action", body.get("storageAccountId")
    rule = body.get("eventHubAuthorizationRuleId")
    yield "Microsoft.EventHub/namespaces/authorizationRules/listKeys/action", rule


def _alert(body: Props) -> Iterator[tuple[str, object]]:
    for group in rows(body, "actions.actionGroups"):
        yield "Microsoft.Insights/actionGroups/read", group.get("actionGroupId")


def _peering(body: Props) -> Iterator[tuple[str, object]]:
    yield "Microsoft.Network/virtualNetworks/peer/action", at(body, "remoteVirtualNetwork.id")


def _member(body: Props) -> Iterator[tuple[str, object]]:
    yield "Microsoft.ContainerService/managedClusters/write", body.get("clusterResourceId")


_LINKED: dict[str, Callable[[Props], Iterator[tuple[str, object]]]] = {
    "managedClusters": _cluster,
    "agentPools": _pool,
    "activityLogAlerts": _alert,
    "diagnosticSettings": _diagnostics,
    "virtualNetworkPeerings": _peering,
    "members": _member,
}
