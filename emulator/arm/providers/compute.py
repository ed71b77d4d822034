"""Microsoft.Compute: how many cores a region has left, and which VM sizes it gives.

Sources: the REST API's "Usage - List" and "Resource Skus - List".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from emulator.arm import paging
from emulator.azure.aks import machines
from emulator.azure.errors import refusal
from emulator.azure.ids import region_of

if TYPE_CHECKING:
    from emulator.arm.context import Context
    from emulator.arm.paths import Target
    from emulator.https.messages import Reply

_LOCATION = re.compile(r"location eq '([A-Za-z0-9 ]+)'", re.IGNORECASE)


def usages(context: Context, target: Target) -> Reply:
    """Answer the quotas of a region, and what the nodes of its clusters have of them."""
    state = context.state
    used = machines.used(state, region_of({"location": target.names[0]}))
    names = [*machines.LIMITS, *sorted({s.family for s in machines.sizes().values()})]
    rows = [
        {
            "unit": "Count",
            "currentValue": used.get(name, 0),
            "limit": machines.limit(state, name),
            "name": {"value": name, "localizedValue": _words(name)},
        }
        for name in names
    ]
    return paging.reply(context, rows)


def skus(context: Context, target: Target) -> Reply:
    """Answer the VM sizes of a region with their restrictions. Raises ArmError for a filter other than a location's."""
    del target
    asked = context.request.query.get("$filter", "")
    found = _LOCATION.fullmatch(asked.strip())
    if asked and not found:
        raise refusal("InvalidFilter.other", asked=asked)
    if not found:
        raise refusal("InvalidFilter.none")
    location = region_of({"location": found[1]})
    barred = {n.lower(): at for n, at in context.state.settings.sku_restrictions.items()}
    rows = [_sku(size, location, barred.get(name)) for name, size in machines.sizes().items()]
    return paging.reply(context, rows)


def _sku(size: machines.Size, location: str, barred: list[str] | None) -> dict[str, Any]:
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
        "locationInfo": [{"location": location, "zones": machines.zones(location), "zoneDetails": []}],
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


def _words(name: str) -> str:
    known = {
        "cores": "Total Regional vCPUs",
        "lowPriorityCores": "Total Regional Low-priority vCPUs",
        "virtualMachines": "Virtual Machines",
    }
    return known.get(name) or f"{name.removeprefix('standard').removesuffix('Family')} Family vCPUs"
