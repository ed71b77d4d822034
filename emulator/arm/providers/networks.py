"""How many addresses of a virtual network's subnets are taken (Microsoft.Network, "Virtual Networks - List Usage")."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

from emulator.arm import paging
from emulator.azure.aks import room
from emulator.azure.resource_type import existing
from emulator.azure.resources.network import SUBNETS, prefixes_of

if TYPE_CHECKING:
    from emulator.arm.context import Context
    from emulator.arm.paths import Target
    from emulator.https.messages import Reply

_KEPT = 5
"""Addresses that Azure keeps for itself in every subnet; the limit leaves them out."""


def usages(context: Context, target: Target) -> Reply:
    """Answer the addresses of every subnet: the limit, and how many nodes and pods have."""
    state = context.state
    network = existing(state, target.parent, "Microsoft.Network/virtualNetworks")
    rows: list[dict[str, object]] = []
    for subnet in state.children(network.id, SUBNETS):
        size = sum(ip_network(p).num_addresses for p in prefixes_of(subnet.properties))
        rows.append(
            {
                "id": subnet.id,
                "name": {"value": "SubnetSpace", "localizedValue": "Subnet size and usage"},
                "unit": "Count",
                "currentValue": room.used(state, subnet.id),
                "limit": size - _KEPT,
            }
        )
    return paging.reply(context, rows)
