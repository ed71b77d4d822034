"""Whether a value has the shape that Azure's API gives it."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from settings.checks.finding import Finding
from settings.facts.azure_api import Property, Resource, Shape, members, properties, version
from settings.facts.ours import absent
from settings.words import did_you_mean, named_kind, repeated

_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "text": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "list": list,
    "map": dict,
    "object": dict,
    "any": object,
}


def shape_findings(path: str, resource: Resource, extra: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what the API version in use does not know, or knows as something else."""
    yield from _members(path, extra, properties(resource), f"a {resource} of the API {version(resource)}")


def _members(
    path: str, values: Mapping[str, Any], known: Mapping[str, Property], what: str
) -> Iterator[Finding]:
    for name, value in values.items():
        if name in known:
            yield from _value(f"{path}.{name}", value, known[name].shape)
        elif why := absent(name):
            yield Finding(f"{path}.{name}", why, "remove it")
        elif path != "secure-aks:network.extra" or not _elsewhere(name):
            yield Finding(f"{path}.{name}", f"{what} has no such property", did_you_mean(name, known))


def _elsewhere(name: str) -> bool:
    """Whether it is one of the cluster's network profile, of which `extras` speaks."""
    return name in members(properties("cluster")["networkProfile"].shape.type)


def _value(path: str, value: Any, shape: Shape) -> Iterator[Finding]:
    if value is None:
        yield Finding(path, "it is empty, and an empty value takes nothing away", f"write {shape.words}")
    elif not _is(value, shape):
        yield _other_kind(path, value, shape)
    elif shape.values and value not in shape.values:
        yield Finding(path, f"{value!r} is not one of its values", did_you_mean(str(value), shape.values))
    else:
        yield from _inside(path, value, shape)


def _inside(path: str, value: Any, shape: Shape) -> Iterator[Finding]:
    if shape.kind == "object":
        yield from _members(path, value, members(shape.type), f"Azure's {shape.type}")
    elif shape.kind == "map" and shape.of:
        for name, item in value.items():
            yield from _value(f"{path}.{name}", item, shape.of)
        for place, name, first in repeated((f"{path}.{name}", name) for name in value):
            why = f"Azure tells {name!r} and {first.removeprefix(f'{path}.')!r} not apart"
            yield Finding(place, why, "remove one of them")
    elif shape.kind == "list" and shape.of:
        for index, item in enumerate(cast("list[Any]", value)):
            yield from _value(f"{path}[{index}]", item, shape.of)


def _other_kind(path: str, value: Any, shape: Shape) -> Finding:
    if shape.kind != "text" or isinstance(value, (dict, list)):
        return Finding(path, f"it is {named_kind(value)}", f"write {shape.words}")
    text = getattr(value, "text", str(value).lower() if isinstance(value, bool) else str(value))
    return Finding(path, f"this is text, and without quotes {text} is {named_kind(value)}", f'write "{text}"')


def _is(value: Any, shape: Shape) -> bool:
    # True is a whole number to Python, and none to Azure.
    if isinstance(value, bool) and shape.kind not in {"boolean", "any"}:
        return False
    return isinstance(value, _TYPES[shape.kind])
