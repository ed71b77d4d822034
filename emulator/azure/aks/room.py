"""Whether a subnet exists, and whether it has addresses for the nodes of its pools and for the surge of an upgrade."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

from emulator.azure.aks.pool_rules import surge_nodes
from emulator.azure.errors import refusal
from emulator.azure.ids import name_of
from emulator.azure.shapes import table
from emulator.cloud.events import POOL_TYPE

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props
    from emulator.cloud.state import State

_RESERVED = 5
"""Addresses that Azure keeps of every subnet."""
_BATCH = 16
"""Addresses that a node is given at a time of a subnet for pods (AKS, Azure CNI Pod Subnet)."""


def check_room(state: State, pool_id: str, pool: Props, network: Props) -> None:
    """Refuse a pool whose subnets do not exist or are too small.

    Counted are the nodes that there are, in all pools of the subnet, and the surge of this one. A node takes one address,
    and one for each of its pods where pods live in the node's subnet (Azure CNI without overlay); where they have one of
    their own, sixteen there as it comes, or blocks of sixteen for all.
    """
    for key, each in (("vnetSubnetID", _each(pool, network)), ("podSubnetID", _each_for_pods(pool))):
        if subnet_id := pool.get(key):
            nodes = (
                int(pool.get("count") or 0) + surge_nodes(pool) + _others(state, pool_id, key, str(subnet_id))
            )
            _check(state, str(subnet_id), nodes * each)


def _others(state: State, pool_id: str, key: str, subnet_id: str) -> int:
    """Return the nodes that other pools have in the subnet."""
    return sum(
        int(r.properties.get("count") or 0)
        for r in state.of_type(POOL_TYPE)
        if r.id.lower() != pool_id.lower() and str(r.properties.get(key, "")).lower() == subnet_id.lower()
    )


def _check(state: State, subnet_id: str, needed: int) -> None:
    subnet = state.get(subnet_id)
    if subnet is None:
        raise refusal("SubnetNotFound", subnet_id=subnet_id)
    prefixes = subnet.properties.get("addressPrefixes") or [subnet.properties.get("addressPrefix")]
    free = sum(ip_network(p).num_addresses - _RESERVED for p in prefixes if p)
    if needed > free:
        raise refusal(
            "InsufficientSubnetSize",
            needed=needed,
            free=free,
            subnet=name_of(subnet.id),
            prefixes=", ".join(str(p) for p in prefixes),
        )


def used(state: State, subnet_id: str) -> int:
    """Return how many addresses of a subnet the nodes and pods of clusters have."""
    taken = 0
    for pool in state.of_type(POOL_TYPE):
        nodes = int(pool.properties.get("count") or 0)
        if str(pool.properties.get("vnetSubnetID", "")).lower() == subnet_id.lower():
            cluster = state.get(pool.id.rsplit("/", 2)[0])
            taken += nodes * _each(
                pool.properties, table(cluster.properties, "networkProfile") if cluster else {}
            )
        if str(pool.properties.get("podSubnetID", "")).lower() == subnet_id.lower():
            taken += nodes * _each_for_pods(pool.properties)
    return taken


def _each_for_pods(pool: Props) -> int:
    """Return how many addresses of its pods' own subnet one node takes: a batch, or its blocks with one address for itself."""
    is_static = pool.get("podIPAllocationMode") == "StaticBlock"
    return _BATCH * (-(-(int(pool["maxPods"]) + 1) // _BATCH) if is_static else 1)


def _each(pool: Props, network: Props) -> int:
    """Return how many addresses one node takes."""
    is_overlay = network.get("networkPluginMode") == "overlay" or pool.get("podSubnetID")
    return 1 if is_overlay or network.get("networkPlugin") != "azure" else 1 + int(pool["maxPods"])
