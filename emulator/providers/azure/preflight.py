"""What can be refused before anything is changed: a pool that is wrong in itself, whatever else there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.providers.azure import pool_rules, versions
from emulator.providers.azure.agent_pools import AGENT_POOL
from emulator.values import has_unknown

if TYPE_CHECKING:
    from emulator.providers.azure.resource_type import Props, ResourceType

_UNSET = "1.30.0"
"""Stands for a version that a pool takes over from its control plane: one on which nothing is refused."""


def preflight(kind: ResourceType, inputs: Props) -> None:
    """Raise ArmError for a pool that AKS would refuse; everything that is not known yet passes."""
    if kind is not AGENT_POOL or has_unknown(inputs.get("agentPoolName")):
        return
    known = {k: v for k, v in inputs.items() if not has_unknown(v)}
    pool = {"osType": "Linux", "mode": "User", "count": known.get("minCount", 1)} | known
    version = versions.resolve(str(known.get("orchestratorVersion", _UNSET)), None) or _UNSET
    pool_rules.check(str(inputs["agentPoolName"]), pool, version, network_plugin="azure")
