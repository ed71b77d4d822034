"""The cores that are left in an Azure region for each pool's VM size."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .reader import Azure

USAGES, SIZES = "2024-07-01", "2021-07-01"
"""API versions of Microsoft.Compute's usages and of its SKUs, which say to what family a size belongs."""
REGION, SPOT = "cores", "lowPriorityCores"
"""Names of two quotas beside those of the families: of the whole region, and of all spot instances in it."""


def free_cores(
    azure: Azure, location: str, sizes: Mapping[str, tuple[tuple[str, ...], bool]]
) -> dict[str, int]:
    """Return the cores left for each pool. `sizes` are its VM sizes and whether it is spot, by pool. Raises AzureError."""
    usages = azure.listed(f"Microsoft.Compute/locations/{location}/usages", USAGES)
    return left(usages, skus(azure, location), sizes)


@lru_cache(maxsize=32)
def skus(azure: Azure, location: str) -> tuple[Mapping[str, Any], ...]:
    """Return the SKUs of a region: a long list that stays the same, for one cluster of it as for the next."""
    return tuple(azure.listed("Microsoft.Compute/skus", SIZES, **{"$filter": f"location eq '{location}'"}))


def left(
    usages: Sequence[Mapping[str, Any]],
    skus: Sequence[Mapping[str, Any]],
    sizes: Mapping[str, tuple[tuple[str, ...], bool]],
) -> dict[str, int]:
    """Return the cores left by pool; a pool is missing when Azure names no family or no quota for one of its sizes. Raises ValueError."""
    try:
        free = {
            str(one["name"]["value"]).lower(): int(one["limit"]) - int(one["currentValue"]) for one in usages
        }
        families = {
            str(one["name"]).lower(): str(one["family"]).lower()
            for one in skus
            if one.get("resourceType") == "virtualMachines" and one.get("family")
        }
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ValueError("Azure's usages and sizes of the region cannot be read") from None
    found: dict[str, int] = {}
    for pool, (of_pool, is_spot) in sizes.items():
        own = [families.get(size.lower(), "") for size in of_pool]
        quotas = [SPOT.lower()] if is_spot else [*own, REGION]
        known = [free[quota] for quota in quotas if quota in free]
        if of_pool and len(known) == len(quotas):
            found[pool] = max(min(known), 0)
    return found
