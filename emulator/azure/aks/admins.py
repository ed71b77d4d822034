"""The administrators of a cluster: what AKS binds for `aadProfile.adminGroupObjectIDs` inside it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from emulator.azure.shapes import at
from emulator.control_plane.client import ApiError

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props
    from emulator.control_plane.client import ApiClient

BINDING = "aks-cluster-admin-binding-aad"
"""The name that AKS gives the binding (AKS documentation, "Use Microsoft Entra integration")."""
USER, GROUPS = "aksService", ("system:masters",)
"""Who AKS is in its clusters, as their audit logs show."""
_GROUP = "rbac.authorization.k8s.io"
_MANAGER = "aks"


def admin_groups(cluster: Props) -> list[str]:
    """Return the object ids of a cluster's admin groups."""
    groups: list[Any] = at(cluster, "aadProfile.adminGroupObjectIDs") or []
    return [str(group) for group in groups]


def bind_admins(client: ApiClient, cluster: Props) -> None:
    """Make the admin groups of a cluster, and no others, its administrators. Raises ApiError."""
    groups = admin_groups(cluster)
    if not groups:
        _unbind(client)
        return
    binding: dict[str, Any] = {
        "apiVersion": f"{_GROUP}/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": BINDING},
        "roleRef": {"apiGroup": _GROUP, "kind": "ClusterRole", "name": "cluster-admin"},
        "subjects": [{"apiGroup": _GROUP, "kind": "Group", "name": group} for group in groups],
    }
    client.apply(binding, _MANAGER, force=True)


def _unbind(client: ApiClient) -> None:
    try:
        client.delete(f"/apis/{_GROUP}/v1/clusterrolebindings/{BINDING}")
    except ApiError as error:
        if error.status != HTTPStatus.NOT_FOUND:
            raise
