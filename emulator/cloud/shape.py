"""What the file of a cloud has to look like: whoever edited it, or has one of another version, is told the place."""

from __future__ import annotations

from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from emulator.properties.values import is_object

_MOST = 1e15
"""Above every number that a cloud holds, seconds since the epoch included."""


def check(value: Any, kind: Any, place: str) -> None:
    """Look at a value, and at all that is in it, by the type that it is to have. Raises ValueError naming the place."""
    if kind in {Any, str, int, bool, float, datetime}:
        _is(_fits(value, kind), place)
        return
    outer, inner = get_origin(kind), get_args(kind)
    if is_dataclass(kind):
        _fields(value, kind, place)
    elif outer in {dict, list}:
        _is(isinstance(value, outer), place)
        for key, item in value.items() if is_object(value) else enumerate(value):
            check(item, inner[-1], f"{place}.{key}" if is_object(value) else f"{place}[{key}]")
    elif outer is Literal:
        if value not in inner:
            raise ValueError(f"{place}: {value!r} is none of {', '.join(inner)}")
    elif value is not None:  # this, or nothing
        check(value, inner[0], place)


def _fits(value: Any, kind: Any) -> bool:
    if kind is datetime:
        return _is_moment(value)
    if kind is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < _MOST
    return kind is Any or type(value) is kind


def _fields(value: Any, kind: Any, place: str) -> None:
    types, needed = _known(kind)
    _is(is_object(value) and needed <= value.keys() <= types.keys(), place)
    for name, item in value.items():
        check(item, types[name], f"{place}.{name}")


@cache
def _known(kind: Any) -> tuple[dict[str, Any], frozenset[str]]:
    """Return the types of a class's fields, and which of them have no default."""
    needed = (f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING)
    return get_type_hints(kind), frozenset(needed)


def _is_moment(value: Any) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except (ValueError, TypeError):
        return False


def _is(right: bool, place: str) -> None:  # noqa: FBT001 - what was asked of the value there
    if not right:
        raise ValueError(f"{place} has another shape")
