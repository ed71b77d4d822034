"""Reading nested properties that may be left out or null at any level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.properties.values import is_list, is_object

if TYPE_CHECKING:
    from emulator.properties.values import Props


def at(properties: Props, path: str) -> Any:
    """Return what stands at a dotted path, None where there is nothing."""
    value: Any = properties
    for key in path.split("."):
        value = value.get(key) if is_object(value) else None
    return value


def table(properties: Props, path: str) -> Props:
    """Return the object at a path; empty where there is none."""
    value = at(properties, path)
    return value if is_object(value) else {}


def rows(properties: Props, path: str) -> list[Any]:
    """Return the list at a path; empty where there is none."""
    value = at(properties, path)
    return value if is_list(value) else []


def each(properties: Props, path: str) -> list[Any]:
    """Return every value at a path: of `a.b[].c` that of each item, and of `a.b[]` of an object its keys, of `a.b{}` its values."""
    values: list[Any] = [properties]
    for key in path.split("."):
        name = key.rstrip("[]{}")
        found = [value.get(name) if is_object(value) else None for value in values]
        if key.endswith("{}"):
            found = [list(value.values()) for value in found if is_object(value)]
        inside = (one for value in found if is_list(value) or is_object(value) for one in value)
        values = found if key == name else list(inside)
    return values


def filled(defaults: Props, said: Props) -> Props:
    """Return what is said, with defaults for what is not, at every depth; null is not said."""
    there = {key: value for key, value in said.items() if value is not None}
    deeper = {key: filled(value, table(there, key)) for key, value in defaults.items() if is_object(value)}
    return defaults | there | deeper
