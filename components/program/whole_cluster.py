"""One cluster of a stack with everything on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from settings.sections.stack import StackSettings

from ..aks_cluster import AksCluster
from ..audit_log import AuditLog
from ..backup import Backup
from ..cluster_groups import ClusterGroups, ClusterGroupsArgs
from ..cluster_network import ClusterNetwork
from ..fleet import Fleet, join
from ..gitops import Gitops, GitopsArgs
from ..maintenance_windows import MaintenanceWindows
from ..node_pool import NodePool
from ..parts.earlier import FurtherCluster
from ..registry_access import RegistryAccess
from ..team_access import TeamAccess
from ..versions.version_change import Before, VersionChange
from .exports import team_outputs, unprinted
from .from_stack import FromStack
from .ingress_zones import ingress_zones
from .inside import InAzure, InsideArgs, apply_inside
from .lock import lock
from .resource_group import resource_group
from .watched import watched
from .way_in import check_way_in


@dataclass(frozen=True)
class WholeCluster:
    """A cluster, what runs in it once it does (control plane, then pools), and the teams that are applied."""

    cluster: AksCluster
    running: list[pulumi.Output[str]]
    teams: Sequence[TeamAccess]
    fleet: Fleet | None

    def outputs(self, stack: StackSettings) -> dict[str, Any]:
        """Return what a stack says of a further cluster, by the names of the outputs about the first."""
        cluster = self.cluster
        return {
            "cluster": cluster.summary,
            "kubeconfig": unprinted(cluster.kubeconfig),
            **team_outputs(stack, self.teams),
        }


def whole_cluster(
    stack: StackSettings,
    change: VersionChange | Before,
    all_of_it: list[pulumi.Resource],
    parent: pulumi.Resource | None = None,
    fleet: Fleet | None = None,
) -> WholeCluster:
    """Register a cluster with everything on it, the pools one after another; a further one of a stack below its `parent`, in the first one's `fleet`."""
    check_way_in(stack, change.previous, parent if isinstance(parent, FurtherCluster) else None)
    opts = pulumi.ResourceOptions(parent=parent) if parent else None
    others = len(all_of_it)
    tags = {**stack.tags, "environment": stack.environment}
    group = resource_group("cluster", stack.cluster, tags, opts)
    said = FromStack(stack, group, tags)
    groups = ClusterGroups("groups", ClusterGroupsArgs(stack.cluster), opts)
    network = ClusterNetwork("network", said.network(), opts)
    audit = AuditLog("audit", said.audit(), opts)
    cluster = AksCluster("cluster", said.cluster(network, audit, groups, change), opts)
    audit.record(cluster.id, is_adopted=said.control_plane.is_adopted)
    told = watched(said, cluster, audit, opts)
    groups.admit(cluster.id)
    registries = RegistryAccess("registries", said.registries(cluster), opts)
    ingress_zones(stack.cluster, cluster, opts)
    last: pulumi.Resource = cluster.system_pool
    running = [cluster.version, cluster.system_pool.version]
    for pool in stack.pools:
        last = made = NodePool(pool.name, said.pool(pool, network, after=last), opts)
        running.append(made.version)
    MaintenanceWindows("maintenance", said.windows(cluster), opts)
    member = join("fleet", said.fleet(cluster, fleet), opts)
    azure = InAzure(cluster.id, group, cluster.issuer, tags, told)
    way_in = (cluster.provider, groups.deployers, groups.readers)
    teams = apply_inside(InsideArgs(stack, *way_in, azure, registries.granted), opts)
    if flux := stack.cluster.gitops:
        # After the admission policies: what its repository says is judged from the first object on.
        Gitops("gitops", GitopsArgs(group, stack.cluster.name, flux, tuple(all_of_it)), opts)
    if backup := said.backup(cluster, all_of_it):
        Backup("backup", backup, opts)
    lock(stack, cluster.id, all_of_it, all_of_it[others:], opts)
    return WholeCluster(cluster, running, teams, member)
