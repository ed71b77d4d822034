"""What can be refused before anything is changed: a pool that is wrong in itself, whatever else there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.azure.aks import pool_rules, versions
from emulator.azure.types import AGENT_POOL
from emulator.properties.values import has_unknown

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props, ResourceType


_LINUX = 30
"""A minor on which no Linux setting is refused."""


def preflight(kind: ResourceType, inputs: Props) -> None:
    """Raise ArmError for a pool that AKS would refuse; everything that is not known yet passes."""
    if kind is not AGENT_POOL or has_unknown(inputs.get("agentPoolName")):
        return
    known = {k: v for k, v in inputs.items() if not has_unknown(v)}
    pool = {"osType": "Linux", "mode": "User", "count": known.get("minCount", 1)} | known
    said = versions.resolve(str(known.get("orchestratorVersion", "")), None)
    version = said or _any_version(str(known.get("osSKU", "")))
    pool_rules.check(str(inputs["agentPoolName"]), pool, version, network_plugin="azure")


def _any_version(os_sku: str) -> str:
    """Return a version that the OS SKU runs on, for a pool that takes its control plane's over."""
    reach = versions.windows_range(os_sku)
    return f"1.{reach[1] if reach else _LINUX}.0"
