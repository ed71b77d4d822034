"""What a managed cluster says of itself to those who want to change it: states, node counts, channel, outbound ports.

Source of the shapes: Microsoft.ContainerService/managedClusters, API 2026-08-01, as `azure-mgmt-containerservice` passes them on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from upgrades.model.clusters import CONTROL_PLANE
from upgrades.model.surroundings import Outbound, ResourceState
from upgrades.observe.json_parts import part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Json = dict[str, Any]

BALANCED = "loadbalancer"
"""The outbound type with ports to reserve, in lower case; gateways and routes of one's own have none."""


def states(cluster: Mapping[str, Any]) -> Iterator[ResourceState]:
    """Yield the state of the cluster and of each pool; empty where Azure says nothing."""
    properties, id_ = part(cluster, "properties"), str(cluster.get("id") or "")
    yield _state(CONTROL_PLANE, properties, id_)
    for pool in _pools(cluster):
        name = str(pool.get("name"))
        yield _state(name, pool, f"{id_}/agentPools/{name}" if id_ else "")


def node_counts(cluster: Mapping[str, Any]) -> dict[str, int]:
    """Return the nodes of each pool, those of a Virtual Machines pool summed over its sizes; a pool of which none is told is missing."""
    found: dict[str, int] = {}
    for pool in _pools(cluster):
        count = nodes_of(pool)
        if count is not None:
            found[str(pool.get("name"))] = count
    return found


def nodes_of(pool: Mapping[str, Any]) -> int | None:
    """Return how many nodes a pool has; None when Azure does not say."""
    sizes: list[Json] = pool.get("virtualMachineNodesStatus") or []
    if sizes:
        return sum(int(one.get("count") or 0) for one in sizes)
    manual: list[Json] = part(part(pool, "virtualMachinesProfile"), "scale").get("manual") or []
    if manual:
        return sum(int(one.get("count") or 0) for one in manual)
    count = pool.get("count")
    return count if isinstance(count, int) else None


def sizes_of(pool: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the VM sizes of a pool: one, or those of a Virtual Machines pool, each once; none when Azure does not say."""
    if pool.get("vmSize"):
        return (str(pool["vmSize"]),)
    scale = part(part(pool, "virtualMachinesProfile"), "scale")
    rows: list[Json] = [
        *(pool.get("virtualMachineNodesStatus") or []),
        *(scale.get("manual") or []),
        *_growing(pool),
    ]
    return tuple(dict.fromkeys(str(one["size"]) for one in rows if one.get("size")))


def most_of(pool: Mapping[str, Any]) -> int:
    """Return the nodes that the autoscaler may give a pool, those of a Virtual Machines pool summed over its sizes; 0: it may give none."""
    return int(pool.get("maxCount") or sum(int(one.get("maxCount") or 0) for one in _growing(pool)))


def _growing(pool: Mapping[str, Any]) -> list[Json]:
    """Return the sizes of a Virtual Machines pool that the autoscaler moves: one, or a list of them, by the API's version."""
    grows: Any = part(part(pool, "virtualMachinesProfile"), "scale").get("autoscale") or []
    return grows if isinstance(grows, list) else [grows]  # pyright: ignore[reportUnknownVariableType]  # JSON


def auto_upgrade(cluster: Mapping[str, Any]) -> str:
    """Return the auto-upgrade channel, "none" when there is none."""
    profile = part(part(cluster, "properties"), "autoUpgradeProfile")
    return str(profile.get("upgradeChannel") or "none")


def outbound(cluster: Mapping[str, Any]) -> Outbound:
    """Return the way out. Raises ValueError when ports are reserved and the addresses are not told."""
    network = part(part(cluster, "properties"), "networkProfile")
    profile = part(network, "loadBalancerProfile")
    ports = int(profile.get("allocatedOutboundPorts") or 0)
    nodes = sum(node_counts(cluster).values())
    if str(network.get("outboundType") or BALANCED).lower() != BALANCED or not ports:
        return Outbound(nodes=nodes)
    return Outbound(_addresses(profile), ports, nodes)


def _addresses(profile: Mapping[str, Any]) -> int:
    effective: list[Json] = profile.get("effectiveOutboundIPs") or []
    named: list[Json] = part(profile, "outboundIPs").get("publicIPs") or []
    managed = part(profile, "managedOutboundIPs").get("count")
    prefixes: list[Json] = part(profile, "outboundIPPrefixes").get("publicIPPrefixes") or []
    if prefixes and not effective:
        raise ValueError(
            "the load balancer goes out by address prefixes, and Azure does not say how many addresses these have"
        )
    return len(effective) or len(named) or int(managed or 1)


def _state(target: str, properties: Mapping[str, Any], id_: str) -> ResourceState:
    return ResourceState(
        target,
        provisioning=str(properties.get("provisioningState") or ""),
        power=str(part(properties, "powerState").get("code") or ""),
        id=id_,
    )


def _pools(cluster: Mapping[str, Any]) -> list[Json]:
    return part(cluster, "properties").get("agentPoolProfiles") or []
