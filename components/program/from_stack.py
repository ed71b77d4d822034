"""The arguments of the library's components, as a stack file says them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pulumi

from settings import StackSettings
from settings.facts.clouds import cloud_of
from settings.sections.pools import Pool, SystemPool
from settings.subnets import plan

from ..admitted import admitted
from ..aks_cluster import AksCluster, AksClusterArgs
from ..args.control_plane import ControlPlaneArgs
from ..args.like import like
from ..args.logs import AuditArgs
from ..args.network import NetworkArgs, SubnetArgs
from ..args.pools import PoolArgs
from ..args.registries import RegistryArgs
from ..args.windows import MaintenanceArgs
from ..audit_log import AuditLog, AuditLogArgs
from ..backup import BackupArgs, principal_of
from ..cluster_groups import ClusterGroups
from ..cluster_network import ClusterNetwork, ClusterNetworkArgs
from ..fleet import Fleet, FleetArgs
from ..maintenance_windows import MaintenanceWindowsArgs
from ..monitoring import MonitoringArgs
from ..node_pool import NodePoolArgs
from ..registry_access import RegistryAccessArgs
from ..versions.version_change import Before, VersionChange


@dataclass(frozen=True)
class FromStack:
    """A stack's settings and the resource group that all of it is made in."""

    stack: StackSettings
    resource_group_name: pulumi.Input[str]
    tags: Mapping[str, str]

    @property
    def _system_pool(self) -> SystemPool:
        if (pool := self.stack.system_pool) is None:
            raise pulumi.RunError("a cluster that is there already has no system pool of this stack's")
        return pool

    @cached_property
    def control_plane(self) -> ControlPlaneArgs:
        """How the cluster is run."""
        return like(ControlPlaneArgs, self.stack.cluster)

    def network(self) -> ClusterNetworkArgs:
        """Return the virtual network with a range for each pool."""
        network = self.stack.network
        return ClusterNetworkArgs(
            resource_group_name=self.resource_group_name,
            network_name=f"vnet-{self.stack.cluster.name}",
            subnets=[like(SubnetArgs, subnet) for subnet in plan(self.stack)],
            address_space=str(network.address_space) if network.address_space else None,
            tags=self.tags,
            network=like(NetworkArgs, network),
        )

    def audit(self) -> AuditLogArgs:
        """Return where the cluster's logs go."""
        return AuditLogArgs(
            resource_group_name=self.resource_group_name,
            workspace_name=f"log-{self.stack.cluster.name}",
            audit=like(AuditArgs, self.stack.audit),
            tags=self.tags,
            protect=self.stack.is_protected,
        )

    def cluster(
        self, network: ClusterNetwork, audit: AuditLog, groups: ClusterGroups, change: VersionChange | Before
    ) -> AksClusterArgs:
        """Return the cluster in its network, and who is let in."""
        return AksClusterArgs(
            resource_group_name=self.resource_group_name,
            cluster=self.control_plane,
            system_pool=like(PoolArgs, self._system_pool),
            subnet_id=network.pool_subnet_ids.get(self._system_pool.name),
            workspace_id=audit.workspace_id,
            node_os_channel=self.stack.node_updates.channel,
            tags=self.tags,
            protect=self.stack.is_protected,
            administrators=groups.administrators,
            is_new=change.is_first,
            joinable_subnets=network.joinable,
            api_server_subnet_id=network.api_server_subnet_id,
            said_beside=[str(self.stack.audit.workspace_id), str(self.stack.network)],
            let_in=admitted(self.stack.cluster, groups.deployers, change.has_rights),
        )

    def monitoring(self, cluster: AksCluster, audit: AuditLog) -> MonitoringArgs:
        """Return what is collected of nodes and pods."""
        return MonitoringArgs(
            resource_group_name=self.resource_group_name,
            cluster=self.stack.cluster,
            cluster_id=cluster.id,
            workspace_id=audit.workspace_id,
            location=self.stack.location,
            tags=self.tags,
        )

    def registries(self, cluster: AksCluster) -> RegistryAccessArgs:
        """Return the registries that the nodes pull from."""
        return RegistryAccessArgs(
            resource_group_name=self.resource_group_name,
            registries=[like(RegistryArgs, registry) for registry in self.stack.cluster.registries],
            kubelet_object_id=cluster.kubelet_object_id,
            tags=self.tags,
            protect=self.stack.is_protected,
            is_adopted=self.control_plane.is_adopted,
        )

    def pool(self, pool: Pool, network: ClusterNetwork, after: pulumi.Resource) -> NodePoolArgs:
        """Return a pool that comes after another: Azure changes one at a time."""
        return NodePoolArgs(
            resource_group_name=self.resource_group_name,
            cluster_name=self.stack.cluster.name,
            pool=like(PoolArgs, pool),
            subnet_id=network.pool_subnet_ids.get(pool.name),
            after=after,
            tags=self.tags,
        )

    def windows(self, cluster: AksCluster) -> MaintenanceWindowsArgs:
        """Return when Azure may work on the cluster."""
        return MaintenanceWindowsArgs(
            resource_group_name=self.resource_group_name,
            cluster_name=self.stack.cluster.name,
            maintenance=like(MaintenanceArgs, self.stack.maintenance),
            after=cluster,
        )

    def backup(self, cluster: AksCluster, after: Sequence[pulumi.Resource]) -> BackupArgs | None:
        """Return how the cluster is backed up, once all else is there; None for a stack that says nothing of it."""
        if not (backup := self.stack.cluster.backup):
            return None
        return BackupArgs(
            resource_group_name=self.resource_group_name,
            cluster_name=self.stack.cluster.name,
            cluster_id=cluster.id,
            cluster_principal_id=cluster.managed_cluster.identity.apply(principal_of),
            backup=backup,
            location=self.stack.location,
            blob_endpoint=cloud_of(self.stack.location).blobs,
            after=tuple(after),
            tags=self.tags,
            protect=self.stack.is_protected,
        )

    def fleet(self, cluster: AksCluster, joins: Fleet | None) -> FleetArgs | None:
        """Return the fleet whose member the cluster is; None for a stack without one."""
        if not (fleet := self.stack.fleet):
            return None
        return FleetArgs(
            resource_group_name=self.resource_group_name,
            fleet=fleet,
            cluster_name=self.stack.cluster.name,
            cluster_id=cluster.id,
            group=self.stack.fleet_group(pulumi.get_stack()),
            joins=joins,
            tags=self.tags,
            protect=self.stack.is_protected,
        )
