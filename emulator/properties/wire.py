"""Between the values of the engine and the messages of Pulumi's protocols (protobuf `Struct`).

Pulumi writes what JSON cannot say as objects with a signature key: secrets, outputs, references to resources. Unknown
values are sentinel strings, one for each type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google.protobuf.struct_pb2 import Struct

from emulator.properties.values import UNKNOWN, Secret, is_list, is_object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from google.protobuf.struct_pb2 import Value

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a marker of the wire format
OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"
UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
UNKNOWNS = frozenset(
    {
        UNKNOWN_STRING,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # boolean
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)


def from_struct(struct: Struct) -> dict[str, Any]:
    """Read a message's properties, sorted by name: a message has no order of its own.

    Whole numbers become int; a reference to a resource becomes its id, or its URN.
    """
    fields = struct.fields
    return {key: _from_value(fields[key]) for key in sorted(fields)}


def _from_value(value: Value) -> Any:
    kind = value.WhichOneof("kind")
    result: Any = None
    if kind == "string_value":
        result = UNKNOWN if value.string_value in UNKNOWNS else value.string_value
    elif kind == "struct_value":
        fields = value.struct_value.fields
        result = {key: _from_value(fields[key]) for key in sorted(fields)}
        if SIGNATURE in fields:
            result = _special(result)
    elif kind == "list_value":
        result = [_from_value(v) for v in value.list_value.values]
    elif kind == "number_value":
        number = value.number_value
        result = int(number) if number.is_integer() else number
    elif kind == "bool_value":
        result = value.bool_value
    return result


def _special(fields: dict[str, Any]) -> Any:
    signature = fields[SIGNATURE]
    if signature == SECRET:
        return Secret(fields.get("value"))
    if signature == OUTPUT:
        value = fields.get("value", UNKNOWN)
        return Secret(value) if fields.get("secret") else value
    if signature == RESOURCE:
        found = fields.get("id", fields["urn"])
        return found if found is UNKNOWN or found else UNKNOWN
    return fields  # assets and archives pass through as they are


def to_struct(props: Mapping[str, Any], *, internal: bool = True) -> Struct:
    """Write properties as a message; `internal` False leaves out the keys that begin with "__".

    Raises ValueError for a value that is no property.
    """
    struct = Struct()
    struct.update(_plain(props, internal=internal))
    return struct


def _plain(value: Any, *, internal: bool) -> Any:
    """Return a value in JSON's words alone."""
    if value is UNKNOWN:
        return UNKNOWN_STRING
    if isinstance(value, Secret):
        return {SIGNATURE: SECRET, "value": _plain(value.value, internal=internal)}
    if is_object(value):
        shown = {k: v for k, v in value.items() if internal or not k.startswith("__")}
        return {k: _plain(v, internal=internal) for k, v in shown.items()}
    return [_plain(v, internal=internal) for v in value] if is_list(value) else value
