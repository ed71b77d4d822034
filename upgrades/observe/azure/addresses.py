"""The addresses that are left in the subnet of each pool, as Azure counts them: whatever took one, node or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .reader import Azure

USAGES = "2024-05-01"
"""API version of Microsoft.Network's usages of a virtual network. Their limit leaves out the addresses Azure keeps."""

Json = dict[str, Any]


def free_addresses(azure: Azure, cluster: Mapping[str, Any]) -> dict[str, int]:
    """Return the addresses left by pool; a pool is missing when its subnet is not told. Raises AzureError, ValueError."""
    properties: Json = cluster.get("properties") or {}
    pools: Iterable[Json] = properties.get("agentPoolProfiles") or ()
    subnets = {str(pool.get("name")): str(pool["vnetSubnetID"]) for pool in pools if pool.get("vnetSubnetID")}
    networks = sorted({subnet.lower().partition("/subnets/")[0] for subnet in subnets.values()})
    usages = [usage for network in networks for usage in azure.listed(f"{network}/usages", USAGES)]
    return left(usages, subnets)


def left(usages: Iterable[Mapping[str, Any]], subnets: Mapping[str, str]) -> dict[str, int]:
    """Return the addresses left for each pool by the usages of its subnet. `subnets` are resource ids by pool."""
    try:
        free = {str(one["id"]).lower(): int(one["limit"]) - int(one["currentValue"]) for one in usages}
    except (KeyError, TypeError, ValueError):
        raise ValueError("Azure's usages of the virtual network cannot be read") from None
    return {pool: max(free[id_.lower()], 0) for pool, id_ in subnets.items() if id_.lower() in free}
