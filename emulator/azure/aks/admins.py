"""The cluster's administrators: AKS binds the groups of `aadProfile.adminGroupObjectIDs` to cluster-admin, and nobody else.

Source: AKS, "Use Azure role-based access control for Kubernetes Authorization" and "Enable AKS-managed Microsoft Entra
integration"; the name of the binding is that of AKS.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from emulator.azure.shapes import rows
from emulator.control_plane.client import ApiError

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props
    from emulator.control_plane.client import ApiClient

BINDING = "aks-cluster-admin-binding-aad"
"""The name that AKS gives the binding (AKS documentation, "Use Microsoft Entra integration")."""
USER, GROUPS = "aksService", ("system:masters",)
"""Who AKS is in its clusters, as their audit logs show."""
_RBAC = "rbac.authorization.k8s.io"
_PATH = f"/apis/{_RBAC}/v1/clusterrolebindings/{BINDING}"


def admin_groups(cluster: Props) -> list[str]:
    """Return the object ids of a cluster's admin groups."""
    return [str(group) for group in rows(cluster, "aadProfile.adminGroupObjectIDs")]


def bind_admins(client: ApiClient, cluster: Props) -> None:
    """Bring the binding to what the cluster says. Raises ApiError."""
    groups = admin_groups(cluster)
    if not groups:
        try:
            client.delete(_PATH)
        except ApiError as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
        return
    binding = {
        "apiVersion": f"{_RBAC}/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": BINDING, "labels": {"kubernetes.io/cluster-service": "true"}},
        "roleRef": {"apiGroup": _RBAC, "kind": "ClusterRole", "name": "cluster-admin"},
        "subjects": [{"apiGroup": _RBAC, "kind": "Group", "name": group} for group in groups],
    }
    client.apply(binding, "aks", force=True)
