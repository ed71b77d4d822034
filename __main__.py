"""The cluster of one stack: read its settings, compose the components, export what others need."""

import pulumi
from secure_aks_lifecycle.clock import now

import components as aks
from components.cluster_groups import ClusterGroups, ClusterGroupsArgs
from components.fleet import join
from components.monitoring import watch
from components.parts.ordering import everything, last_of
from components.program.exports import export
from components.program.from_stack import FromStack
from components.program.inside import InAzure, InsideArgs, apply_inside
from components.program.lock import check_lock, lock
from components.program.on_existing import on_existing
from components.program.resource_group import resource_group
from components.program.stack_settings import stack_settings
from components.program.version_owner import leave_versions
from components.program.way_in import check_way_in
from components.versions.version_change import VersionChange
from components.versions.version_record import VersionRecord, VersionRecordArgs

stack = stack_settings()
if stack.cluster.existing:
    on_existing(stack, stack.cluster.existing)
else:
    tags = {**stack.tags, "environment": stack.environment}
    all_of_it = everything()
    change = VersionChange("version-change", stack)
    check_way_in(stack, change.previous, change.namespaces)
    check_lock(stack, change.previous, change.groups)
    leave_versions(stack, change.running)

    group = resource_group("cluster", stack.cluster, tags)
    said = FromStack(stack, group, tags)
    groups = ClusterGroups("groups", ClusterGroupsArgs(stack.cluster))
    network = aks.ClusterNetwork("network", said.network())
    audit = aks.AuditLog("audit", said.audit())
    cluster = aks.AksCluster("cluster", said.cluster(network, audit, groups, change))
    audit.record(cluster.id, is_adopted=said.control_plane.is_adopted)
    watch(said.monitoring(cluster, audit))
    groups.admit(cluster.id)
    registries = aks.RegistryAccess("registries", said.registries(cluster))

    pools: list[aks.VersionedPool] = [cluster.system_pool]
    for pool in stack.pools:  # in their order, one after another
        pools.append(aks.NodePool(pool.name, said.pool(pool, network, after=pools[-1])))
    aks.MaintenanceWindows("maintenance", said.windows(cluster))
    join("fleet", said.fleet(cluster))
    azure = InAzure(cluster.id, group, cluster.issuer, tags)
    way_in = (cluster.provider, groups.deployers, groups.readers)
    teams = apply_inside(InsideArgs(stack, *way_in, azure, registries.granted))

    lock(stack, cluster.id, all_of_it)
    running = [cluster.version, *(pool.version for pool in pools)]
    recorded = VersionRecordArgs(change.current, change.previous, running, now())
    record = VersionRecord("versions", recorded, last_of(all_of_it, protect=said.is_protected))
    export(stack, cluster.summary, record, teams)
    pulumi.export("kubeconfig", cluster.kubeconfig)
