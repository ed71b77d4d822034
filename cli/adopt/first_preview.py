"""What the first preview after the import shows: every resource as unchanged, updated or created, an update with its properties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from settings.facts.azure_api import properties

from .found import at
from .import_file import SETTING, WINDOW
from .registered import CLUSTER, POOL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from settings.facts.azure_api import Resource

    from .found import Found, Json
    from .import_file import Import


@dataclass(frozen=True)
class Shown:
    """A resource of the first preview; `changes` are properties that change in Azure, `restated` those that only change their spelling.

    A property that Azure left to itself and that the program says outright, with the value that it has, is restated.
    """

    urn: str
    type: str
    name: str
    op: str
    changes: tuple[str, ...] = ()
    restated: tuple[str, ...] = ()


def shown(found: Found, imported: Import, changed: Mapping[str, set[str]]) -> list[Shown]:
    """Return them in the program's order; `changed` has the paths of real changes by the resource's URN."""
    rows = [
        _imported(row, _there(found, row, id_), changed.get(row["urn"], set())) for row, id_ in imported.there
    ]
    return [*rows, *(Shown(row["urn"], row["type"], row["name"], "create") for row in imported.created)]


def _imported(row: Json, there: Json, changed: set[str]) -> Shown:
    inputs: Json = {key: value for key, value in row["inputs"].items() if key in there or key not in _PLACE}
    if row["type"] == POOL and there.get("enableAutoScaling"):
        inputs.pop(
            "count", None
        )  # it goes along at a pool's making; of one that is there it is the autoscaler's
    known = _INPUTS.get(row["type"])
    # An import takes over all that a GET tells and a program may say, whatever this one says.
    spelt = set(
        _unlike(inputs, {k: v for k, v in there.items() if k in inputs or (known and k in properties(known))})
    )
    restated = tuple(sorted(path for path in spelt if not _within(path, changed)))
    op = "update" if changed or restated else "same"
    return Shown(row["urn"], row["type"], row["name"], op, tuple(sorted(changed)), restated)


_INPUTS: dict[str, Resource] = {CLUSTER: "cluster", POOL: "pool"}
_PLACE = {
    "resourceGroupName",
    "resourceName",
    "agentPoolName",
    "configName",
    "name",
    "resourceUri",
    "scope",
    "roleAssignmentName",
}
"""What an id says."""


def _there(found: Found, row: Json, id_: str) -> Json:
    """Return a resource as a GET tells it."""
    if row["type"] == CLUSTER:
        return {
            **found.as_resource,
            "agentPoolProfiles": [dict(pool["properties"], name=pool["name"]) for pool in found.pools],
        }
    lists = {POOL: found.pools, WINDOW: found.windows, SETTING: found.diagnostics}
    rows: tuple[Json, ...] = lists.get(row["type"], (*found.roles, *found.pulls))
    return dict(at(next(one for one in rows if str(one["id"]).lower() == id_.lower()), "properties", {}))


def _unlike(wanted: Any, there: Any, place: str = "") -> Iterator[str]:
    if wanted in ("[unknown]", there):
        return
    if not wanted or not isinstance(wanted, dict) or not isinstance(there, dict | None):
        yield place
        return
    one, other = cast("dict[str, Any]", wanted), cast("dict[str, Any]", there or {})
    for key in dict.fromkeys((*one, *other)):
        yield from _unlike(one.get(key), other.get(key), f"{place}.{key}" if place else key)


def _within(path: str, paths: set[str]) -> bool:
    return any(path == one or path.startswith(f"{one}.") or one.startswith(f"{path}.") for one in paths)
