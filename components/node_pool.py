"""A node pool that is a resource of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
from pulumi_azure_native import containerservice

from components.cluster_network import ClusterNetwork
from components.ordering import once
from components.pool_properties import pool_properties
from components.time_limits import pool_time_limits
from components.versioned_pool import VersionedPool
from settings.sections.pools import Pool


@dataclass(frozen=True)
class NodePoolArgs:
    """What a pool is made from; `after` is what must be done before Azure touches this pool: the pool before it."""

    resource_group_name: pulumi.Input[str]
    cluster_name: pulumi.Input[str]
    pool: Pool
    network: ClusterNetwork
    after: pulumi.Resource
    tags: Mapping[str, str] = field(default_factory=dict[str, str])


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
        super().__init__("secure-aks:index:NodePool", name, None, opts)
        version = str(args.pool.version)
        self.agent_pool = containerservice.AgentPool(
            name,
            resource_group_name=args.resource_group_name,
            resource_name_=args.cluster_name,
            agent_pool_name=args.pool.name,
            orchestrator_version=version,
            **pool_properties(args.pool, args.network.pool_subnet_ids.get(args.pool.name), dict(args.tags)),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[args.after],
                delete_before_replace=False,
                custom_timeouts=pool_time_limits(args.pool),
            ),
        )
        self.version = once(self.agent_pool, version)
        self.register_outputs({"version": self.version})
