"""The cluster's administrators: AKS binds the groups of `aadProfile.adminGroupObjectIDs` to cluster-admin, and nobody else.

Source: AKS, "Use Azure role-based access control for Kubernetes Authorization" and "Enable AKS-managed Microsoft Entra
integration"; the name of the binding is that of AKS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.azure.shapes import rows
from emulator.control_plane.client import ApiError

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props
    from emulator.control_plane.client import ApiClient

BINDING = "aks-cluster-admin-binding-aad"
_RBAC = "rbac.authorization.k8s.io"
_PATH = f"/apis/{_RBAC}/v1/clusterrolebindings/{BINDING}"
_NOT_FOUND = 404


def bind_admins(client: ApiClient, cluster: Props) -> None:
    """Bring the binding to what the cluster says. Raises ApiError."""
    groups = [str(group) for group in rows(cluster, "aadProfile.adminGroupObjectIDs")]
    if not groups:
        try:
            client.delete(_PATH)
        except ApiError as error:
            if error.status != _NOT_FOUND:
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
