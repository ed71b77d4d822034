"""The resource group of a stack: created, or one that exists."""

from collections.abc import Mapping

import pulumi
from pulumi_azure_native.resources import ResourceGroup

from settings.sections.cluster import Cluster

from ..parts.ordering import once


def resource_group(
    name: str, cluster: Cluster, tags: Mapping[str, str], opts: pulumi.ResourceOptions | None = None
) -> pulumi.Output[str]:
    """Return the name of the cluster's resource group, to be used once it is there."""
    if cluster.existing_resource_group:
        return pulumi.Output.from_input(cluster.existing_resource_group)
    group = ResourceGroup(name, resource_group_name=cluster.resource_group_name, tags=dict(tags), opts=opts)
    return once(group, cluster.resource_group_name)
