"""What AKS refuses in a node pool, its version apart (AKS docs on node pools, Windows, spot, surge and sandboxing)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emulator.azure import refusals
from emulator.azure.aks.versions import minor_of, windows_range
from emulator.azure.errors import bad_request, change_not_allowed, invalid
from emulator.azure.shapes import table

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props

_LINUX_NAME = re.compile(r"^[a-z][a-z0-9]{0,11}$")
_SURGE = re.compile(r"^(\d+)(%?)$")
_MAX_NODES = 1000
_WINDOWS_NAME = 6
_KATA = 27
IMMUTABLE = (
    "osType",
    "vmSize",
    "availabilityZones",
    "maxPods",
    "vnetSubnetID",
    "scaleSetPriority",
    "workloadRuntime",
    "enableEncryptionAtHost",
    "capacityReservationGroupID",
    "gpuInstanceProfile",
    "hostGroupID",
    "proximityPlacementGroupID",
    "kubeletConfig",
    "linuxOSConfig",
)


def check(name: str, pool: Props, version: str, *, network_plugin: str) -> None:
    """Refuse a pool that is wrong in itself. `version` is the full version it is to run."""
    _name(name, pool)
    _size(pool)
    _mode(pool)
    _operating_system(pool, version, network_plugin)
    _boot(pool)
    _upgrade_settings(pool)
    refusals.check("agentPoolProfile", pool)


def changes(old: Props, new: Props) -> None:
    """Refuse to change what a pool keeps for life."""
    for key in IMMUTABLE:
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
    if pool.get("scaleSetPriority") == "Spot":
        return 0
    found = _SURGE.match(str(settings.get("maxSurge") or "10%"))
    if found is None:
        return 0
    number, percent = int(found[1]), found[2]
    return -(-number * int(pool.get("count") or 0) // 100) if percent else number


def _name(name: str, pool: Props) -> None:
    if pool.get("osType") == "Windows" and len(name) > _WINDOWS_NAME:
        raise bad_request(
            "WindowsAgentPoolNameTooLong",
            f"Windows agent pool name {name!r} is too long: {_WINDOWS_NAME} characters at most.",
        )
    if not _LINUX_NAME.match(name):
        raise invalid(
            "agentPoolProfile.name",
            f"{name!r}: a lower-case letter, then at most 11 lower-case letters and digits (https://aka.ms/aks-naming-rules)",
        )


def _size(pool: Props) -> None:
    least = 1 if pool.get("mode") == "System" else 0
    count, low, high = pool.get("count"), pool.get("minCount"), pool.get("maxCount")
    if not is_autoscaled(pool):
        if low is not None or high is not None:
            raise bad_request("AutoScalingNotEnabled", "minCount and maxCount need enableAutoScaling.")
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


def _mode(pool: Props) -> None:
    if pool.get("mode") != "System":
        return
    if pool.get("osType") == "Windows":
        raise invalid("agentPoolProfile.osType", "a system node pool must run Linux")
    if pool.get("scaleSetPriority") == "Spot":
        raise invalid("agentPoolProfile.scaleSetPriority", "a system node pool cannot be a spot pool")


def _operating_system(pool: Props, version: str, network_plugin: str) -> None:
    sku, windows = str(pool.get("osSKU") or ""), pool.get("osType") == "Windows"
    if sku and windows != sku.startswith("Windows"):
        raise invalid("agentPoolProfile.osSKU", f"{sku} is not an OS SKU of {pool.get('osType')}")
    if windows and network_plugin != "azure":
        raise bad_request(
            "AzureCNIOnlyForWindows",
            "Windows agent pools are only supported with the Azure CNI network plugin.",
        )
    reach = windows_range(sku)
    if windows and reach is None:
        raise invalid("agentPoolProfile.osSKU", f"{sku or 'no OS SKU'} is no Windows that AKS knows")
    if reach and not reach[0] <= minor_of(version) <= reach[1]:
        raise invalid(
            "agentPoolProfile.osSKU",
            f"{sku} is not supported on Kubernetes {version} (https://aka.ms/aks/upgrade-windows-os-version)",
        )
    if pool.get("workloadRuntime") == "KataVmIsolation" and (
        sku not in ("AzureLinux", "AzureLinux3") or minor_of(version) < _KATA
    ):
        raise invalid(
            "agentPoolProfile.workloadRuntime",
            "Pod Sandboxing needs the OS SKU AzureLinux and Kubernetes 1.27 or newer",
        )


def _boot(pool: Props) -> None:
    """Refuse FIPS where an image has none, and its lack where an image is made with it; Trusted Launch outside of Linux.

    Source: AKS documentation, "Enable FIPS for AKS node pools" (August 2026) and "Trusted Launch for AKS" (July 2026).
    """
    sku, fips = str(pool.get("osSKU") or ""), bool(pool.get("enableFIPS"))
    if sku == "Windows2025" and not fips:
        raise invalid("agentPoolProfile.enableFIPS", "Windows2025 node pools have FIPS-enabled images only")
    if sku == "Ubuntu2404" and fips:
        raise invalid("agentPoolProfile.enableFIPS", "FIPS is not supported on Ubuntu2404")
    if fips and pool.get("workloadRuntime") == "KataVmIsolation":
        raise invalid("agentPoolProfile.enableFIPS", "Pod Sandboxing is not supported with FIPS")
    security = table(pool, "securityProfile")
    trusted = [key for key in ("enableSecureBoot", "enableVTPM") if security.get(key)]
    if trusted and pool.get("osType") == "Windows":
        raise invalid(
            f"agentPoolProfile.securityProfile.{trusted[0]}", "Trusted Launch is not supported on Windows"
        )
    if trusted and pool.get("workloadRuntime") == "KataVmIsolation":
        raise invalid(
            f"agentPoolProfile.securityProfile.{trusted[0]}",
            "Trusted Launch is not supported with Pod Sandboxing",
        )


def _upgrade_settings(pool: Props) -> None:
    settings = table(pool, "upgradeSettings")
    for key in ("maxSurge", "maxUnavailable"):
        if settings.get(key) is not None and not _SURGE.match(str(settings[key])):
            raise invalid(
                f"agentPoolProfile.upgradeSettings.{key}",
                f"{settings[key]!r} is neither a number nor a percentage",
            )
    if settings.get("maxUnavailable") not in (None, "0") and pool.get("mode") == "System":
        raise invalid("agentPoolProfile.upgradeSettings.maxUnavailable", "not supported on system node pools")
    if pool.get("scaleSetPriority") == "Spot" and settings.get("maxSurge") is not None:
        raise invalid("agentPoolProfile.upgradeSettings.maxSurge", "spot node pools have no surge nodes")
