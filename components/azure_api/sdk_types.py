"""The input types of the installed azure-native SDK, as plain data.

The SDK is generated from Azure's API specifications: a property has its REST name, its type, its values where they are
listed, and its description there.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

import pulumi

_PLAIN = {str: "text", int: "integer", float: "number", bool: "boolean"}
_MARKUP = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def described(type_: type, without: Iterable[str] = ()) -> dict[str, Any]:
    """Return every property of an input type by its REST name, those of `without` left out."""
    return {
        name: {"python": attribute, **_kind(_hint(getter)), "meaning": _sentence(getter.__doc__)}
        for attribute, name, getter in _properties(type_)
        if name not in without
    }


def inner(type_: type, without: Iterable[str] = ()) -> Iterator[type]:
    """Yield the input types that the properties of a type are made of."""
    for _, name, getter in _properties(type_):
        if name not in without:
            yield from _classes(_hint(getter))


def _properties(type_: type) -> Iterator[tuple[str, str, Any]]:
    for attribute, value in vars(type_).items():
        if isinstance(value, property) and (name := getattr(value.fget, "_pulumi_name", attribute)):
            yield attribute, name, value.fget


def _hint(getter: Any) -> Any:
    # The SDK quotes Output in its own types, and the modules that use them do not import it.
    names = {**vars(sys.modules[getter.__module__]), "Output": pulumi.Output, "T": Any}
    return get_type_hints(getter, names)["return"]


def _plain(hint: Any) -> list[Any]:
    """Return what a value may be when it is known: without None, Awaitable and Output."""
    if get_origin(hint) not in {Union, UnionType}:
        return [hint]
    parts = [part for part in get_args(hint) if part is not NoneType]
    return [
        part
        for part in parts
        if getattr(get_origin(part) or part, "__name__", "") not in {"Awaitable", "Output"}
    ]


def _kind(hint: Any) -> dict[str, Any]:
    parts = _plain(hint)
    enum = next((part for part in parts if isinstance(part, type) and issubclass(part, Enum)), None)
    if enum:
        return {"kind": "text", "values": [str(member.value) for member in enum]}
    [part] = parts if len(parts) == 1 else [Any]
    origin, arguments = get_origin(part), get_args(part)
    if origin and issubclass(origin, Mapping):
        return {"kind": "map", "of": _kind(arguments[1])}
    if origin and issubclass(origin, Sequence):
        return {"kind": "list", "of": _kind(arguments[0])}
    if part in _PLAIN:
        return {"kind": _PLAIN[part]}
    if not isinstance(part, type) or part is Any:
        return {"kind": "any"}
    return {"kind": "object", "type": type_name(cast("type", part))}


def _classes(hint: Any) -> Iterator[type]:
    for part in _plain(hint):
        if get_origin(part):
            yield from (one for argument in get_args(part) for one in _classes(argument))
        elif isinstance(part, type) and part.__module__.endswith("._inputs"):
            yield part


def type_name(type_: type) -> str:
    """Return the API's name of an input type."""
    return type_.__name__.removesuffix("Args")


def _sentence(text: str | None) -> str:
    said = " ".join(_MARKUP.sub(r"\1", text or "").split())
    return re.split(r"(?<=[.!?])\s", said, maxsplit=1)[0]
