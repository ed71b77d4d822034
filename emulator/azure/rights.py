"""What a caller has to be allowed for a request, and for what the request's body points at.

Source: Azure documentation, "Azure resource provider operations"; the linked ones are those of `LinkedAuthorizationFailed` in
"Troubleshoot Azure RBAC", of diagnostic settings ("Diagnostic settings in Azure Monitor", permissions) and of peerings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.azure.shapes import at, rows
from emulator.properties.values import is_list, is_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emulator.azure.resource_type import Props

_GROUPS = "microsoft.resources/resourcegroups"
_VERBS = {"GET": "read", "HEAD": "read", "PUT": "write", "PATCH": "write", "DELETE": "delete"}
_JOIN = "Microsoft.Network/virtualNetworks/subnets/join/action"
_ASSIGN = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"


def action_of(method: str, arm_type: str) -> str:
    """Return the action that a request is: `Microsoft.ContainerService/managedClusters/write`.

    The last type of a POST is what is done, not a type.
    """
    if arm_type.lower().startswith(_GROUPS):
        arm_type = f"Microsoft.Resources/subscriptions/{arm_type.partition('/')[2]}"
    return f"{arm_type}/{_VERBS.get(method, 'action')}"


def linked(arm_type: str, body: Props) -> Iterator[tuple[str, str]]:
    """Yield the actions, with their scopes, that a PUT of this body takes beside its own."""
    kind = arm_type.rpartition("/")[2]
    if kind == "managedClusters":
        named = at(body, "identity.userAssignedIdentities")
        identities = [*(named if is_list(named) or is_object(named) else [])]
        identities.append(at(body, "identityProfile.kubeletidentity.resourceId"))
        yield from ((_ASSIGN, str(id_)) for id_ in identities if id_)
        subnets = [one.get("vnetSubnetID") for one in rows(body, "agentPoolProfiles")]
        subnets.append(at(body, "apiServerAccessProfile.subnetId"))
        yield from ((_JOIN, str(id_)) for id_ in dict.fromkeys(subnets) if id_)
    elif kind == "agentPools" and body.get("vnetSubnetID"):
        yield _JOIN, str(body["vnetSubnetID"])
    elif kind == "diagnosticSettings" and body.get("workspaceId"):
        yield "Microsoft.OperationalInsights/workspaces/sharedKeys/action", str(body["workspaceId"])
    elif kind == "virtualNetworkPeerings" and (remote := at(body, "remoteVirtualNetwork.id")):
        yield "Microsoft.Network/virtualNetworks/peer/action", str(remote)
