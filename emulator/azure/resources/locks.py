"""Microsoft.Authorization/locks, and what they keep from happening (Microsoft Learn, "Lock your resources to protect your infrastructure")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.azure.errors import refusal
from emulator.cloud.operations import cluster_of

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props, Put
    from emulator.cloud.state import Resource, State

LOCKS = "Microsoft.Authorization/locks"


def put_lock(put: Put) -> Props:
    """Keep the level; the scope is in the id."""
    return {k: v for k, v in put.body.items() if k != "scope"}


def scope_of(id_: str) -> str:
    """Return what a lock (or another extension) is on."""
    return id_[: id_.lower().rindex("/providers/microsoft.authorization/")]


def over(state: State, id_: str, *, below: bool = False) -> list[Resource]:
    """Return the locks that hold for an id: on it or on what it lies in; with `below`, on what lies in it too."""
    wanted = id_.lower()
    found: list[Resource] = []
    for lock in state.of_type(LOCKS):
        scope = scope_of(lock.id).lower()
        covers = wanted == scope or wanted.startswith(scope + "/")
        if covers or (below and scope.startswith(wanted + "/")):
            found.append(lock)
    return found


def refuse_write(state: State, id_: str, arm_type: str) -> None:
    """Refuse to write what is read-only; locks themselves may be changed."""
    if arm_type != LOCKS:
        _refuse("write", id_, [r for r in over(state, id_) if r.properties.get("level") == "ReadOnly"])


def refuse_delete(state: State, id_: str, arm_type: str) -> None:
    """Refuse to delete what is locked, or what holds something that is."""
    if arm_type != LOCKS:
        _refuse("delete", id_, over(state, id_, below=True))


def refuse_upgrade(state: State, id_: str) -> None:
    """Refuse to replace the nodes of a cluster whose resource group has a lock of any level, or whose nodes' group, or something in it, has.

    Source: AKS documentation, "Upgrade options for AKS clusters": before an upgrade AKS "checks for resource locks applied to the
    managed cluster resource group". Which of the two groups that is it does not say, so both count; a lock on the cluster alone is
    on neither. In the nodes' group surge nodes are deleted again (Azure/AKS 3291: a lock on anything in it holds the whole group).
    """
    cluster = state.get(cluster_of(id_) or "")
    if cluster is not None and "nodeResourceGroup" in cluster.properties:
        groups = "/".join(id_.split("/")[:4])
        own, nodes = f"{groups}/{id_.split('/')[4]}", f"{groups}/{cluster.properties['nodeResourceGroup']}"
        _refuse("delete", nodes, over(state, nodes, below=True))
        _refuse("delete", own, over(state, own))


def _refuse(what: str, id_: str, found: list[Resource]) -> None:
    if found:
        scopes = ", ".join(sorted({scope_of(lock.id) for lock in found}))
        raise refusal("ScopeLocked", id=id_, what=what, scopes=scopes)
