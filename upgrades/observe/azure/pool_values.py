"""A node pool as ARM writes it, read into the values of a plan. All raise ValueError."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from upgrades.model.clusters import Pool
from upgrades.observe.stacks import cores
from upgrades.plan.cost import surge_of

from .shape import Json, mapping, number
from .state import most_of, nodes_of, sizes_of

if TYPE_CHECKING:
    from secure_aks_lifecycle.versions.version import Version

DRAIN_MINUTES, SURGE, MAX_PODS = 30, "10%", 30
BATCH, BATCH_SOAK_MINUTES, FINAL_SOAK_MINUTES = "10%", 15, 60
"""What AKS does where a pool says nothing: its documented defaults, the second line's of a blue/green upgrade."""


def of_now(pool: Pool, told: Json, network: Json) -> Pool:
    """Return a pool with the nodes, and the kind of upgrade, that Azure says it has."""
    nodes = nodes_of(told)
    now = replace(pool, node_addresses=_node_addresses(told, network), **_blue_green(told))
    return now if nodes is None else replace(now, nodes=nodes, surge=surge_of(now, nodes))


def _blue_green(pool: Json) -> dict[str, Any]:
    """Return how a pool is upgraded (preview APIs since 2025-08-02): blue/green ones wait after each batch and before their old nodes go."""
    if pool.get("upgradeStrategy") != "BlueGreen":
        return {}
    said = mapping(pool.get("upgradeSettingsBlueGreen"))
    is_spot = pool.get("scaleSetPriority") == "Spot"
    return {
        "blue_green": True,
        "drain_batch": _amount(str(said.get("drainBatchSize") or BATCH), "drainBatchSize"),
        "drain_minutes": 0 if is_spot else number(said, "drainTimeoutInMinutes", DRAIN_MINUTES),
        "soak_minutes": number(said, "batchSoakDurationInMinutes", BATCH_SOAK_MINUTES),
        "final_soak_minutes": number(said, "finalSoakDurationInMinutes", FINAL_SOAK_MINUTES),
    }


def _node_addresses(pool: Json, network: Json) -> int:
    """Return the addresses that a node takes of its subnet: with Azure CNI, neither overlay nor with a subnet for pods, one for each pod it may have."""
    plugin, mode = (str(network.get(key) or "").lower() for key in ("networkPlugin", "networkPluginMode"))
    if plugin != "azure" or mode == "overlay" or pool.get("podSubnetID"):
        return 1
    return 1 + number(pool, "maxPods", MAX_PODS)


def pool_of(name: str, version: Version, pool: Json, network: Json) -> Pool:
    """Return a pool as Azure tells of it, in a cluster of that network; what it leaves out is as AKS documents it."""
    upgrade, told = mapping(pool.get("upgradeSettings")), nodes_of(pool)
    nodes = 1 if told is None else told
    is_spot = pool.get("scaleSetPriority") == "Spot"
    unavailable = str(upgrade.get("maxUnavailable") or "")
    found = Pool(
        name=name,
        version=version,
        mode=str(pool.get("mode") or "User"),
        os_type=str(pool.get("osType") or "Linux"),
        os_sku=str(pool.get("osSKU") or "Ubuntu"),
        nodes=nodes,
        drain_minutes=0 if is_spot else number(upgrade, "drainTimeoutInMinutes", DRAIN_MINUTES),
        soak_minutes=number(upgrade, "nodeSoakDurationInMinutes", 0),
        cores=_cores(sizes_of(pool)),
        node_addresses=_node_addresses(pool, network),
        most=most_of(pool),
        max_surge=_amount(
            str(upgrade.get("maxSurge") or ("" if unavailable.strip("0%") else SURGE)), "maxSurge"
        ),
        max_unavailable=_amount(unavailable, "maxUnavailable"),
        surge=0,
    )
    found = replace(found, **_blue_green(pool))
    return replace(found, surge=surge_of(found, nodes))


def _cores(sizes: tuple[str, ...]) -> int | None:
    """Return the vCPUs of the largest of a pool's VM sizes; None when one's name says none."""
    found = [cores(size) for size in sizes]
    return max((one for one in found if one), default=None) if all(found) else None


def _amount(text: str, name: str) -> str:
    """Return a number of nodes or a percentage of them, as it was written. Raises ValueError for anything else."""
    if text and not text.removesuffix("%").isdecimal():
        raise ValueError(f"Azure's answer cannot be read: {name} '{text}' is no number of nodes")
    return text
