"""Microsoft.Compute as far as a cluster needs it: the sizes of a region, and how much of its quota is in use."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emulator.azure.errors import bad_request
from emulator.cloud.events import POOL_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emulator.arm.call import Call
    from emulator.azure.resource_type import Props
    from emulator.cloud.state import State

_FILTER = re.compile(r"location eq '([^']+)'")
_EVERYWHERE = "westeurope"
"""The region whose SKUs are listed when no filter names one."""


@dataclass(frozen=True)
class Size:
    """A size of virtual machines and the family whose quota it counts in."""

    name: str
    family: str
    cores: int
    gib: int


@cache
def _data() -> dict[str, Any]:
    return json.loads(Path(__file__).with_name("sizes.json").read_text(encoding="utf-8"))


@cache
def sizes() -> dict[str, Size]:
    """Return the sizes by name in lower case (`sizes.json` names its sources)."""
    return {
        name.lower(): Size(name, row["family"], cores, cores * row["gibPerCore"])
        for row in _data()["families"]
        for cores in row["cores"]
        for name in (row["name"].format(cores),)
    }


def usages(call: Call) -> Props:
    """Return the quotas of a region and what the nodes of all pools there use of them."""
    used: dict[str, int] = {}
    for size, count, spot in _nodes(call.state, call.values["location"]):
        for quota in ["lowPriorityCores"] if spot else ["cores", size.family]:
            used[quota] = used.get(quota, 0) + size.cores * count
    rows = [("cores", "Total Regional vCPUs"), ("lowPriorityCores", "Total Regional Low-priority vCPUs")]
    rows += [(row["family"], row["label"]) for row in _data()["families"]]
    return {
        "value": [
            {
                "unit": "Count",
                "currentValue": used.get(name, 0),
                "limit": _data()["limit"],
                "name": {"value": name, "localizedValue": label},
            }
            for name, label in rows
        ]
    }


def skus(call: Call) -> Props:
    """Return the sizes of virtual machines in the region that `$filter` names."""
    said = call.request.query.get("$filter")
    named = _FILTER.fullmatch(said.strip()) if said else None
    if said and named is None:
        raise bad_request(
            "InvalidParameter", f"The filter '{said}' is not valid: only location eq '<region>' is."
        )
    location = named[1] if named else _EVERYWHERE
    zones = [] if location.lower() in _data()["withoutZones"] else ["1", "2", "3"]
    return {"value": [_sku(size, location, zones) for size in sizes().values()]}


def _sku(size: Size, location: str, zones: list[str]) -> Props:
    return {
        "resourceType": "virtualMachines",
        "name": size.name,
        "tier": "Standard",
        "size": size.name.removeprefix("Standard_"),
        "family": size.family,
        "locations": [location],
        "locationInfo": [{"location": location, "zones": zones, "zoneDetails": []}],
        "capabilities": [
            {"name": "vCPUs", "value": str(size.cores)},
            {"name": "MemoryGB", "value": str(size.gib)},
            {"name": "PremiumIO", "value": "True"},
        ],
        "restrictions": [],
    }


def _nodes(state: State, location: str) -> Iterator[tuple[Size, int, bool]]:
    """Yield the size, the number of nodes and whether they are spot, of each pool in a region."""
    for pool in state.of_type(POOL_TYPE):
        cluster = state.get(pool.id.rsplit("/", 2)[0])
        where = str(cluster.properties.get("location") if cluster else "").replace(" ", "").lower()
        size = sizes().get(str(pool.properties.get("vmSize")).lower())
        if where == location.lower() and size is not None:
            yield (
                size,
                int(pool.properties.get("count") or 0),
                pool.properties.get("scaleSetPriority") == "Spot",
            )
