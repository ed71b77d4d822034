"""What a stack adds of Azure's own properties, laid beside what the components set."""

from collections.abc import Mapping
from typing import Any, cast

from .names import Resource, sdk_names


def with_extra(ours: Mapping[str, Any], extra: Mapping[str, Any], resource: Resource) -> dict[str, Any]:
    """Return the SDK's arguments of a resource with an `extra`, whose names are the REST API's, beside them.

    Mappings are joined key by key; a list and a plain value are taken whole. Raises ValueError where both say something.
    """
    return laid_beside(ours, sdk_names(extra, resource))


def laid_beside(ours: Mapping[str, Any], extra: Mapping[str, Any], place: str = "") -> dict[str, Any]:
    """Return two nested mappings as one. Raises ValueError where both say something, because one would be undone."""
    joined = dict(ours)
    for name, value in extra.items():
        there, path = joined.get(name), f"{place}{name}"
        if there is None:
            joined[name] = value
        elif isinstance(there, Mapping) and isinstance(value, Mapping):
            joined[name] = laid_beside(
                cast("Mapping[str, Any]", there), cast("Mapping[str, Any]", value), f"{path}."
            )
        else:
            raise ValueError(f"{path} is set already, and `extra` undoes nothing; remove it there")
    return joined
