"""Whether a subnet exists, and whether it has addresses for the nodes of its pools and for the surge of an upgrade."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

from emulator.azure.aks.pool_rules import surge_nodes
from emulator.azure.errors import ArmError, bad_request
from emulator.azure.ids import name_of
from emulator.azure.shapes import table
from emulator.cloud.events import POOL_TYPE

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props
    from emulator.cloud.state import State

_RESERVED = 5
"""Addresses that Azure keeps of every subnet."""


def check_room(state: State, pool_id: str, pool: Props, network: Props) -> None:
    """Refuse a pool whose subnet does not exist or is too small.

    Counted are the nodes that there are, in all pools of the subnet, and the surge of this one. A node takes one address,
    and one for each of its pods where pods live in the node's subnet (Azure CNI without overlay).
    """
    subnet_id = pool.get("vnetSubnetID")
    if not subnet_id:
        return
    subnet = state.get(str(subnet_id))
    if subnet is None:
        raise ArmError(404, "SubnetNotFound", f"The subnet '{subnet_id}' does not exist.")
    each = _each(pool, network)
    others = sum(
        int(r.properties.get("count") or 0)
        for r in state.of_type(POOL_TYPE)
        if r.id.lower() != pool_id.lower()
        and str(r.properties.get("vnetSubnetID", "")).lower() == str(subnet_id).lower()
    )
    needed = (others + int(pool.get("count") or 0) + surge_nodes(pool)) * each
    prefixes = subnet.properties.get("addressPrefixes") or [subnet.properties.get("addressPrefix")]
    free = sum(ip_network(p).num_addresses - _RESERVED for p in prefixes if p)
    if needed > free:
        raise bad_request(
            "InsufficientSubnetSize",
            f"Pre-allocated IPs {needed} (nodes and surge) exceeds IPs available {free} in Subnet {name_of(subnet.id)} "
            f"({', '.join(str(p) for p in prefixes)}). If Autoscaler is enabled, the subnet needs room for maxCount nodes.",
        )


def used(state: State, subnet_id: str) -> int:
    """Return how many addresses of a subnet the nodes and pods of clusters have."""
    taken = 0
    for pool in state.of_type(POOL_TYPE):
        if str(pool.properties.get("vnetSubnetID", "")).lower() == subnet_id.lower():
            cluster = state.get(pool.id.rsplit("/", 2)[0])
            network = table(cluster.properties, "networkProfile") if cluster else {}
            taken += int(pool.properties.get("count") or 0) * _each(pool.properties, network)
    return taken


def _each(pool: Props, network: Props) -> int:
    """Return how many addresses one node takes."""
    is_overlay = network.get("networkPluginMode") == "overlay" or pool.get("podSubnetID")
    return 1 if is_overlay or network.get("networkPlugin") != "azure" else 1 + int(pool["maxPods"])
