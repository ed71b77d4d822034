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

from emulator.azure.shapes import each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emulator.azure.resource_type import Props, ResourceType

_GROUPS = "microsoft.resources/resourcegroups"
_VERBS = {"GET": "read", "HEAD": "read", "PUT": "write", "PATCH": "write", "DELETE": "delete"}


def action_of(method: str, arm_type: str) -> str:
    """Return the action that a request is: `Microsoft.ContainerService/managedClusters/write`.

    The last type of a POST is what is done, not a type.
    """
    if arm_type.lower().startswith(_GROUPS):
        arm_type = f"Microsoft.Resources/subscriptions/{arm_type.partition('/')[2]}"
    return f"{arm_type}/{_VERBS.get(method, 'action')}"


def linked(kind: ResourceType, body: Props) -> Iterator[tuple[str, str]]:
    """Yield the actions, with their scopes, that a PUT of this body takes beside its own."""
    found = (
        (action, id_) for action, paths in kind.linked.items() for path in paths for id_ in each(body, path)
    )
    yield from dict.fromkeys((action, str(id_)) for action, id_ in found if id_)
