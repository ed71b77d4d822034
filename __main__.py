"""The cluster of one stack: read its settings, compose the components, export what others need."""

import pulumi
from pulumi_azure_native.resources import ResourceGroup
from secure_aks_lifecycle.clock import now

from components.admission import Admission, AdmissionArgs
from components.aks_cluster import AksCluster, AksClusterArgs
from components.audit_log import AuditLog, AuditLogArgs
from components.cluster_network import ClusterNetwork, ClusterNetworkArgs
from components.maintenance_windows import MaintenanceWindows, MaintenanceWindowsArgs
from components.node_pool import NodePool, NodePoolArgs
from components.node_reboots import NodeReboots, NodeRebootsArgs, RuleGroupPlace
from components.ordering import once
from components.security_profiles import SecurityProfiles, SecurityProfilesArgs
from components.stack_settings import stack_settings
from components.team_access import TeamAccess, TeamAccessArgs, group_ids
from components.version_change import VersionChange
from components.version_record import VersionRecord, VersionRecordArgs
from components.versioned_pool import VersionedPool
from settings.subnets import plan

stack = stack_settings()
name, tags = stack.cluster.name, {**stack.tags, "environment": stack.environment}
protect, channel = stack.environment == "prod", stack.node_updates.channel

change = VersionChange("version-change", stack)
rg = ResourceGroup("cluster", resource_group_name=stack.cluster.resource_group_name, tags=tags)
group = once(rg, stack.cluster.resource_group_name)

network_args = ClusterNetworkArgs(group, f"vnet-{name}", plan(stack), stack.network.address_space, tags)
network = ClusterNetwork("network", network_args)
audit = AuditLog("audit", AuditLogArgs(group, f"log-{name}", stack.audit, tags, protect))
cluster_args = AksClusterArgs(group, stack.cluster, stack.system_pool, network, audit, channel, tags, protect)
cluster = AksCluster("cluster", cluster_args)
audit.record(cluster.id)

pools: list[VersionedPool] = [cluster.system_pool]
for pool in stack.pools:  # in their order, one after another
    pools.append(NodePool(pool.name, NodePoolArgs(group, name, pool, network, pools[-1], tags)))
MaintenanceWindows("maintenance", MaintenanceWindowsArgs(group, name, stack.maintenance, cluster))

inside = pulumi.ResourceOptions(providers=[cluster.provider])
Admission("admission", AdmissionArgs(stack), inside)
SecurityProfiles("profiles", SecurityProfilesArgs(stack.profiles, stack.all_pools), inside)
if kured := stack.node_updates.kured:
    place = RuleGroupPlace(group, name, cluster.id, tags)
    NodeReboots("reboots", NodeRebootsArgs(kured, stack.all_pools, stack.maintenance, place), inside)
teams = [TeamAccess(t.name, TeamAccessArgs(t, stack.environment, cluster.id), inside) for t in stack.teams]

running = [cluster.version, *(pool.version for pool in pools)]
record_args = VersionRecordArgs(change.current, change.previous, running, now())
pulumi.export("cluster", cluster.summary)
pulumi.export("kubeconfig", cluster.kubeconfig)
record = VersionRecord("versions", record_args)
pulumi.export("versions", record.versions)
pulumi.export("shape", record.shape)
pulumi.export("namespaces", {team.name: team.namespace for team in stack.teams})
pulumi.export("groups", group_ids(teams))
