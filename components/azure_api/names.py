"""One property, two names: the REST API's and the SDK's."""

from collections.abc import Mapping
from typing import Any, cast

from settings.facts.azure_api import Property, Resource, Shape, members, properties


def sdk_names(values: Mapping[str, Any], resource: Resource) -> dict[str, Any]:
    """Return properties that stand under the REST API's names under those of the SDK."""
    return _renamed(values, properties(resource), to_sdk=True)


def rest_names(values: Mapping[str, Any], resource: Resource) -> dict[str, Any]:
    """Return properties that stand under the SDK's names under those of the REST API."""
    return _renamed(values, properties(resource), to_sdk=False)


def _renamed(values: Mapping[str, Any], known: Mapping[str, Property], *, to_sdk: bool) -> dict[str, Any]:
    by_name = known if to_sdk else {one.python: one for one in known.values()}
    found = [(by_name[name], value) for name, value in values.items()]
    return {
        one.python if to_sdk else one.name: _value(value, one.shape, to_sdk=to_sdk) for one, value in found
    }


def _value(value: Any, shape: Shape, *, to_sdk: bool) -> Any:
    if shape.kind == "object" and isinstance(value, Mapping):
        return _renamed(cast("Mapping[str, Any]", value), members(shape.type), to_sdk=to_sdk)
    if shape.of and isinstance(value, Mapping):
        items = cast("Mapping[str, Any]", value)
        return {name: _value(item, shape.of, to_sdk=to_sdk) for name, item in items.items()}
    if shape.of and isinstance(value, list):
        return [_value(item, shape.of, to_sdk=to_sdk) for item in cast("list[Any]", value)]
    return value
