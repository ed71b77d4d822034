"""Resource properties as plain Python values, converted once.

Secrets are unwrapped, whole floats become ints (Kubernetes has no floats where it has ints), nulls in
maps are dropped (an absent field, as the API server sees it), in lists they are empty texts, and a value
that is not known yet becomes an *unknown*: a string that starts with `UNKNOWN` and ends with its path, so that a message can name it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import pulumi
from google.protobuf.struct_pb2 import Struct, Value
from pulumi_policy import proxy
from pulumi_policy.deserialize import SPECIAL_SECRET_SIG, SPECIAL_SIG_KEY
from pulumi_policy.proxy import UnknownValueError

UNKNOWN = "\ue000unknown:"
"""Prefix of the stand-in for a value that is not known yet (a private-use character no real value has)."""

_ASSET = {"asset": True}  # no rule looks into files
_SENTINELS = frozenset(
    value for name, value in vars(proxy).items() if name.startswith("UNKNOWN_") and isinstance(value, str)
)


def is_unknown(value: object) -> bool:
    """Tell whether `value` itself (not something inside it) stands for an unknown."""
    return isinstance(value, str) and value.startswith(UNKNOWN)


def holds_unknown(value: object) -> bool:
    """Tell whether `value` is an unknown or has one anywhere inside."""
    if isinstance(value, dict):
        return any(holds_unknown(item) for item in cast("dict[str, object]", value).values())
    if isinstance(value, list):
        return any(holds_unknown(item) for item in cast("list[object]", value))
    return is_unknown(value)


def unknown_keys(value: object) -> set[str]:
    """Return the nearest key above each unknown inside `value`."""
    found = set[str]()
    left: list[tuple[str, object]] = [("", value)]
    while left:
        key, item = left.pop()
        if isinstance(item, str):
            if item.startswith(UNKNOWN):
                found.add(key)
        elif isinstance(item, dict):
            left.extend(cast("dict[str, object]", item).items())
        elif isinstance(item, list):
            left.extend([(key, inner) for inner in cast("list[object]", item)])
    return found


def from_struct(struct: Struct) -> dict[str, Any]:
    """Return the properties of an Analyze request as plain values."""
    return _fields(struct, "", [], special=None)


def with_unknowns(struct: Struct) -> tuple[dict[str, Any], bool]:
    """Return the properties of an Analyze request as plain values, and whether any of them is an unknown."""
    unknowns: list[str] = []
    return _fields(struct, "", unknowns, special=None), bool(unknowns)


_Path = str | tuple[Any, str | int]
"""A path, or the path of a holder and the key in it: most are never put into words."""


def _in_words(path: _Path) -> str:
    if isinstance(path, str):
        return path
    holder, key = _in_words(path[0]), path[1]
    if isinstance(key, int):
        return f"{holder}[{key}]"
    return f"{holder}.{key}" if holder else key


def _fields(struct: Struct, path: _Path, unknowns: list[str], special: str | None = SPECIAL_SIG_KEY) -> Any:
    """Return a struct's fields, or what it stands for where it has the key `special`: a secret's value, or an asset."""
    result: dict[str, Any] = {}
    fields = struct.fields
    for key in fields:  # items() of a protobuf map is a slow mixin
        if key == special:
            return _special(struct, path, unknowns)
        value = fields[key]
        text = value.string_value
        if text:  # most are texts: said here too, a call each would be half of the time
            result[key] = text if text not in _SENTINELS else _unknown((path, key), unknowns)
            continue
        item = _value(value, value.WhichOneof("kind"), (path, key), unknowns)
        if item is not None:
            result[key] = item
    return result


def _unknown(path: _Path, unknowns: list[str]) -> str:
    found = UNKNOWN + _in_words(path)
    unknowns.append(found)
    return found


def from_value(value: Value, path: _Path) -> Any:
    """Return one property as a plain value; `path` is what an unknown is called by."""
    return _value(value, value.WhichOneof("kind"), path, [])


def _value(value: Value, kind: str | None, path: _Path, unknowns: list[str]) -> Any:
    if kind == "string_value":
        text = value.string_value
        return text if text not in _SENTINELS else _unknown(path, unknowns)
    if kind == "struct_value":
        return _fields(value.struct_value, path, unknowns)
    if kind == "list_value":
        values = enumerate(value.list_value.values)
        return [
            _item(_value(item, item.WhichOneof("kind"), (path, index), unknowns)) for index, item in values
        ]
    if kind == "number_value":
        return _number(value.number_value)
    return value.bool_value if kind == "bool_value" else None


def _item(value: Any) -> Any:
    """Return an item of a list: a null there is an empty text, as the API server reads it."""
    return "" if value is None else value


def _special(struct: Struct, path: _Path, unknowns: list[str]) -> Any:
    fields = struct.fields
    value = fields["value"]
    if fields[SPECIAL_SIG_KEY].string_value != SPECIAL_SECRET_SIG:
        return _ASSET
    return _value(value, value.WhichOneof("kind"), path, unknowns)


def _number(number: float) -> float:
    return int(number) if number.is_integer() else number


def from_props(props: Any, path: str = "") -> Any:
    """Return what a policy's `args.props` holds as plain values: proxies, secrets and unknowns included."""
    if isinstance(props, str):
        return UNKNOWN + path if props in _SENTINELS else props
    if isinstance(props, Mapping):
        return _from_mapping(cast("Mapping[str, Any]", props), path)
    if isinstance(props, Sequence) and not isinstance(props, bytes):
        sequence = cast("Sequence[Any]", props)
        return [_item(_guarded(lambda i=i: sequence[i], f"{path}[{i}]")) for i in range(len(sequence))]
    if isinstance(props, float):
        return _number(props)
    return _ASSET if isinstance(props, pulumi.Asset | pulumi.Archive) else props


def _from_mapping(props: Mapping[str, Any], path: str) -> Any:
    if SPECIAL_SIG_KEY not in props:
        return _known_items(props, path)
    # As a remediation before this one left it.
    return from_props(props["value"], path) if props[SPECIAL_SIG_KEY] == SPECIAL_SECRET_SIG else _ASSET


def _known_items(mapping: Mapping[str, Any], path: str) -> dict[str, Any]:
    items = {key: _guarded(lambda key=key: mapping[key], f"{path}.{key}" if path else key) for key in mapping}
    return {key: item for key, item in items.items() if item is not None}


def _guarded(read: Callable[[], Any], path: str) -> Any:
    try:
        value = read()
    except UnknownValueError:
        return UNKNOWN + path
    return from_props(value, path)
