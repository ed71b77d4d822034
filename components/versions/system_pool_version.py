"""The version, and every later change, of the pool that was created with the cluster."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_azure_native import resources

from ..args.pools import PoolArgs
from ..azure_api.names import rest_names
from ..parts.deployment import arm_deployment
from ..parts.naming import joined
from ..parts.ordering import once
from ..parts.time_limits import pool_time_limits
from .versioned_pool import VersionedPool

AGENT_POOL_API = "2025-09-01"
"""API version of the pool in the template, the one that azure-native uses for its own pools."""


@dataclass(frozen=True)
class SystemPoolVersionArgs:
    """What the deployment is made from: the pool, its `pool_properties`, and the cluster that must be there first."""

    resource_group_name: pulumi.Input[str]
    cluster_name: pulumi.Input[str]
    pool: PoolArgs
    properties: Mapping[str, Any]
    after: pulumi.Resource


class SystemPoolVersion(VersionedPool):
    """An ARM deployment of the one inline pool, which gives it an orchestrator version of its own.

    The inline profile of the cluster carries no version: with one there, Azure refuses the next upgrade of the control
    plane. An `AgentPool` resource cannot adopt a pool that exists. A deployment can change it (it creates or updates), its
    template shows the difference at preview, and deleting it deletes no pool.

    All else stands in both, the same: every change of the cluster repeats its inline profile, and one that was out of date
    would take back what has changed since.
    """

    deployment: resources.Deployment
    """The deployment."""

    def __init__(
        self, name: str, args: SystemPoolVersionArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("secure-aks:index:SystemPoolVersion", name, None, opts)
        version = str(args.pool.version)
        pool = {
            "type": "Microsoft.ContainerService/managedClusters/agentPools",
            "apiVersion": AGENT_POOL_API,
            "name": joined(args.cluster_name, "/", args.pool.name),
            "properties": {**rest_names(args.properties, "pool"), "orchestratorVersion": version},
        }
        self.deployment = arm_deployment(
            name,
            args.resource_group_name,
            joined(args.cluster_name, "-", args.pool.name),
            pool,
            pulumi.ResourceOptions(
                parent=self, depends_on=[args.after], custom_timeouts=pool_time_limits(args.pool)
            ),
        )
        self.version = once(self.deployment, version)
        self.register_outputs({"version": self.version})
