"""The addresses that are left where pods have a subnet of their own (`podSubnetID`), and how nodes take them.

Source: AKS, "Azure CNI Pod Subnet", dynamic IP allocation and static block allocation.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from upgrades.model.surroundings import BLOCK, PodRoom

from .addresses import counted, usages
from .shape import mapping, mappings, number
from .state import nodes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .reader import Azure

MAX_PODS = 110
"""Pods of a node in such a pool that says nothing."""


def pod_room(azure: Azure, cluster: Mapping[str, Any]) -> dict[str, PodRoom]:
    """Return the room for pods by pool, of those that have a subnet for them. Raises AzureError, ValueError."""
    pools = [
        pool
        for pool in mappings(mapping(cluster.get("properties")).get("agentPoolProfiles"))
        if pool.get("podSubnetID")
    ]
    rooms = {
        str(pool.get("name")): PodRoom(None, most := number(pool, "maxPods", MAX_PODS), _blocks(pool, most))
        for pool in pools
    }
    subnets = {str(pool.get("name")): str(pool["podSubnetID"]).lower() for pool in pools}
    taken_by_us = Counter[str]()
    for pool in pools:
        name = str(pool.get("name"))
        taken_by_us[subnets[name]] += rooms[name].first * (nodes_of(pool) or 0)
    rows = counted(usages(azure, subnets))
    return {
        name: replace(room, free=_free(room, *rows[id_], taken_by_us[id_]))
        if (id_ := subnets[name]) in rows
        else room
        for name, room in rooms.items()
    }


def _free(room: PodRoom, limit: int, taken: int, ours: int) -> int:
    """Return the addresses left. Where Azure counts less than our own nodes have, it counts blocks (a block is one towards the network's limit)."""
    if not room.blocks:
        return max(limit - taken, 0)
    return max(limit - (taken if taken >= ours else taken * BLOCK), 0) // BLOCK * BLOCK


def _blocks(pool: Mapping[str, Any], most: int) -> int:
    """Return the blocks of a node: one address of them is its own, so that 31 pods take two, and 32 three."""
    is_static = str(pool.get("podIPAllocationMode") or "").lower() == "staticblock"
    return -(-(most + 1) // BLOCK) if is_static else 0
