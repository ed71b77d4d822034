"""What must hold in any AKS, written apart from the emulator's rules and read off its cloud and its log alone."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emulator.cloud.cloud import Cloud

CLUSTERS = "Microsoft.ContainerService/managedClusters"
POOLS = CLUSTERS + "/agentPools"
SUBNETS = "Microsoft.Network/virtualNetworks/subnets"


def numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def violations(cloud: Cloud, skew: int = 2) -> list[str]:
    """Return what is wrong, in words; empty for a cloud that could be."""
    return [*_of_state(cloud, skew), *_of_log(cloud, skew)]


def _of_state(cloud: Cloud, skew: int) -> Iterator[str]:
    state = cloud.view()
    for cluster in state.of_type(CLUSTERS):
        pools = [p for p in state.of_type(POOLS) if p.id.lower().startswith(cluster.id.lower() + "/")]
        yield from _of_versions(
            {
                "controlPlane": cluster.properties["currentKubernetesVersion"],
                "pools": {p.name: p.properties["currentOrchestratorVersion"] for p in pools},
            },
            skew,
        )
        system = [p.properties for p in pools if p.properties["mode"] == "System"]
        if not system:
            yield "no system pool"
        if any(p["osType"] != "Linux" or p["count"] < 1 for p in system):
            yield "a system pool without Linux nodes"
        for p in (pool.properties for pool in pools):
            if p.get("enableAutoScaling") and not p["minCount"] <= p["count"] <= p["maxCount"]:
                yield f"{p['name']}: {p['count']} nodes"
        if sum(key.startswith(cluster.id.lower()) for key in state.operations) > 1:
            yield "two operations in flight"
    for subnet in state.of_type(SUBNETS):
        nodes = sum(
            p.properties["count"]
            for p in state.of_type(POOLS)
            if p.properties.get("vnetSubnetID") == subnet.id
        )
        if nodes > ip_network(subnet.properties["addressPrefix"]).num_addresses - 5:
            yield f"{nodes} nodes in {subnet.properties['addressPrefix']}"


def _of_versions(versions: dict[str, Any], skew: int) -> Iterator[str]:
    plane = numbers(versions["controlPlane"])
    for name, version in versions["pools"].items():
        pool = numbers(version)
        if len(pool) != 3 or pool > plane:
            yield f"{name} {version} above {versions['controlPlane']}"
        if plane[1] - pool[1] > skew:
            yield f"{name} {version} too far behind {versions['controlPlane']}"


def _of_log(cloud: Cloud, skew: int) -> Iterator[str]:
    """Follow the versions from event to event."""
    last: dict[str, dict[str, Any]] = {}
    for event in cloud.events():
        if "versions" not in event:
            continue
        cluster = event["id"].split("/agentPools/")[0]
        before, after = last.get(cluster), event["versions"]
        last[cluster] = after
        yield from _of_versions(after, skew)
        if before is None:
            continue
        moved = [(before["controlPlane"], after["controlPlane"])]
        moved += [(v, after["pools"][n]) for n, v in before["pools"].items() if n in after["pools"]]
        moved = [(a, b) for a, b in moved if a != b]
        if len(moved) > 1:
            yield f"two versions moved at once: {moved}"
        for old, new in moved:
            if numbers(new) < numbers(old):
                yield f"{old} went back to {new}"
            if numbers(new)[1] - numbers(old)[1] > 1:
                yield f"{old} skipped to {new}"
