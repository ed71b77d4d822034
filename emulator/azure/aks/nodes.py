"""The nodes behind the clusters and pools of the emulated Azure, and their administrators, where the stack has a real control plane.

AKS binds the groups of `aadProfile.adminGroupObjectIDs` to cluster-admin, and nobody else. Source: AKS, "Use Azure role-based access
control for Kubernetes Authorization" and "Enable AKS-managed Microsoft Entra integration"; the name of the binding is that of AKS.
"""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from emulator.azure.errors import ArmError, refusal
from emulator.azure.shapes import rows
from emulator.cloud.events import CLUSTER_TYPE, POOL_TYPE
from emulator.cloud.operations import cluster_of, settle
from emulator.control_plane.client import ApiError
from emulator.control_plane.pools import PoolNodes, UpgradeError
from emulator.errors import ProviderError

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props
    from emulator.cloud.cloud import Cloud
    from emulator.cloud.state import Resource, State
    from emulator.control_plane.client import ApiClient
    from emulator.control_plane.stack_cluster import StackCluster

_LEASE = 20.0
"""Seconds after which an operation whose process was killed counts as failed."""


BINDING = "aks-cluster-admin-binding-aad"
"""The name that AKS gives the binding (AKS documentation, "Use Microsoft Entra integration")."""
_USER, _GROUPS = "aksService", ("system:masters",)
"""Who AKS is in its clusters, as their audit logs show."""
_RBAC = "rbac.authorization.k8s.io"
_PATH = f"/apis/{_RBAC}/v1/clusterrolebindings/{BINDING}"


class ClusterAddress(NamedTuple):
    """Where a real API server is, who vouches for it (PEM), and the token of its own administrator."""

    url: str
    authority: bytes
    token: str


class ClusterNodes:
    """Does on the control plane what Azure does to machines, while the operation on the cluster or the pool is under way.

    One stack has one control plane, and one cluster on it.
    """

    def __init__(self, cloud: Cloud, cluster: StackCluster) -> None:
        self._cloud, self._cluster = cloud, cluster
        self._renewed = 0.0

    def hold(self, state: State, id_: str) -> None:
        """Keep an operation open until `reconcile` ends it; should this process die, it ends as failed."""
        operation = state.operations[id_.lower()]
        operation.fails, operation.ends = True, time.time() + _LEASE
        self._renewed = time.monotonic()

    def reconcile(self, id_: str, properties: Props) -> None:
        """Bring the nodes of a pool, or of every pool of a cluster, to what Azure wants. Raises ArmError."""
        try:
            if self._is_cluster(id_):
                _bind_admins(self._aks(), properties)
            for pool in self._pools(id_, properties):
                self._bring(id_, pool)
        except UpgradeError as error:
            raise self._failed(id_, ArmError(400, "UpgradeFailed", str(error))) from None
        except (ProviderError, ApiError, OSError) as error:
            told = refusal("InternalOperationError.nodes", error=error)
            raise self._failed(id_, told) from None
        self._end(id_, None)

    def removed(self, arm_type: str, id_: str) -> None:
        """Take away the nodes of a pool that is gone; with a cluster goes all that is in it."""
        if arm_type == CLUSTER_TYPE:
            self._cluster.restart_empty()
        elif arm_type == POOL_TYPE and self._cluster.is_kept:
            self._nodes(id_).delete(id_.rsplit("/", 1)[-1])

    def address(self) -> ClusterAddress:
        """Return where the control plane is. Raises ProviderError when it does not start."""
        plane = self._cluster.ensure()
        return ClusterAddress(plane.url, plane.authority.files.certificate.read_bytes(), plane.admin_token())

    def catch_up(self) -> None:
        """Give a new control plane the nodes and the administrators of every cluster that there is already."""
        state = self._cloud.view()
        for cluster in state.of_type(CLUSTER_TYPE):
            _bind_admins(self._aks(), cluster.properties)
            for pool in state.children(cluster.id, POOL_TYPE):
                self._bring(cluster.id, dict(pool.properties))

    def _aks(self) -> ApiClient:
        """Return a client as the user that AKS is in its clusters, whom admission may know by name."""
        return self._cluster.ensure().client(_USER, _GROUPS)

    @staticmethod
    def _is_cluster(id_: str) -> bool:
        return (cluster_of(id_) or "") == id_.lower()

    def _pools(self, id_: str, properties: Props) -> list[Props]:
        if not self._is_cluster(id_):
            return [{"name": id_.rsplit("/", 1)[-1], **properties}]
        return [dict(p.properties) for p in self._cloud.view().children(id_, POOL_TYPE)]

    def _bring(self, id_: str, pool: Props) -> None:
        cluster: Resource | None = self._cloud.view().get(cluster_of(id_) or "")
        location = str(cluster.properties.get("location")) if cluster else ""
        self._nodes(id_).reconcile(pool, location.lower().replace(" ", ""))

    def _nodes(self, id_: str) -> PoolNodes:
        minute = self._cloud.view().settings.minute_seconds
        return PoolNodes(self._cluster.ensure().client(), minute, lambda: self._renew(id_))

    def _renew(self, id_: str) -> None:
        if time.monotonic() - self._renewed > _LEASE / 4:
            self._renewed = time.monotonic()
            with self._cloud.change() as state:
                operation = state.operations.get(id_.lower())
                if operation is not None:
                    operation.ends = time.time() + _LEASE

    def _failed(self, id_: str, error: ArmError) -> ArmError:
        self._end(id_, error)
        return error

    def _end(self, id_: str, error: ArmError | None) -> None:
        """End the operation: at once, or when the cloud's own time for it is over."""
        with self._cloud.change() as state:
            operation = state.operations.get(id_.lower())
            if operation is None:
                return
            operation.fails = error is not None
            operation.error = {"code": error.code, "message": error.message} if error else None
            operation.ends = max(time.time(), operation.started + state.settings.operation_seconds)
            if operation.ends <= time.time():
                settle(state, time.time())


def _bind_admins(client: ApiClient, cluster: Props) -> None:
    """Bring the binding to what the cluster says. Raises ApiError."""
    groups = [str(group) for group in rows(cluster, "aadProfile.adminGroupObjectIDs")]
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
