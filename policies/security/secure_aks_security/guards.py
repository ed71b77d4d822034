"""What `unknowns.py` puts into an expression: functions that raise where an unknown would be used.

Each takes one list: the runtime passes arguments of any types in no other way.
"""

from collections.abc import Callable
from typing import Any, cast

from secure_aks_security.shapes import items, mapping
from secure_aks_security.values import UNKNOWN, holds_unknown, is_unknown


class UnknownUsedError(Exception):
    """An expression needs a value that is not known yet; the message is the value's stand-in."""


def guards(*, partial: bool) -> dict[str, Callable[[list[Any]], Any]]:
    """Return the functions by name. `partial`: the object is a patch, so what is absent may be there on the server."""
    fields = _Fields(partial=partial)
    return {
        "known": _known,
        "settled": _settled,
        "among": _among,
        "plus": _plus,
        "present": fields.present,
        "maybe_present": fields.maybe_present,
        "field": fields.field,
        "each": fields.each,
    }


def _known(arguments: list[Any]) -> Any:
    """Return the value of [value]; an error when it is unknown."""
    if is_unknown(arguments[0]):
        raise UnknownUsedError(arguments[0])
    return arguments[0]


def _settled(arguments: list[Any]) -> Any:
    """Return the value of [value]; an error when something in it is unknown."""
    if holds_unknown(arguments[0]):
        raise UnknownUsedError(_first_unknown(arguments[0]))
    return arguments[0]


def _among(arguments: list[Any]) -> bool:
    """Tell for [item, list or map] whether the item is in it; an error when an unknown could be it."""
    item, holder = arguments
    if item in holder:
        return True
    _settled([holder])
    return False


def _plus(arguments: list[Any]) -> Any:
    """Return the sum of [left, right]; a list that is not known counts as a list with one unknown item."""
    left, right = arguments
    if isinstance(left, list) or isinstance(right, list):
        return _as_list(left) + _as_list(right)
    return _known([left]) + _known([right])


class _Fields:
    """Reads fields that may be unknown, or missing from a patch."""

    def __init__(self, *, partial: bool) -> None:
        self._partial = partial

    def present(self, arguments: list[Any]) -> bool:
        """Return what `has` does for [map, key]; an error when that cannot be told."""
        holder, name = arguments
        if name in holder:
            return _known([holder[name]]) is not None
        if self._partial:
            raise UnknownUsedError("not in the patch")
        return False

    def maybe_present(self, arguments: list[Any]) -> bool:
        """Return what `has` does for [map, key]; true when that cannot be told."""
        holder, name = arguments
        return self._partial or name in holder

    def each(self, arguments: list[Any]) -> Any:
        """Return what a macro goes through; of a patch's map nobody knows all the keys."""
        [holder] = arguments
        return [*holder, UNKNOWN] if self._partial and isinstance(holder, dict) else holder

    def field(self, arguments: list[Any]) -> Any:
        """Return the field of [map, key], unknown or not."""
        holder, name = arguments
        return holder.get(name, UNKNOWN) if self._partial else holder[name]


def _first_unknown(value: Any) -> str:
    if isinstance(value, str):
        return value
    inside: list[Any] = list(mapping(cast("object", value)).values()) or items(cast("object", value))
    return next(_first_unknown(item) for item in inside if holds_unknown(item))


def _as_list(value: Any) -> list[Any]:
    return items(cast("object", value)) if isinstance(value, list) else [value]
