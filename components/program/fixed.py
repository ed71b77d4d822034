"""What Azure, or its provider, cannot change of a cluster or a pool that exists: such a change means a new one.

Sources: azure-native replaces a cluster for the network settings below (provider/pkg/gen/replacement.go, read in 2026), though AKS itself
can change some of them; host encryption is set when a pool is made (AKS documentation, enable-host-encryption).
"""

import json
from collections.abc import Sequence
from typing import Any, cast

from settings import StackSettings
from settings.sections.cluster import Cluster
from settings.sections.pools import Pool
from settings.subnets import Subnet, plan

_BY_AZURES_NAME_OF_CLUSTER = ("diskEncryptionSetID", "fqdnSubdomain", "linuxProfile", "windowsProfile")
_BY_AZURES_NAME_OF_POOL = (
    "capacityReservationGroupID",
    "gpuInstanceProfile",
    "hostGroupID",
    "kubeletConfig",
    "linuxOSConfig",
    "proximityPlacementGroupID",
)
_AKS_CHOOSES = "what AKS chooses"
"""Not null: on the wire that may be left out, and a change from it would go unseen."""


def fixed_cluster(stack: StackSettings) -> dict[str, Any]:
    """Return what a cluster keeps for life, by the names of the stack file."""
    cluster, server = stack.cluster, stack.cluster.api_server
    return {
        "location": stack.location,
        "resourceGroup": cluster.resource_group_name,
        "nodeResourceGroup": cluster.node_resource_group or _AKS_CHOOSES,
        "podCidr": str(cluster.pod_cidr),
        "serviceCidr": str(cluster.service_cidr),
        "dnsServiceIp": str(cluster.dns_ip),
        "networkPolicy": cluster.network_policy,
        "outboundType": cluster.outbound_type,
        # With VNet integration AKS changes it in place.
        "private": None if server.vnet_integration else server.access == "private",
        "extra": _of(cluster, _BY_AZURES_NAME_OF_CLUSTER),
    }


def fixed_pools(stack: StackSettings) -> dict[str, dict[str, Any]]:
    """Return what each pool keeps for life, by the names of the stack file; its OS stands in the record anyway.

    `subnetOf` is the subnet that its nodes are in (name, or id of one that exists), `subnet` its range where the pool has one of its own.
    """
    own = stack.network.address_space is not None and stack.network.subnets == "per-pool"
    subnets = {pool: subnet for subnet in plan(stack) for pool in subnet.pools}
    return {
        pool.name: {
            **fixed_pool(pool),
            "subnetOf": _place(subnets.get(pool.name)),
            "subnet": subnets[pool.name].cidr if own else None,
        }
        for pool in stack.all_pools
    }


def fixed_pool(pool: Pool) -> dict[str, Any]:
    """Return what a pool by itself keeps for life."""
    fixed: dict[str, Any] = {
        "vmSize": pool.vm_size,
        "zones": sorted(pool.zones),
        "priority": pool.priority,
        "sandboxed": pool.sandboxed,
        "maxPods": pool.max_pods,
        "osDiskGb": pool.os_disk_gb or _AKS_CHOOSES,
        "osDiskType": pool.os_disk_type,
        "encryptionAtHost": pool.encryption_at_host,
        "extra": _of(pool, _BY_AZURES_NAME_OF_POOL),
    }
    # FIPS of a Linux pool changes in place: Azure replaces the node images.
    return fixed if pool.is_linux else {**fixed, "fips": pool.fips}


def _place(subnet: Subnet | None) -> str:
    """Return where a pool's nodes are: the id or the name of their subnet."""
    return (subnet.id or subnet.name) if subnet else "the network of AKS"


def _of(said: Cluster | Pool, fixed: Sequence[str]) -> dict[str, Any]:
    """Return what optional sections and `extra` say of what Azure does not change either, by its own names, and what is adopted."""
    properties = {**said.features, **said.extra}
    # In one order of keys: the record shows it as text, and whatever order the file has them in is no change.
    kept = {name: _ordered(properties[name]) for name in fixed if name in properties}
    # As text: it is compared, and nothing else.
    return {**kept, **({"adopted": json.dumps(said.adopted, sort_keys=True)} if said.adopted else {})}


def _ordered(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    said = cast("dict[str, Any]", value)
    return {key: _ordered(said[key]) for key in sorted(said)}
