"""The VM sizes of pools that Azure does not give in a region or in a zone, as its list of SKUs says.

Source: Microsoft.Compute/skus, API 2021-07-01: `restrictions` are of type Location or Zone, with the reason QuotaId (the kind of
subscription) or NotAvailableForSubscription.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from upgrades.model.surroundings import Restriction

from .quota import skus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .reader import Azure

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Nodes:
    """The VM sizes of a pool, and the zones that its nodes are spread over."""

    vm_sizes: tuple[str, ...]
    zones: frozenset[str] = frozenset()


def restrictions(azure: Azure, location: str, pools: Mapping[str, Nodes]) -> list[Restriction]:
    """Return what keeps Azure from making nodes of each pool (by name). Raises AzureError, ValueError."""
    return list(restricted(skus(azure, location), pools))


def restricted(rows: Iterable[Mapping[str, Any]], pools: Mapping[str, Nodes]) -> Iterator[Restriction]:
    """Yield the restrictions of the pools' sizes by the region's SKUs. Raises ValueError for another shape."""
    found: dict[str, list[Json]] = {}
    try:
        for row in rows:
            if row.get("resourceType") == "virtualMachines":
                found[str(row["name"]).lower()] = [*(row.get("restrictions") or ())]
        for name, nodes in pools.items():
            told = [(size, one) for size in nodes.vm_sizes for one in found.get(size.lower(), ())]
            for size, one in told:
                where = _where(one, nodes)
                if where:
                    yield Restriction(name, size, where, str(one.get("reasonCode") or "no reason given"))
    except (KeyError, TypeError, AttributeError):
        raise ValueError("Azure's sizes of the region cannot be read") from None


def _where(restriction: Json, nodes: Nodes) -> str:
    """Say where a restriction keeps a pool's nodes from being made; empty when it does not."""
    info: Json = restriction.get("restrictionInfo") or {}
    if restriction.get("type") == "Zone":
        zones = sorted(nodes.zones & set(info.get("zones") or restriction.get("values") or ()))
        return f"zone{'s' if len(zones) > 1 else ''} {', '.join(zones)}" if zones else ""
    return ", ".join(info.get("locations") or restriction.get("values") or ()) or "the region"
