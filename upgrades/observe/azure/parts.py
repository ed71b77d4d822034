"""The parts of a view that Azure tells of one cluster, as it was read with its pools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from upgrades.observe.running import read as running

from .addresses import free_addresses
from .locks import locks
from .pod_subnets import pod_room
from .restrictions import Nodes, restrictions
from .state import auto_upgrade, node_counts, outbound, sizes_of, states

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from upgrades.observe.cluster.parts import Parts

    from .reader import Azure

CLUSTER_PARTS = (
    "operations",
    "states",
    "node_counts",
    "auto_upgrade",
    "outbound",
    "free_addresses",
    "pod_room",
    "locks",
    "restrictions",
)
"""Their names in `View`."""


def of_cluster(
    azure: Azure,
    cluster: Mapping[str, Any],
    location: str,
    found: Parts,
    wanted: Iterable[str] = CLUSTER_PARTS,
) -> None:
    """Add those that are wanted. What cannot be read is noted with its reason."""
    asks: dict[str, Callable[[], Any]] = {
        "operations": lambda: running(cluster["properties"]).operations,
        "states": lambda: tuple(states(cluster)),
        "node_counts": lambda: node_counts(cluster),
        "auto_upgrade": lambda: auto_upgrade(cluster),
        "outbound": lambda: outbound(cluster),
        "free_addresses": lambda: free_addresses(azure, cluster),
        "pod_room": lambda: pod_room(azure, cluster),
        "locks": lambda: tuple(locks(azure, cluster)),
        "restrictions": lambda: tuple(restrictions(azure, location, _sizes(cluster))),
    }
    for part in wanted:
        found.value(part, asks[part])


def _sizes(cluster: Mapping[str, Any]) -> dict[str, Nodes]:
    pools: list[dict[str, Any]] = cluster["properties"].get("agentPoolProfiles") or []
    return {
        str(pool["name"]): Nodes(
            sizes_of(pool), frozenset(str(zone) for zone in pool.get("availabilityZones") or ())
        )
        for pool in pools
    }
