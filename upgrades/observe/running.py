"""What Azure runs now, read off a managed cluster and its pools as Azure Resource Manager writes them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle.versions.version import Version

from upgrades.model.clusters import CONTROL_PLANE
from upgrades.observe.azure.state import nodes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from upgrades.model.clusters import Cluster

ENDED = {"Succeeded", "Failed", "Canceled"}
"""ARM's final provisioning states; in any other an operation is under way."""


@dataclass(frozen=True, slots=True)
class Running:
    """Versions by target (the control plane, and each pool by name), node images by pool, and what is under way, in Azure's words.

    `failed` are the targets whose last operation failed or was cancelled. `counts` are the nodes of each pool. `stopped` names what was switched off, `channel` the auto-upgrade channel (empty: not told).
    """

    versions: Mapping[str, Version] = field(default_factory=dict[str, Version])
    operations: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    images: Mapping[str, str] = field(default_factory=dict[str, str])
    stopped: tuple[str, ...] = ()
    channel: str = ""
    counts: Mapping[str, int] = field(default_factory=dict[str, int])

    def of(self, target: str) -> Version | None:
        """Return the version of the control plane or of a pool; None when it was not read."""
        return self.versions.get(target)

    def applied_to(self, cluster: Cluster) -> Cluster:
        """Return a cluster with the versions that run in the place of those that are recorded."""
        pools = tuple(replace(pool, version=self.of(pool.name) or pool.version) for pool in cluster.pools)
        return replace(
            cluster,
            control_plane=self.of(CONTROL_PLANE) or cluster.control_plane,
            pools=pools,
            auto_upgrade=self.channel or cluster.auto_upgrade,
        )


def read(cluster: Mapping[str, Any]) -> Running:
    """Read the properties of a managed cluster; what it does not say is left out."""
    versions: dict[str, Version] = {}
    images: dict[str, str] = {}
    counts: dict[str, int] = {}
    states = {CONTROL_PLANE: cluster.get("provisioningState")}
    power = {CONTROL_PLANE: cluster.get("powerState")}
    _note(versions, CONTROL_PLANE, cluster.get("currentKubernetesVersion"))
    for pool in cluster.get("agentPoolProfiles") or ():
        name = str(pool.get("name"))
        _note(versions, name, pool.get("currentOrchestratorVersion"))
        states[name] = pool.get("provisioningState")
        power[name] = pool.get("powerState")
        if (count := nodes_of(pool)) is not None:
            counts[name] = count
        if pool.get("nodeImageVersion"):
            images[name] = str(pool["nodeImageVersion"])
    return Running(
        versions,
        operations=tuple(
            f"{name}: {state}" for name, state in states.items() if state and state not in ENDED
        ),
        failed=tuple(name for name, state in states.items() if state in {"Failed", "Canceled"}),
        images=images,
        stopped=tuple(name for name, state in power.items() if _at(state, "code") == "Stopped"),
        channel=_at(cluster.get("autoUpgradeProfile"), "upgradeChannel"),
        counts=counts,
    )


def _note(versions: dict[str, Version], target: str, text: object) -> None:
    try:
        versions[target] = Version.parse(str(text))
    except ValueError:
        return


def _at(part: Any, key: str) -> str:
    """Return what a part that may be missing says; empty when it says nothing."""
    return str(part.get(key) or "") if part else ""
