"""The cluster of one stack: read its settings, compose the components, export what others need."""

import pulumi
from secure_aks_lifecycle.clock import now

import components as aks
from components import like
from components.admitted import admitted
from components.cluster_groups import ClusterGroups, ClusterGroupsArgs
from components.inside import InsideArgs, apply_inside
from components.monitoring import MonitoringArgs, watch
from components.ordering import everything, last_of
from components.resource_group import resource_group
from components.stack_settings import stack_settings
from components.team_access import group_ids
from components.version_change import VersionChange
from components.version_record import VersionRecord, VersionRecordArgs
from components.way_in import check_way_in
from settings.subnets import plan

stack = stack_settings()
name, tags = stack.cluster.name, {**stack.tags, "environment": stack.environment}
protect, channel, all_of_it = stack.environment == "prod", stack.node_updates.channel, everything()
change = VersionChange("version-change", stack)
check_way_in(stack, change.previous, change.namespaces)
group = resource_group("cluster", stack.cluster, tags)
groups = ClusterGroups("groups", ClusterGroupsArgs(stack.cluster))
subnets = [like(aks.SubnetArgs, subnet) for subnet in plan(stack)]
space = str(stack.network.address_space) if stack.network.address_space else None
network_args = (group, f"vnet-{name}", subnets, space, tags, like(aks.NetworkArgs, stack.network))
network = aks.ClusterNetwork("network", aks.ClusterNetworkArgs(*network_args))
audit_args = aks.AuditLogArgs(group, f"log-{name}", like(aks.AuditArgs, stack.audit), tags, protect)
audit = aks.AuditLog("audit", audit_args)
subnet_of, run_as = network.pool_subnet_ids, like(aks.ControlPlaneArgs, stack.cluster)
system, in_subnet = like(aks.PoolArgs, stack.system_pool), subnet_of.get(stack.system_pool.name)
made_of = (group, run_as, system, in_subnet, audit.workspace_id, channel, tags)
known = (protect, groups.administrators, change.is_first, network.joinable, network.api_server_subnet_id)
let_in = admitted(stack.cluster, groups.deployers, change.has_rights)
cluster = aks.AksCluster("cluster", aks.AksClusterArgs(*made_of, *known, let_in))
audit.record(cluster.id, is_adopted=run_as.is_adopted)
watch(MonitoringArgs(group, stack.cluster, cluster.id, audit.workspace_id, stack.location, tags))
groups.admit(cluster.id)
used = [like(aks.RegistryArgs, registry) for registry in stack.cluster.registries]
pulls = aks.RegistryAccessArgs(group, used, cluster.kubelet_object_id, tags, protect, run_as.is_adopted)
registries = aks.RegistryAccess("registries", pulls)
pools: list[aks.VersionedPool] = [cluster.system_pool]
for pool in stack.pools:  # in their order, one after another
    made = aks.NodePoolArgs(group, name, like(aks.PoolArgs, pool), subnet_of.get(pool.name), pools[-1], tags)
    pools.append(aks.NodePool(pool.name, made))
windows = aks.MaintenanceWindowsArgs(group, name, like(aks.MaintenanceArgs, stack.maintenance), cluster)
aks.MaintenanceWindows("maintenance", windows)
teams = apply_inside(InsideArgs(stack, group, cluster, groups, registries.granted, tags))
running = [cluster.version, *(pool.version for pool in pools)]
record_args = VersionRecordArgs(change.current, change.previous, running, now())
record = VersionRecord("versions", record_args, last_of(all_of_it, protect=protect))
pulumi.export("cluster", cluster.summary)
pulumi.export("kubeconfig", cluster.kubeconfig)
pulumi.export("versions", record.versions)
pulumi.export("shape", record.shape)
pulumi.export("namespaces", {team.name: team.namespace for team in stack.teams[: len(teams)]})
pulumi.export("groups", group_ids(teams))
