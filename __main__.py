"""The cluster of one stack: read its settings, compose the components, export what others need."""

import pulumi
from secure_aks_lifecycle.clock import now

from components.aks_cluster import AksCluster, AksClusterArgs
from components.audit_log import AuditLog, AuditLogArgs
from components.cluster_groups import ClusterGroups, ClusterGroupsArgs
from components.cluster_network import ClusterNetwork, ClusterNetworkArgs
from components.inside import InsideArgs, apply_inside
from components.maintenance_windows import MaintenanceWindows, MaintenanceWindowsArgs
from components.node_pool import NodePool, NodePoolArgs
from components.registry_access import RegistryAccess, RegistryAccessArgs
from components.resource_group import resource_group
from components.stack_settings import stack_settings
from components.team_access import group_ids
from components.version_change import VersionChange
from components.version_record import VersionRecord, VersionRecordArgs
from components.versioned_pool import VersionedPool
from components.way_in import check_way_in
from settings.subnets import plan

stack = stack_settings()
name, tags = stack.cluster.name, {**stack.tags, "environment": stack.environment}
protect, channel = stack.environment == "prod", stack.node_updates.channel

change = VersionChange("version-change", stack)
check_way_in(stack, change.previous, change.namespaces)
group = resource_group("cluster", stack.cluster, tags)

groups = ClusterGroups("groups", ClusterGroupsArgs(stack.cluster))
space, subnets = stack.network.address_space, plan(stack)
network_args = ClusterNetworkArgs(group, f"vnet-{name}", subnets, space, tags, stack.network)
network = ClusterNetwork("network", network_args)
audit = AuditLog("audit", AuditLogArgs(group, f"log-{name}", stack.audit, tags, protect))
made_of = (group, stack.cluster, stack.system_pool, network, audit, channel, tags, protect)
cluster_args = AksClusterArgs(*made_of, groups.administrators, change.is_first)
cluster = AksCluster("cluster", cluster_args)
audit.record(cluster.id, is_adopted=stack.cluster.is_adopted)
groups.admit(cluster.id)
pulls = RegistryAccessArgs(
    group, stack.cluster.registries, cluster.kubelet_object_id, tags, protect, stack.cluster.is_adopted
)
registries = RegistryAccess("registries", pulls)

pools: list[VersionedPool] = [cluster.system_pool]
for pool in stack.pools:  # in their order, one after another
    pools.append(NodePool(pool.name, NodePoolArgs(group, name, pool, network, pools[-1], tags)))
MaintenanceWindows("maintenance", MaintenanceWindowsArgs(group, name, stack.maintenance, cluster))

teams = apply_inside(InsideArgs(stack, group, cluster, groups, registries.granted, tags))

running = [cluster.version, *(pool.version for pool in pools)]
record = VersionRecord("versions", VersionRecordArgs(change.current, change.previous, running, now()))
pulumi.export("cluster", cluster.summary)
pulumi.export("kubeconfig", cluster.kubeconfig)
pulumi.export("versions", record.versions)
pulumi.export("shape", record.shape)
pulumi.export("namespaces", {team.name: team.namespace for team in stack.teams[: len(teams)]})
pulumi.export("groups", group_ids(teams))
