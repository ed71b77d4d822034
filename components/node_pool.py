"""A node pool that is a resource of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
from pulumi_azure_native import containerservice

from .args.like import like
from .args.pools import PoolArgs
from .parts.first_count import SENT, first_count
from .parts.ordering import once
from .parts.pool_properties import pool_properties
from .parts.time_limits import pool_time_limits
from .versions.versioned_pool import VersionedPool

_MADE = ("secure-aks:index:NodePool", "azure-native:containerservice:AgentPool")


@dataclass(frozen=True)
class NodePoolArgs:
    """What a pool is made from."""

    resource_group_name: pulumi.Input[str]
    """Resource group of the cluster."""
    cluster_name: pulumi.Input[str]
    """Azure name of the cluster."""
    pool: PoolArgs
    """The pool."""
    subnet_id: pulumi.Input[str] | None
    """Resource id of the subnet of its nodes."""
    after: pulumi.Resource | None = None
    """What must be done before Azure touches this pool: the pool before it, for the first the cluster's `system_pool`."""
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    """Azure tags of what is made."""


class NodePool(VersionedPool):
    """Nodes of one kind with an orchestrator version of their own.

    Azure works on one pool at a time, so each pool comes after another (`args.after`).

    Azure cannot change these of a pool that exists: name, VM size, OS type, zones, subnet, pods per node, OS disk,
    priority, sandboxing, FIPS on Windows. Such a change is a new pool beside the old one, and the old one removed when its pods
    have moved; Pulumi is told never to delete first, so an edit by mistake fails and leaves the nodes alone.
    """

    agent_pool: containerservice.AgentPool
    """The pool."""

    def __init__(self, name: str, args: NodePoolArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(_MADE[0], name, None, opts)
        args = like(NodePoolArgs, args)
        version = str(args.pool.version)
        properties = pool_properties(args.pool, args.subnet_id, dict(args.tags))
        first = first_count(_MADE, name, args.pool, [args.resource_group_name, version, properties], opts)
        self.agent_pool = containerservice.AgentPool(
            name,
            resource_group_name=args.resource_group_name,
            resource_name_=args.cluster_name,
            agent_pool_name=args.pool.name,
            orchestrator_version=version,
            **properties,
            **first.added(args.pool),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[args.after] if args.after else None,
                delete_before_replace=False,
                ignore_changes=first.ignored("count"),
                custom_timeouts=pool_time_limits(args.pool),
            ),
        )
        self.version = once(self.agent_pool, version)
        self.register_outputs({"version": self.version, SENT: first.sent})
