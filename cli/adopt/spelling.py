"""Values of Azure's answers as its API spells them: `nodeIPConfiguration` is answered, and `NodeIPConfiguration` is what it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from settings.facts.azure_api import members, properties

if TYPE_CHECKING:
    from collections.abc import Mapping

    from settings.facts.azure_api import Property, Resource, Shape

    from .found import Json


def spelt(resource: Resource, said: Json) -> Json:
    """Return a resource with each value that the API lists in the API's own letters; Azure tells no case there."""
    return _each(said, properties(resource))


def _each(said: Json, known: Mapping[str, Property]) -> Json:
    return {key: _value(value, known[key].shape) if key in known else value for key, value in said.items()}


def _value(value: Any, shape: Shape) -> Any:
    if isinstance(value, str):
        return next((one for one in shape.values if one.lower() == value.lower()), value)
    if isinstance(value, dict) and shape.kind == "object":
        return _each(cast("Json", value), members(shape.type))
    if isinstance(value, dict) and shape.of:
        return {key: _value(one, shape.of) for key, one in cast("Json", value).items()}
    if isinstance(value, list) and shape.of:
        return [_value(one, shape.of) for one in cast("list[Any]", value)]
    return cast("Any", value)
