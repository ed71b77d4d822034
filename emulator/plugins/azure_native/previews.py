"""What a preview knows: the outputs of a resource, and what can be refused before anything is changed."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from emulator.azure.aks import pool_rules, versions
from emulator.azure.shapes import at, table
from emulator.azure.types import AGENT_POOL
from emulator.plugins.azure_native import inputs
from emulator.properties.values import UNKNOWN, has_unknown, is_list

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props, ResourceType

_FOLLOWS = {
    "kubernetesVersion": ("currentKubernetesVersion", "eTag"),
    "orchestratorVersion": ("currentOrchestratorVersion", "nodeImageVersion", "eTag"),
}
"""Outputs that an update of an input moves."""
_LINUX = 30
"""A minor on which no Linux setting is refused."""


def expected(kind: ResourceType, news: Props, old_outputs: Props) -> Props:
    """Return the outputs that a create (no `old_outputs`) or an update will have.

    What Azure computes is unknown before it exists, and stays as it was in an update, except what that moves.
    """
    outputs: Props = {
        key: old_outputs.get(key, UNKNOWN) for key in (*kind.computed, "azureApiVersion") if "." not in key
    }
    outputs |= copy.deepcopy(inputs.body(kind, news))
    for path in kind.computed:
        parent, _, key = path.rpartition(".")
        if parent and at(outputs, parent) is not None and at(outputs, parent) is not UNKNOWN:
            was = at(old_outputs, path)
            table(outputs, parent).setdefault(key, UNKNOWN if was is None else was)
    for path in kind.reshaped:
        if path in outputs:
            outputs[path] = UNKNOWN
    identity = table(outputs, "identity")
    if is_list(identity.get("userAssignedIdentities")):
        identity["userAssignedIdentities"] = _identities(identity["userAssignedIdentities"], old_outputs)
    if old_outputs:
        for source, moved in _FOLLOWS.items():
            if source in news and news[source] != old_outputs.get(source):
                outputs |= dict.fromkeys([m for m in moved if m in kind.computed], UNKNOWN)
    return outputs


def _identities(named: list[Any], old_outputs: Props) -> Any:
    """Return the map that Azure makes of the list of identities: the old one for the same identities."""
    known = table(old_outputs, "identity.userAssignedIdentities")
    return known if UNKNOWN not in named and known and set(known) == set(map(str, named)) else UNKNOWN


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
