"""The resource locks that reach a cluster or its nodes.

Source: Microsoft.Authorization/locks, API 2016-09-01: the list of a scope holds what stands on it and below it; a lock's id begins
with its scope, and a lock counts for everything below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from upgrades.model.surroundings import Lock
from upgrades.observe.errors import AzureError
from upgrades.observe.json_parts import part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .reader import Azure

VERSION, LIST = "2016-09-01", "Microsoft.Authorization/locks"
BELOW = f"/providers/{LIST}/".lower()
"""What stands between a lock's scope and its name in its id."""


def locks(azure: Azure, cluster: Mapping[str, Any]) -> list[Lock]:
    """Return the locks on the cluster, its resource group, its subscription, and its nodes' resource group. Raises AzureError, ValueError.

    Who may not list those of the subscription is asked for those of the two groups, each of which tells of what it inherits.
    """
    id_ = str(cluster["id"])
    group = str(cluster["properties"].get("nodeResourceGroup") or "")
    if not group:
        raise ValueError("Azure does not say in which resource group the cluster has its nodes")
    nodes = f"/subscriptions/{azure.subscription}/resourceGroups/{group}"
    try:
        rows = azure.listed(LIST, VERSION)
    except AzureError as error:
        if not str(error).startswith("Azure answered 403"):
            raise
        rows = [
            row
            for scope in (id_[: id_.lower().index("/providers/")], nodes)
            for row in azure.listed(f"{scope}/providers/{LIST}", VERSION, **{"$filter": "atScope()"})
        ]
    return list(reaching(rows, id_, nodes))


def reaching(rows: Iterable[Mapping[str, Any]], cluster: str, nodes: str) -> Iterator[Lock]:
    """Yield those locks that count for a cluster or for its nodes' group (ARM ids) or stand below one of them, each once."""
    told: set[str] = set()
    for row in rows:
        id_ = str(row.get("id") or "")
        scope, _, name = id_.lower().rpartition(BELOW)
        if not name or id_.lower() in told:
            continue
        if any(_covers(scope, one) or _covers(one, scope) for one in (cluster.lower(), nodes.lower())):
            told.add(id_.lower())
            level = str(part(row, "properties").get("level") or "")
            yield Lock(str(row.get("name") or name), level, id_[: len(scope)], id_)


def _covers(scope: str, inner: str) -> bool:
    """Tell whether an id is a scope, or lies below it."""
    return inner == scope or inner.startswith(f"{scope}/")
