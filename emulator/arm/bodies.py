"""A resource as ARM writes it: `properties` nested, where azure-native (and the cloud) keeps them flat (types.yaml has what differs by type)."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from emulator.azure.aks import pool_rollback
from emulator.azure.ids import parameters
from emulator.azure.shapes import rows, table
from emulator.azure.types import AGENT_POOL
from emulator.properties.values import is_object, without_nulls

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props, ResourceType

_TOP = ("location", "tags", "systemData")
_ITEM_TOP = ("id", "name", "type", "etag")


def _tops(kind: ResourceType) -> tuple[str, ...]:
    return (*(t for t in _TOP if t != "tags" or not kind.own_tags), *kind.beside)


def to_arm(kind: ResourceType, id_: str, name: str, flat: Props) -> Props:
    """Return a resource as a GET answers it."""
    flat = copy.deepcopy(flat)
    # The `type` among a pool's properties is that of its machines.
    said = kind.arm_type if kind.own_tags else flat.pop("type", kind.arm_type)
    shown: Props = {"id": id_, "name": name, "type": str(said)}
    flat.pop("name", None)
    flat.pop("id", None)
    shown |= {key: flat.pop(key) for key in _tops(kind) if key in flat}
    if kind.nested:
        return shown | {"properties": {"provisioningState": "Succeeded"} | table(flat, "properties")}
    for key in kind.items:
        if key in flat:
            flat[key] = [_item(row) for row in rows(flat, key)]
    return shown | {"properties": flat}


def _item(row: Props) -> Props:
    top = {k: row[k] for k in _ITEM_TOP if k in row}
    return top | {"properties": {k: v for k, v in row.items() if k not in _ITEM_TOP}}


def from_arm(kind: ResourceType, id_scope: str, body: Props, api_version: str) -> Props:
    """Return the body of a PUT as the cloud's types take it: flat, without what only Azure says in that API version."""
    body = without_nulls(body)
    flat: Props = {key: body[key] for key in _tops(kind) if key in body}
    properties: Props = copy.deepcopy(table(body, "properties"))
    if kind.nested:
        flat["properties"] = properties
    else:
        for key in kind.items:
            if key in properties:
                properties[key] = [_flat_item(row) for row in rows(properties, key)]
        flat |= properties
    read_only = {*kind.computed, "systemData", "provisioningState"} - set(kind.reshaped) - {"type"}
    if kind is AGENT_POOL and api_version >= pool_rollback.SINCE:
        read_only -= {"nodeImageVersion"}
    flat = {k: v for k, v in flat.items() if k not in read_only}
    if "agentPoolProfiles" in flat:
        flat["agentPoolProfiles"] = [
            {k: v for k, v in pool.items() if k == "name" or k not in AGENT_POOL.computed}
            for pool in rows(flat, "agentPoolProfiles")
        ]
    if "scope" in parameters(kind.path):
        flat["scope"] = id_scope
    return flat


def _flat_item(row: Any) -> Props:
    return {k: row[k] for k in _ITEM_TOP if k in row} | table(row, "properties")


def merge(old: Any, patch: Any) -> Any:
    """Return `old` with a JSON merge patch (RFC 7396) on it."""
    if not is_object(patch):
        return patch
    merged: Props = dict(old) if is_object(old) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge(merged.get(key), value)
    return merged
