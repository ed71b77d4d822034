"""Whether a value has the shape that Azure's API gives it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from settings.checks.finding import Finding
from settings.facts.azure_api import Property, Resource, Shape, members, properties, version
from settings.facts.data_files import read
from settings.facts.ours import absent
from settings.fields.id_names import misnamed, type_of
from settings.words import did_you_mean, named_kind, repeated, shown

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
_BOUNDS = (-(2**31), 2**31 - 1)
"""Of whole numbers: Azure's are of 32 bits."""
_INDEX = re.compile(r"\[\d+\]")


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
            remedy = _deeper(name, known) or did_you_mean(name, known)
            yield Finding(f"{path}.{name}", f"{what} has no such property", remedy)


def _deeper(name: str, known: Mapping[str, Property]) -> str:
    """Return where a property stands that was written a level or two too high; "" where it is nowhere, or in several places."""
    inside = {place: one.shape.type for place, one in known.items() if one.shape.kind == "object"}
    found = [place for place, type_ in inside.items() if name in members(type_)]
    return f"write it below `{found[0]}`" if len(found) == 1 else ""


def _elsewhere(name: str) -> bool:
    """Whether it is one of the cluster's network profile, of which `extras` speaks."""
    return name in members(properties("cluster")["networkProfile"].shape.type)


def _value(path: str, value: Any, shape: Shape) -> Iterator[Finding]:
    if value is None:
        yield Finding(path, "it is empty, and an empty value takes nothing away", f"write {shape.words}")
    elif not _is(value, shape):
        yield _other_kind(path, value, shape)
    elif shape.kind == "integer":
        yield from _number(path, value)
    elif shape.kind == "text" and (type_ := _id_of(path)):
        yield from _id(path, value, type_)
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


def _number(path: str, value: int) -> Iterator[Finding]:
    least, most = read("bounds")["numbers"].get(path.rpartition(".")[2], _BOUNDS)
    if not least <= value <= most:
        yield Finding(path, f"{value} is no number that Azure takes", f"write one from {least} to {most}")


def _id_of(path: str) -> str | None:
    """Return the type of the resource whose id stands at a path; None where none does."""
    place = _INDEX.sub("", path)
    return next((type_ for end, type_ in read("bounds")["ids"].items() if place.endswith(f".{end}")), None)


def _id(path: str, value: str, type_: str) -> Iterator[Finding]:
    if (type_of(value) or "").lower() != type_.lower():
        why = f"{shown(value)!r} is no resource id of the type {type_}"
        yield Finding(path, why, f"write /subscriptions/<id>/resourceGroups/<group>/providers/{type_}/<name>")
    elif wrong := misnamed(value):
        yield Finding(path, *wrong)


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
