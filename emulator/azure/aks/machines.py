"""The virtual machines of node pools: which sizes there are, and whether a subscription may have them there, and so many.

Sources: the AKS documentation's troubleshooting of `InsufficientVCPUQuota`, `SkuNotAvailable` and `AvailabilityZoneNotSupported`, in whose
words it is refused; `vm_sizes.json` names those of the sizes. Of a size that it does not have, nothing is known.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emulator.azure.aks.pool_rules import surge_nodes
from emulator.azure.errors import refusal
from emulator.azure.ids import region_of
from emulator.azure.shapes import rows
from emulator.cloud.events import POOL_TYPE

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props, Put
    from emulator.cloud.state import State

LIMITS = {"cores": 1000, "lowPriorityCores": 100, "virtualMachines": 25000}
_FAMILY = 350
"""The limit of a family's cores where the cloud's settings name none."""


@dataclass(frozen=True)
class Size:
    """One VM size."""

    name: str
    family: str
    vcpus: int
    memory_gb: float
    encryption_at_host: bool
    disk_gb: float
    cpu: str
    gpus: int


@cache
def _data() -> dict[str, Any]:
    return json.loads(Path(__file__).with_name("vm_sizes.json").read_text(encoding="utf-8"))


def zones(location: str) -> list[str]:
    """Return the availability zones of a region; empty for one that has none."""
    return [] if location in _data()["withoutZones"] else ["1", "2", "3"]


@cache
def sizes() -> dict[str, Size]:
    """Return the known sizes by name in lower case."""
    found = [
        Size(
            row["name"].format(n=vcpus),
            row["family"],
            vcpus,
            round(vcpus * row["memory"], 1),
            row["encryption"],
            vcpus * row.get("disk", 0),
            row.get("cpu", "x64"),
            vcpus // row["gpus"] if "gpus" in row else 0,
        )
        for row in _data()["families"]
        for vcpus in row["vcpus"]
    ]
    return {size.name.lower(): size for size in found}


def limit(state: State, name: str) -> int:
    """Return the limit of a quota."""
    said = {n.lower(): limit for n, limit in state.settings.quotas.items()}
    return said.get(name.lower(), LIMITS.get(name, _FAMILY))


def used(state: State, location: str, beside: str = "") -> dict[str, int]:
    """Return what the nodes in a region have, by quota; those of the pool `beside` are left out."""
    found: dict[str, int] = {}
    for pool in state.of_type(POOL_TYPE):
        cluster = state.get(pool.id.rsplit("/", 2)[0])
        if cluster and region_of(cluster.properties) == location and pool.id.lower() != beside.lower():
            for name, number in _takes(pool.properties, int(pool.properties.get("count") or 0)).items():
                found[name] = found.get(name, 0) + number
    return found


def _takes(pool: Props, nodes: int) -> dict[str, int]:
    """Return what nodes of a pool take, by quota."""
    size = sizes().get(str(pool.get("vmSize")).lower())
    if size is None:
        return {}
    is_spot = pool.get("scaleSetPriority") == "Spot"
    names = ["lowPriorityCores"] if is_spot else ["cores", size.family]
    return dict.fromkeys(names, nodes * size.vcpus) | {"virtualMachines": nodes}


def check(put: Put, pool: Props, cluster: Props) -> None:
    """Refuse a pool of a size or in zones that the subscription may not have there, or with more nodes than its quotas let it grow by."""
    location, size = region_of(cluster), str(pool.get("vmSize"))
    wanted = list(map(str, rows(pool, "availabilityZones")))
    if not put.old:
        barred = {n.lower(): at for n, at in put.state.settings.sku_restrictions.items()}.get(size.lower())
        if barred == [] or set(barred or ()) & set(wanted):
            raise refusal("BadRequest.size", size=size, location=location)
        if missing := [zone for zone in wanted if zone not in zones(location)]:
            raise refusal(
                "AvailabilityZoneNotSupported", missing=missing, location=location, zones=zones(location)
            )
    moves = put.old.get("currentOrchestratorVersion") not in {None, pool.get("currentOrchestratorVersion")}
    nodes = int(pool.get("count") or 0) + (surge_nodes(pool) if moves else 0)
    had = _takes(put.old, int(put.old.get("count") or 0))
    others = used(put.state, location, beside=put.id)
    for name, needed in _takes(pool, nodes).items():
        left = limit(put.state, name) - others.get(name, 0)
        if needed > max(left, had.get(name, 0)):
            more, left = needed - had.get(name, 0), max(left - had.get(name, 0), 0)
            raise refusal(
                "ErrCode_InsufficientVCPUQuota", needed=more, left=left, name=name, location=location
            )
