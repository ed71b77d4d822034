"""What Azure cannot change of a cluster or a pool that exists: such a change means a new one."""

from typing import Any

from settings import StackSettings
from settings.sections.pools import Pool


def fixed_cluster(stack: StackSettings) -> dict[str, Any]:
    """Return what a cluster keeps for life, by the names of the stack file."""
    cluster = stack.cluster
    return {
        "location": stack.location,
        "resourceGroup": cluster.resource_group_name,
        "nodeResourceGroup": cluster.node_resource_group,
        "podCidr": str(cluster.pod_cidr),
        "serviceCidr": str(cluster.service_cidr),
        "private": cluster.api_server.access == "private",
    }


def fixed_pool(pool: Pool) -> dict[str, Any]:
    """Return what a pool keeps for life, by the names of the stack file; its OS stands in the record anyway."""
    return {
        "vmSize": pool.vm_size,
        "zones": list(pool.zones),
        "priority": pool.priority,
        "sandboxed": pool.sandboxed,
        "maxPods": pool.max_pods,
        "osDiskGb": pool.os_disk_gb,
        "osDiskType": pool.os_disk_type,
        "fips": pool.fips,
        "subnet": str(pool.subnet) if pool.subnet else None,
    }
