"""One property, two names: the REST API's and the SDK's, as the installed SDK has them."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, cast

from pulumi_azure_native import containerservice

from .sdk_types import described

Resource = Literal["cluster", "pool"]


def sdk_names(values: Mapping[str, Any], resource: Resource) -> dict[str, Any]:
    """Return properties that stand under the REST API's names under those of the SDK. Raises KeyError for one it has not."""
    return _renamed(values, _properties(resource), to_sdk=True)


def rest_names(values: Mapping[str, Any], resource: Resource) -> dict[str, Any]:
    """Return properties that stand under the SDK's names under those of the REST API. Raises KeyError for one it has not."""
    return _renamed(values, _properties(resource), to_sdk=False)


@cache
def _properties(resource: Resource) -> dict[str, Any]:
    # A cluster as a resource and a pool as one have no input type that the SDK exports beside their own modules.
    from pulumi_azure_native.containerservice import agent_pool, managed_cluster  # noqa: PLC0415

    return described(
        managed_cluster.ManagedClusterArgs if resource == "cluster" else agent_pool.AgentPoolArgs
    )


@cache
def _members(type_: str) -> dict[str, Any]:
    return described(getattr(containerservice, f"{type_}Args"))


def _renamed(values: Mapping[str, Any], known: Mapping[str, Any], *, to_sdk: bool) -> dict[str, Any]:
    by_name = (
        {name: (one["python"], one) for name, one in known.items()}
        if to_sdk
        else {one["python"]: (name, one) for name, one in known.items()}
    )
    return {
        by_name[name][0]: _value(value, by_name[name][1], to_sdk=to_sdk) for name, value in values.items()
    }


def _value(value: Any, shape: Mapping[str, Any], *, to_sdk: bool) -> Any:
    if shape["kind"] == "object" and isinstance(value, Mapping):
        return _renamed(cast("Mapping[str, Any]", value), _members(shape["type"]), to_sdk=to_sdk)
    if shape["kind"] == "map" and isinstance(value, Mapping):
        items = cast("Mapping[str, Any]", value)
        return {name: _value(item, shape["of"], to_sdk=to_sdk) for name, item in items.items()}
    if shape["kind"] == "list" and isinstance(value, list):
        return [_value(item, shape["of"], to_sdk=to_sdk) for item in cast("list[Any]", value)]
    return value
