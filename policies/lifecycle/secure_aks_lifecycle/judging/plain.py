"""Plain Python values out of a policy's properties.

The SDK hands out proxies that are no dicts, numbers as floats, and an exception for every unknown value.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, cast

from pulumi_policy.proxy import UnknownValueError


class Unknown:
    """A value that is not known before `up`. There is one: `UNKNOWN`."""

    def __repr__(self) -> str:
        return "unknown"


UNKNOWN: Final = Unknown()


def plain(value: Any, keep: Collection[str] | None = None) -> Any:
    """Convert a property to dicts, lists and scalars: unknown values become `UNKNOWN`, whole floats become ints.

    `keep`: the only keys of the outermost mapping that are wanted.
    """
    if isinstance(value, Mapping):
        mapping = cast("Mapping[str, Any]", value)
        return {key: _item(mapping, key) for key in mapping if keep is None or key in keep}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        sequence = cast("Sequence[Any]", value)
        return [_item(sequence, index) for index in range(len(sequence))]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _item(container: Any, key: Any) -> Any:
    try:
        return plain(container[key])
    except UnknownValueError:
        return UNKNOWN


def dig(value: Any, *path: str) -> Any:
    """Follow a path through mappings. Unknown on the way gives `UNKNOWN`; anything missing gives None."""
    for key in path:
        if isinstance(value, Unknown):
            return UNKNOWN
        if not isinstance(value, Mapping):
            return None
        value = cast("Mapping[str, Any]", value).get(key)
    return value


def mappings(value: Any) -> list[dict[str, Any]]:
    """Return the mappings in a list; none when it is no list."""
    if not isinstance(value, list):
        return []
    return [cast("dict[str, Any]", item) for item in cast("list[Any]", value) if isinstance(item, dict)]
