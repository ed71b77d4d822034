"""Microsoft.Network's usages of a virtual network: the addresses of each subnet, and how many are taken."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

from emulator.arm.call import found
from emulator.azure.resources.address_space import prefixes_of
from emulator.azure.resources.subnets import SUBNETS
from emulator.azure.shapes import table
from emulator.azure.types import by_arm_type
from emulator.cloud.events import POOL_TYPE

if TYPE_CHECKING:
    from emulator.arm.call import Call
    from emulator.azure.resource_type import Props
    from emulator.cloud.state import Resource, State

_RESERVED = 5
"""Addresses that Azure keeps of every subnet; a usage's limit leaves them out."""


def usages(call: Call) -> Props:
    """Return how many addresses each subnet has, and how many its nodes (and their pods, without overlay) take."""
    kind = by_arm_type()["microsoft.network/virtualnetworks"]
    network = found(call.state, kind, call.request.path.rpartition("/")[0])
    return {"value": [_usage(call.state, subnet) for subnet in call.state.children(network.id, SUBNETS)]}


def _usage(state: State, subnet: Resource) -> Props:
    sizes = [ip_network(prefix).num_addresses for prefix in prefixes_of(subnet.properties)]
    pools = [
        pool
        for pool in state.of_type(POOL_TYPE)
        if str(pool.properties.get("vnetSubnetID") or "").lower() == subnet.id.lower()
    ]
    return {
        "id": subnet.id,
        "unit": "Count",
        "name": {"value": "SubnetSpace", "localizedValue": "Subnet size and usage"},
        "limit": sum(size - _RESERVED for size in sizes),
        "currentValue": sum(int(pool.properties.get("count") or 0) * _each(state, pool) for pool in pools),
    }


def _each(state: State, pool: Resource) -> int:
    """Return how many addresses one node takes in its subnet."""
    cluster = state.get(pool.id.rsplit("/", 2)[0])
    network = table(cluster.properties, "networkProfile") if cluster else {}
    alone = network.get("networkPlugin") != "azure" or network.get("networkPluginMode") == "overlay"
    return 1 if alone or pool.properties.get("podSubnetID") else 1 + int(pool.properties["maxPods"])
