"""Microsoft.Compute: how many cores a region has left, and which VM sizes it gives.

Sources: the REST API's "Usage - List" and "Resource Skus - List"; `vm_sizes.json` names those of the sizes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emulator.arm import paging
from emulator.azure.errors import refusal
from emulator.cloud.events import POOL_TYPE

if TYPE_CHECKING:
    from emulator.arm.context import Context
    from emulator.arm.paths import Target
    from emulator.cloud.state import State
    from emulator.https.messages import Reply

_LOCATION = re.compile(r"location eq '([A-Za-z0-9 ]+)'", re.IGNORECASE)
_DEFAULTS = {"cores": 1000, "lowPriorityCores": 100, "virtualMachines": 25000}
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


def usages(context: Context, target: Target) -> Reply:
    """Answer the quotas of a region, and what the nodes of its clusters have of them."""
    state = context.state
    used = _used(state, _plain(target.names[0]))
    names = [*_DEFAULTS, *sorted({s.family for s in sizes().values()})]
    limits = {n.lower(): limit for n, limit in state.settings.quotas.items()}
    rows = [
        {
            "unit": "Count",
            "currentValue": used.get(name, 0),
            "limit": limits.get(name.lower(), _DEFAULTS.get(name, _FAMILY)),
            "name": {"value": name, "localizedValue": _words(name)},
        }
        for name in names
    ]
    return paging.reply(context, rows)


def _used(state: State, location: str) -> dict[str, int]:
    """Return what the nodes in a region have, by quota."""
    used: dict[str, int] = {}
    for pool in state.of_type(POOL_TYPE):
        cluster = state.get(pool.id.rsplit("/", 2)[0])
        size = sizes().get(str(pool.properties.get("vmSize")).lower())
        if cluster is None or size is None or _plain(cluster.properties.get("location")) != location:
            continue
        count = int(pool.properties.get("count") or 0)
        is_spot = pool.properties.get("scaleSetPriority") == "Spot"
        for name in ["lowPriorityCores"] if is_spot else ["cores", size.family]:
            used[name] = used.get(name, 0) + count * size.vcpus
        used["virtualMachines"] = used.get("virtualMachines", 0) + count
    return used


def skus(context: Context, target: Target) -> Reply:
    """Answer the VM sizes of a region with their restrictions. Raises ArmError for a filter other than a location's."""
    del target
    asked = context.request.query.get("$filter", "")
    found = _LOCATION.fullmatch(asked.strip())
    if asked and not found:
        raise refusal("InvalidFilter.other", asked=asked)
    if not found:
        raise refusal("InvalidFilter.none")
    location = _plain(found[1])
    barred = {n.lower(): at for n, at in context.state.settings.sku_restrictions.items()}
    rows = [_sku(size, location, barred.get(name)) for name, size in sizes().items()]
    return paging.reply(context, rows)


def _sku(size: Size, location: str, barred: list[str] | None) -> dict[str, Any]:
    capabilities = {
        "MaxResourceVolumeMB": int(size.disk_gb * 1024),
        "vCPUs": size.vcpus,
        "vCPUsAvailable": size.vcpus,
        "MemoryGB": f"{size.memory_gb:g}",
        "HyperVGenerations": "V1,V2",
        "PremiumIO": True,
        "EncryptionAtHostSupported": size.encryption_at_host,
        "AcceleratedNetworkingEnabled": True,
        "EphemeralOSDiskSupported": size.disk_gb > 0,
        "CpuArchitectureType": size.cpu,
        "LowPriorityCapable": True,
        **({"GPUs": size.gpus} if size.gpus else {}),
    }
    return {
        "resourceType": "virtualMachines",
        "name": size.name,
        "tier": "Standard",
        "size": size.name.removeprefix("Standard_"),
        "family": size.family,
        "locations": [location],
        "locationInfo": [{"location": location, "zones": zones(location), "zoneDetails": []}],
        "capabilities": [{"name": n, "value": str(v)} for n, v in capabilities.items()],
        "restrictions": [] if barred is None else [_restriction(location, barred)],
    }


def _restriction(location: str, barred: list[str]) -> dict[str, Any]:
    where: dict[str, Any] = {"locations": [location]} | ({"zones": barred} if barred else {})
    return {
        "type": "Zone" if barred else "Location",
        "values": [location],
        "restrictionInfo": where,
        "reasonCode": "NotAvailableForSubscription",
    }


def _plain(location: object) -> str:
    return str(location).replace(" ", "").lower()


def _words(name: str) -> str:
    known = {
        "cores": "Total Regional vCPUs",
        "lowPriorityCores": "Total Regional Low-priority vCPUs",
        "virtualMachines": "Virtual Machines",
    }
    return known.get(name) or f"{name.removeprefix('standard').removesuffix('Family')} Family vCPUs"
