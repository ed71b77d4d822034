"""A resource as ARM writes it: what azure-native shows flat stands in `properties`, but for the envelope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.azure.ids import name_of
from emulator.properties.values import is_list, is_object

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props, ResourceType

_ENVELOPE = frozenset(
    [
        "id",
        "name",
        "type",
        "location",
        "tags",
        "sku",
        "identity",
        "zones",
        "kind",
        "managedBy",
        "etag",
        "eTag",
        "systemData",
        "extendedLocation",
    ]
)
_INSIDE: dict[str, frozenset[str]] = {
    "Microsoft.ContainerService/managedClusters/agentPools": frozenset({"type", "tags", "eTag"}),
    "Microsoft.OperationalInsights/workspaces": frozenset({"sku"}),
}
"""Of a type, what is in `properties` although its name is one of the envelope (the REST API's specifications)."""
_PARTS = frozenset(
    [
        "subnets",
        "securityRules",
        "defaultSecurityRules",
        "routes",
        "delegations",
        "virtualNetworkPeerings",
        "ipConfigurations",
    ]
)
"""Lists in Microsoft.Network whose items are resources themselves, with `properties` of their own."""


def nested(kind: ResourceType, id_: str, stored: Props) -> Props:
    """Return a resource as a GET of ARM answers."""
    inside = _INSIDE.get(kind.arm_type, frozenset[str]())
    type_ = str(stored.get("type") or "")
    body: Props = {
        "id": id_,
        "name": name_of(id_),
        "type": type_ if type_.lower() == kind.arm_type.lower() else kind.arm_type,
    }
    properties: Props = {}
    for key, value in stored.items():
        if key in inside:
            properties[key] = value
        elif key in _ENVELOPE:
            body.setdefault(key, value)
        elif key == "properties" and is_object(value):
            properties |= value
        else:
            properties[key] = value
    network = kind.arm_type.startswith("Microsoft.Network/")
    return body | {"properties": _with_parts(properties) if network else properties}


def flat(kind: ResourceType, body: Props) -> Props:
    """Return the body of a PUT as azure-native's inputs say it: the opposite of `nested`. What is null is left out."""
    said: Props = _without_nulls(body)
    inner: Any = said.get("properties")
    properties: Props = inner if is_object(inner) else {}
    outer = {k: v for k, v in said.items() if k not in ("id", "name", "type", "properties")}
    identity: Any = outer.get("identity")
    if is_object(identity) and is_object(identity.get("userAssignedIdentities")):
        outer["identity"] = identity | {"userAssignedIdentities": list(identity["userAssignedIdentities"])}
    if "properties" in kind.reshaped:
        return outer | {"properties": properties}
    network = kind.arm_type.startswith("Microsoft.Network/")
    return outer | (_without_parts(properties) if network else properties)


def _without_nulls(value: Any) -> Any:
    if is_object(value):
        return {k: _without_nulls(v) for k, v in value.items() if v is not None}
    return [_without_nulls(v) for v in value] if is_list(value) else value


def _with_parts(properties: Props) -> Props:
    return {k: [_part(i) for i in v] if k in _PARTS and is_list(v) else v for k, v in properties.items()}


def _part(item: Any) -> Any:
    if not is_object(item) or "properties" in item:
        return item
    own = ("id", "name", "type", "etag", "zones")
    outer = {k: v for k, v in item.items() if k in own}
    inner = {k: v for k, v in item.items() if k not in own}
    return outer | ({"properties": _with_parts(inner)} if inner else {})


def _without_parts(properties: Props) -> Props:
    return {k: [_merged(i) for i in v] if k in _PARTS and is_list(v) else v for k, v in properties.items()}


def _merged(item: Any) -> Any:
    if not is_object(item):
        return item
    inner: Any = item.get("properties")
    outer = {k: v for k, v in item.items() if k != "properties"}
    return outer | (_without_parts(inner) if is_object(inner) else {})
