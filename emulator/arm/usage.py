"""What a subscription may still take: cores by family, VM sizes and their restrictions, addresses of subnets.

Shapes: Microsoft.Compute 2024-07-01 (usages), 2021-07-01 (skus), Microsoft.Network 2024-05-01 (virtual network usages). The
quota is a new subscription's (Azure's documentation names 10 for most; teams ask for more), as a setting of the cloud would be.
"""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import TYPE_CHECKING

from emulator.arm.answer import Answer, Json
from emulator.azure.errors import not_found
from emulator.azure.ids import group_of, name_of

if TYPE_CHECKING:
    from emulator.azure.service import Arm
    from emulator.cloud.state import Resource

LIMIT = 350
"""Cores of each family, and of the region."""
_SIZE = re.compile(r"Standard_(?P<letter>[A-Z]+)(?P<cores>\d+)(?P<features>[a-z]*)(?:_v(?P<generation>\d+))?")
_POOL = "Microsoft.ContainerService/managedClusters/agentPools"
_RESERVED = 5
"""Addresses that Azure keeps in each subnet."""


def family(size: str) -> tuple[str, int]:
    """Return the family that a VM size counts in, and its cores."""
    found = _SIZE.match(size)
    if found is None:
        return "standardFamily", 0
    generation = f"v{found['generation']}" if found["generation"] else ""
    return f"standard{found['letter']}{found['features'].upper()}{generation}Family", int(found["cores"])


def cores(arm: Arm, location: str) -> Answer:
    """Return the cores in use and their limits."""
    used: dict[str, int] = {"cores": 0}
    for pool in arm.cloud.of_type(_POOL):
        name, each = family(str(pool.properties.get("vmSize")))
        spot = pool.properties.get("scaleSetPriority") == "Spot"
        count = each * _nodes(pool)
        used["lowPriorityCores" if spot else name] = used.get("lowPriorityCores" if spot else name, 0) + count
        used.setdefault(name, 0)
        used["cores"] += 0 if spot else count
    used.setdefault("lowPriorityCores", 0)
    del location
    rows = [
        {"unit": "Count", "currentValue": n, "limit": LIMIT, "name": {"value": k, "localizedValue": k}}
        for k, n in used.items()
    ]
    return Answer(200, {"value": rows})


def sizes(arm: Arm, location: str) -> Answer:
    """Return the VM sizes that the clusters of the subscription use, in a region."""
    names = sorted({str(pool.properties.get("vmSize")) for pool in arm.cloud.of_type(_POOL)})
    rows: list[Json] = []
    for size in names:
        group, count = family(size)
        rows.append(
            {
                "resourceType": "virtualMachines",
                "name": size,
                "size": size.removeprefix("Standard_"),
                "family": group,
                "locations": [location],
                "locationInfo": [{"location": location, "zones": ["1", "2", "3"], "zoneDetails": []}],
                "capabilities": [{"name": "vCPUs", "value": str(count)}],
                "restrictions": [],
            }
        )
    return Answer(200, {"value": rows})


def addresses(arm: Arm, network_id: str) -> Answer:
    """Return the addresses in use of each subnet of a network. Raises ArmError."""
    network = arm.cloud.get(network_id)
    if network is None:
        raise not_found("Microsoft.Network/virtualNetworks", name_of(network_id), group_of(network_id) or "")
    pools = arm.cloud.of_type(_POOL)
    rows: list[Json] = []
    for subnet in arm.cloud.view().children(network.id, "Microsoft.Network/virtualNetworks/subnets"):
        prefixes = subnet.properties.get("addressPrefixes") or [subnet.properties.get("addressPrefix")]
        total = sum(ip_network(str(prefix)).num_addresses - _RESERVED for prefix in prefixes if prefix)
        inside = [p for p in pools if str(p.properties.get("vnetSubnetID", "")).lower() == subnet.id.lower()]
        used = sum(_nodes(pool) for pool in inside)
        name = {"value": "SubnetSpace", "localizedValue": "Subnet size and usage"}
        rows.append({"id": subnet.id, "currentValue": used, "limit": total, "unit": "Count", "name": name})
    return Answer(200, {"value": rows})


def _nodes(pool: Resource) -> int:
    return int(pool.properties.get("count") or pool.properties.get("minCount") or 0)
