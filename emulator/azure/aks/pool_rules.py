"""What AKS refuses in a node pool, its version apart and beside the table (AKS docs on node pools, Windows and surge)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.azure import refusals
from emulator.azure.aks.versions import minor_of, windows_range
from emulator.azure.errors import change_not_allowed, invalid, refusal
from emulator.azure.shapes import table
from emulator.control_plane import pools

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props

_MAX_NODES = 1000


def check(name: str, pool: Props, version: str, *, network_plugin: str) -> None:
    """Refuse a pool that is wrong in itself. `version` is the full version it is to run."""
    beside = {"name": name, "networkPlugin": network_plugin, "minor": minor_of(version)}
    refusals.check("agentPoolProfile", pool | beside)
    _size(pool)
    _windows(pool, version)


def changes(old: Props, new: Props) -> None:
    """Refuse to change what a pool keeps for life."""
    for key in refusals.kept("agentPoolProfile"):
        if key in new and (new[key] or None) != (old.get(key) or None):  # what is left out is off, or empty
            raise change_not_allowed(f"agentPoolProfile.{key}")
    if old.get("osType") == "Windows" and new.get("enableFIPS") not in (None, old.get("enableFIPS")):
        raise change_not_allowed("agentPoolProfile.enableFIPS")
    if old.get("osType") == "Windows" and new.get("osSKU") and new["osSKU"] != old.get("osSKU"):
        raise change_not_allowed("agentPoolProfile.osSKU")


def is_autoscaled(pool: Props) -> bool:
    """Say whether the cluster autoscaler sets the number of nodes."""
    return bool(pool.get("enableAutoScaling"))


def surge_nodes(pool: Props) -> int:
    """Return how many nodes an upgrade adds at once: `maxSurge` of the nodes, rounded up; 10% unless set."""
    settings = table(pool, "upgradeSettings")
    said = settings.get("maxSurge")
    is_none = pool.get("scaleSetPriority") == "Spot" or said == "0"
    return 0 if is_none else pools.surge_nodes(said, int(pool.get("count") or 0))


def _size(pool: Props) -> None:
    least = 1 if pool.get("mode") == "System" else 0
    count, low, high = pool.get("count"), pool.get("minCount"), pool.get("maxCount")
    if not is_autoscaled(pool):
        if low is not None or high is not None:
            raise refusal("AutoScalingNotEnabled")
        if not least <= int(count or 0) <= _MAX_NODES:
            raise invalid("agentPoolProfile.count", f"{count} is not between {least} and {_MAX_NODES}")
        return
    if low is None or high is None or not least <= low <= high <= _MAX_NODES:
        raise invalid(
            "agentPoolProfile.minCount",
            f"{least} <= minCount ({low}) <= maxCount ({high}) <= {_MAX_NODES} does not hold, and both must be given",
        )
    if count is not None and not low <= count <= high:
        raise invalid("agentPoolProfile.count", f"{count} is not between minCount {low} and maxCount {high}")


def _windows(pool: Props, version: str) -> None:
    sku = str(pool.get("osSKU") or "")
    reach = windows_range(sku)
    if pool.get("osType") == "Windows" and reach is None and (not sku or sku.startswith("Windows")):
        raise invalid("agentPoolProfile.osSKU", f"{sku or 'no OS SKU'} is no Windows that AKS knows")
    if reach and not reach[0] <= minor_of(version) <= reach[1]:
        raise invalid(
            "agentPoolProfile.osSKU",
            f"{sku} is not supported on Kubernetes {version} (https://aka.ms/aks/upgrade-windows-os-version)",
        )
