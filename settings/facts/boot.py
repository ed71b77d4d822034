"""Which pools can boot by Trusted Launch, and which node images come with FIPS.

Source: Azure documentation, "Trusted Launch for AKS" (22 July 2026) and "Enable FIPS for AKS node pools" (August 2026).
"""

from collections.abc import Mapping
from typing import Any

from settings.facts.vm_sizes import VmSize

FIPS_ONLY = "Windows2025"
"""The node image that has FIPS and cannot be without."""
NO_FIPS = frozenset({"Ubuntu2404", "AzureContainerLinux", "Flatcar"})
"""Node images without FIPS."""
TRUSTED_ONLY = frozenset({"AzureContainerLinux"})
"""Node images that boot by Trusted Launch alone."""
_NOT_TRUSTED = frozenset({"Flatcar"})
_TRUSTED_WITH_FIPS = frozenset({"Ubuntu", "Ubuntu2204"})


def boots_trusted(pool: Mapping[str, Any]) -> str | None:
    """Return why a pool of these settings cannot boot by Trusted Launch; None when it can."""
    if pool["os_type"] != "Linux":
        return "AKS has no Trusted Launch for Windows"
    if pool["sandboxed"]:
        return "nodes for sandboxed pods have no Trusted Launch"
    if pool["os_sku"] in _NOT_TRUSTED:
        return f"{pool['os_sku']} has no Trusted Launch"
    if pool["fips"] and pool["os_sku"] not in _TRUSTED_WITH_FIPS:
        return "of the FIPS images only Ubuntu 22.04 has Trusted Launch"
    try:
        trusted = VmSize.parse(pool["vm_size"]).trusts_its_boot
    except ValueError:
        return f"{pool['vm_size']} is no VM size"
    return None if trusted else f"{pool['vm_size']} has no Trusted Launch that AKS could use"
