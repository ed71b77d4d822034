"""A pool in Azure's words: the same for the inline pool, the pool resources and the ARM template."""

from typing import Any

import pulumi

from ..args.pools import PoolArgs
from ..azure_api.extra import laid_beside, with_adopted, with_extra
from ..azure_api.names import sdk_names

SPOT = "kubernetes.azure.com/scalesetpriority"
"""Key of the label and the taint that AKS expects on spot pools."""


def pool_properties(
    pool: PoolArgs, subnet_id: pulumi.Input[str] | None, tags: dict[str, str]
) -> dict[str, Any]:
    """Return a pool's arguments but its name and version, as `AgentPool` and the inline profile take them.

    An autoscaled pool has no `count`: an update that repeated an old number would scale it down, and what Azure wants at
    creation is `first_count`'s. A spot pool has no
    upgrade settings: AKS gives it no surge nodes and refuses the setting. SSH is off on Linux (Azure cannot switch it
    off on Windows). What is a set to Azure goes in one order: to its provider other zones, or the same in another order,
    are another pool.
    """
    properties: dict[str, Any] = {
        "availability_zones": sorted(pool.zones) or None,
        "enable_encryption_at_host": pool.encryption_at_host,
        "enable_fips": pool.fips,
        "enable_node_public_ip": False,
        "max_pods": pool.max_pods,
        "mode": pool.mode,
        "node_labels": {**pool.all_labels, **({SPOT: "spot"} if pool.is_spot else {})},
        "node_taints": [*sorted(pool.all_taints), *([f"{SPOT}=spot:NoSchedule"] if pool.is_spot else [])],
        "os_disk_size_gb": pool.os_disk_gb,
        "os_disk_type": pool.os_disk_type,
        "os_sku": pool.os_sku,
        "os_type": pool.os_type,
        "tags": tags,
        "type": "VirtualMachineScaleSets",
        "vm_size": pool.vm_size,
        "vnet_subnet_id": subnet_id,
        **_size(pool),
        "upgrade_settings": None if pool.is_spot else _upgrade_settings(pool),
        "security_profile": _security_profile(pool) if pool.is_linux else None,
        "workload_runtime": "KataVmIsolation" if pool.sandboxed else None,
    }
    if pool.is_spot:
        # -1: never taken away for its price, only for want of room.
        properties |= {
            "scale_set_priority": "Spot",
            "scale_set_eviction_policy": "Delete",
            "spot_max_price": -1.0,
        }
    sent = {key: value for key, value in properties.items() if value is not None}
    made = laid_beside(sent, sdk_names(pool.features, "pool"))
    return with_extra(with_adopted(made, pool.adopted, "pool"), pool.extra, "pool")


def _security_profile(pool: PoolArgs) -> dict[str, Any]:
    # Both halves of Trusted Launch, and both said outright: what is left out, Azure may decide anew with each API version.
    return {
        "ssh_access": "Disabled",
        "enable_secure_boot": pool.trusted_launch,
        "enable_vtpm": pool.trusted_launch,
    }


def _size(pool: PoolArgs) -> dict[str, Any]:
    if pool.autoscaling:
        return {
            "enable_auto_scaling": True,
            "min_count": pool.autoscaling.min,
            "max_count": pool.autoscaling.max,
        }
    return {"enable_auto_scaling": False, "count": pool.count}


def _upgrade_settings(pool: PoolArgs) -> dict[str, Any]:
    settings = {
        "max_surge": pool.upgrade.max_surge,
        # Azure refuses it on system pools, so it never goes there.
        "max_unavailable": None if pool.mode == "System" else pool.upgrade.max_unavailable,
        "undrainable_node_behavior": pool.upgrade.undrainable_node_behavior,
        "drain_timeout_in_minutes": pool.upgrade.drain_timeout_minutes,
        "node_soak_duration_in_minutes": pool.upgrade.node_soak_minutes,
    }
    return {key: value for key, value in settings.items() if value is not None}
