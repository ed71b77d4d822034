"""The event log: one JSON line for every change that the emulated Azure accepted or completed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.cloud.clock import now

if TYPE_CHECKING:
    from emulator.cloud.state import Props, State

CLUSTER_TYPE = "Microsoft.ContainerService/managedClusters"
POOL_TYPE = "Microsoft.ContainerService/managedClusters/agentPools"


def record(  # noqa: PLR0913  (an event has that many parts)
    state: State,
    action: str,
    id_: str,
    before: Props | None = None,
    *,
    operation: str = "",
    actor: str = "stack",
) -> None:
    """Add an event on the resource `id_`, as it is now; `before` are its properties before the change.

    `changed` maps each top-level property to [old, new]. Events on a cluster or a pool carry `versions`: what the
    control plane and every pool run after the event.
    """
    resource = state.get(id_)
    if resource is None:
        return
    changed: dict[str, list[Any]] = {}
    if before is not None:
        after: Props = {} if action == "deleted" else resource.properties
        keys = [*before, *(k for k in after if k not in before)]
        changed = {k: [before.get(k), after.get(k)] for k in keys if before.get(k) != after.get(k)}
    event: Props = {
        "time": now().isoformat(),
        "actor": actor,
        "action": action,
        "operation": operation,
        "type": resource.type,
        "name": resource.name,
        "id": resource.id,
        "changed": changed,
    }
    versions = _versions(state, id_, leaving=action == "deleted")
    state.events.append(event | ({"versions": versions} if versions else {}))


def _versions(state: State, id_: str, *, leaving: bool) -> Props | None:
    resource = state.get(id_)
    if resource is None or resource.type not in (CLUSTER_TYPE, POOL_TYPE):
        return None
    cluster = resource if resource.type == CLUSTER_TYPE else state.get(id_.rsplit("/", 2)[0])
    if cluster is None:
        return None
    pools = [
        p for p in state.children(cluster.id, POOL_TYPE) if not (leaving and p.id.lower() == id_.lower())
    ]
    return {
        "controlPlane": cluster.properties.get("currentKubernetesVersion"),
        "pools": {p.name: p.properties.get("currentOrchestratorVersion") for p in pools},
    }
