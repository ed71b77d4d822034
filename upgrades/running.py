"""What Azure runs now, read through the engine: a refresh that is only previewed reads the cluster and changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle.version import Version

from .fleet import CONTROL_PLANE
from .previewed import CLUSTER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi.automation import EngineEvent

    from .fleet import Cluster

ENDED = {"Succeeded", "Failed", "Canceled"}
"""ARM's final provisioning states; in any other an operation is under way."""


@dataclass(frozen=True, slots=True)
class Running:
    """Versions by target (the control plane, and each pool by name), node images by pool, and what is under way, in Azure's words."""

    versions: Mapping[str, Version] = field(default_factory=dict[str, Version])
    operations: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    images: Mapping[str, str] = field(default_factory=dict[str, str])

    def of(self, target: str) -> Version | None:
        """Return the version of the control plane or of a pool; None when it was not read."""
        return self.versions.get(target)

    def applied_to(self, cluster: Cluster) -> Cluster:
        """Return a cluster with the versions that run in the place of those that are recorded."""
        pools = tuple(replace(pool, version=self.of(pool.name) or pool.version) for pool in cluster.pools)
        return replace(cluster, control_plane=self.of(CONTROL_PLANE) or cluster.control_plane, pools=pools)


def running(stack: Any) -> Running:
    """Ask for what runs. Raises CommandError when the stack or Azure cannot be read."""
    seen: list[EngineEvent] = []
    stack.preview_refresh(on_event=seen.append)
    found: dict[str, Any] = {}
    for event in seen:
        for part in (event.resource_pre_event, event.res_outputs_event):
            if part is not None and part.metadata.type == CLUSTER and part.metadata.new is not None:
                found = dict(part.metadata.new.outputs or {}) or found
    return read(found)


def read(cluster: Mapping[str, Any]) -> Running:
    """Read the outputs of a managed cluster; what it does not say is left out."""
    versions: dict[str, Version] = {}
    images: dict[str, str] = {}
    states = {CONTROL_PLANE: cluster.get("provisioningState")}
    _note(versions, CONTROL_PLANE, cluster.get("currentKubernetesVersion"))
    for pool in cluster.get("agentPoolProfiles") or ():
        name = str(pool.get("name"))
        _note(versions, name, pool.get("currentOrchestratorVersion"))
        states[name] = pool.get("provisioningState")
        if pool.get("nodeImageVersion"):
            images[name] = str(pool["nodeImageVersion"])
    return Running(
        versions,
        operations=tuple(
            f"{name}: {state}" for name, state in states.items() if state and state not in ENDED
        ),
        failed=tuple(f"{name}: {state}" for name, state in states.items() if state == "Failed"),
        images=images,
    )


def _note(versions: dict[str, Version], target: str, text: object) -> None:
    try:
        versions[target] = Version.parse(str(text))
    except ValueError:
        return
