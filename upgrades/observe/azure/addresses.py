"""The addresses that are left in the subnet of each pool, as Azure counts them: whatever took one, node or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from upgrades.observe.errors import AzureError
from upgrades.observe.json_parts import part

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .reader import Azure

USAGES = "2024-05-01"
"""API version of Microsoft.Network's usages of a virtual network. Their limit leaves out the addresses Azure keeps."""

OF_AKS = "aks-subnet"
"""The name that AKS gives the subnet of its own network (aks-vnet-...)."""

Json = dict[str, Any]


def free_addresses(azure: Azure, cluster: Mapping[str, Any]) -> dict[str, int]:
    """Return the addresses left by pool; a pool is missing when its subnet is not told. Raises AzureError, ValueError."""
    properties: Json = cluster.get("properties") or {}
    pools: Iterable[Json] = properties.get("agentPoolProfiles") or ()
    subnets = {str(pool.get("name")): str(pool.get("vnetSubnetID") or "") for pool in pools}
    if not all(subnets.values()):
        try:
            made = _made_by_aks(azure, str(properties.get("nodeResourceGroup") or ""))
        except AzureError:
            if not any(subnets.values()):
                raise
            made = ""  # what is known of the other pools stays known
        subnets = {pool: id_ or made for pool, id_ in subnets.items() if id_ or made}
    return left(usages(azure, subnets), subnets)


def usages(azure: Azure, subnets: Mapping[str, str]) -> list[Any]:
    """Return Azure's usages of the networks of these subnets, resource ids by pool. Raises AzureError."""
    networks = sorted({subnet.lower().partition("/subnets/")[0] for subnet in subnets.values()})
    return [usage for network in networks for usage in azure.listed(f"{network}/usages", USAGES)]


def _made_by_aks(azure: Azure, group: str) -> str:
    """Return the subnet of a cluster that was given none, which AKS makes in its nodes' group; "" when it is not told. Raises AzureError."""
    path = f"/subscriptions/{azure.subscription}/resourceGroups/{group}/providers/Microsoft.Network/virtualNetworks"
    networks = azure.listed(path, USAGES) if group else []
    subnets = [subnet for one in networks for subnet in part(one, "properties").get("subnets") or ()]
    found = [str(one.get("id")) for one in subnets if str(one.get("name")).lower() == OF_AKS]
    return found[0] if len(found) == 1 else ""


def left(usages: Iterable[Mapping[str, Any]], subnets: Mapping[str, str]) -> dict[str, int]:
    """Return the addresses left for each pool by the usages of its subnet. `subnets` are resource ids by pool."""
    found = counted(usages)
    rows = {pool: found[id_.lower()] for pool, id_ in subnets.items() if id_.lower() in found}
    return {pool: max(limit - taken, 0) for pool, (limit, taken) in rows.items()}


def counted(usages: Iterable[Mapping[str, Any]]) -> dict[str, tuple[int, int]]:
    """Return the addresses of each subnet by its id in small letters: all, and those that are taken. Raises ValueError."""
    try:
        return {str(one["id"]).lower(): (int(one["limit"]), int(one["currentValue"])) for one in usages}
    except (KeyError, TypeError, ValueError):
        raise ValueError("Azure's usages of the virtual network cannot be read") from None
