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
    fixed: dict[str, Any] = {
        "vmSize": pool.vm_size,
        "zones": list(pool.zones),
        "priority": pool.priority,
        "sandboxed": pool.sandboxed,
        "maxPods": pool.max_pods,
        "osDiskGb": pool.os_disk_gb,
        "osDiskType": pool.os_disk_type,
        "subnet": str(pool.subnet) if pool.subnet else None,
    }
    # FIPS of a Linux pool changes in place: Azure replaces the node images.
    return fixed if pool.is_linux else {**fixed, "fips": pool.fips}
