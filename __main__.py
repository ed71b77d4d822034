"""The cluster of one stack: read its settings, compose the components, export what others need."""

import pulumi
from pulumi_azure_native import resources
from secure_aks_lifecycle.clock import now

import settings
from components.access import access_data
from components.aks_cluster import AksCluster, AksClusterArgs
from components.audit_log import AuditLog, AuditLogArgs
from components.cluster_network import ClusterNetwork, ClusterNetworkArgs
from components.maintenance_windows import MaintenanceWindows, MaintenanceWindowsArgs
from components.node_pool import NodePool, NodePoolArgs
from components.node_reboots import NodeReboots, NodeRebootsArgs
from components.ordering import once
from components.security_profiles import SecurityProfiles, SecurityProfilesArgs
from components.team_access import TeamAccess, TeamAccessArgs
from components.version_record import VersionRecord, VersionRecordArgs
from settings.subnets import plan

try:
    stack = settings.load()
except settings.SettingsError as error:
    raise pulumi.RunError(str(error)) from None

name = stack.cluster.name
tags = {**stack.tags, "environment": stack.environment}
protect = stack.environment == "prod"
group_name = stack.cluster.resource_group_name
group = once(resources.ResourceGroup("cluster", resource_group_name=group_name, tags=tags), group_name)

space = stack.network.address_space
network = ClusterNetwork("network", ClusterNetworkArgs(group, f"vnet-{name}", plan(stack), space, tags))
audit = AuditLog("audit", AuditLogArgs(group, f"log-{name}", stack.audit, tags, protect))
cluster = AksCluster(
    "cluster",
    AksClusterArgs(
        group, stack.cluster, stack.system_pool, network, audit, stack.node_updates.channel, tags, protect
    ),
)
audit.record(cluster.id)

previous = cluster.system_pool
pool_versions = {stack.system_pool.name: previous.version}
for pool in stack.pools:  # in their order, one after another
    previous = NodePool(pool.name, NodePoolArgs(group, name, pool, network, previous, tags))
    pool_versions[pool.name] = previous.version
MaintenanceWindows("maintenance", MaintenanceWindowsArgs(group, name, stack.maintenance, cluster))

inside = pulumi.ResourceOptions(providers=[cluster.provider])
SecurityProfiles("profiles", SecurityProfilesArgs(stack.profiles), inside)
if stack.node_updates.kured:
    NodeReboots("reboots", NodeRebootsArgs(stack.node_updates.kured, stack.pools), inside)
for team in stack.teams:
    TeamAccess(team.name, TeamAccessArgs(team, stack.environment, cluster.id), inside)

record = VersionRecordArgs(name, cluster.version, stack.all_pools, pool_versions, now())
pulumi.export("cluster", cluster.summary)
pulumi.export("kubeconfig", cluster.kubeconfig)
pulumi.export("versions", VersionRecord("versions", record).versions)
pulumi.export("namespaces", {team.name: team.namespace for team in stack.teams})
pulumi.export("access", access_data(stack))
