"""Parts of JSON answers that may be missing or null."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]


def part(value: Mapping[str, Any], *path: str) -> Json:
    """Return the mapping at a path of keys; empty when it does not go that far."""
    found: Any = value
    for key in path:
        found = found.get(key) or {}
    return found


def rows(value: Mapping[str, Any], key: str) -> list[Json]:
    """Return the list of mappings under a key; empty when there is none."""
    return value.get(key) or []
