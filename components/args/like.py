"""Arguments made from whatever says the same under the same names."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin

import pulumi

T = TypeVar("T")
_MISSING = object()
_LATER = (pulumi.Output, pulumi.Resource)


def like(kind: type[T], said: object) -> T:
    """Return arguments of a kind from an object with attributes, or a mapping with keys, of the same names.

    A part that is missing, and one that is None where None is no answer, has its default. What a kind wants as text (a
    version, a range, a day) is made text. Raises TypeError for a key of a mapping that the kind has not, and where a part
    without a default is missing.
    """
    hints = _hints(kind)
    if isinstance(said, Mapping) and (unknown := cast("Mapping[str, Any]", said).keys() - hints.keys()):
        raise TypeError(
            f"{kind.__name__} has no {', '.join(sorted(unknown))}; it has {', '.join(sorted(hints))}"
        )
    found = {name: _part(cast("Any", said), name) for name in hints}
    given = {
        name: _as(hints[name], value)
        for name, value in found.items()
        if value is not _MISSING and (value is not None or NoneType in get_args(hints[name]))
    }
    return kind(**given)


@cache
def _hints(kind: type) -> dict[str, Any]:
    # As they stand: Pulumi's Input quotes what cannot be looked up from here.
    return {one.name: one.type for one in fields(cast("Any", kind))}


def _part(said: Any, name: str) -> Any:
    if isinstance(said, Mapping):
        return cast("Mapping[str, Any]", said).get(name, _MISSING)
    return getattr(said, name, _MISSING)


def _as(hint: Any, value: Any) -> Any:
    """Return a value as a hint wants it; what is known only later stays as it is."""
    if value is None or isinstance(value, _LATER):
        return cast("Any", value)
    if get_origin(hint) in {Union, UnionType}:
        wanted = [one for one in get_args(hint) if one is not NoneType]
        return _as(wanted[0], value) if len(wanted) == 1 else value
    if is_dataclass(hint):
        return like(cast("type[Any]", hint), value)
    arguments = get_args(hint)
    if get_origin(hint) is Sequence and arguments:
        return [_as(arguments[0], item) for item in value]
    if get_origin(hint) is Mapping and arguments:
        return {key: _as(arguments[1], item) for key, item in value.items()}
    return str(value) if hint is str else value
