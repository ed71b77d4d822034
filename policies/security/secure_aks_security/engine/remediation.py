"""Repairs: a rule whose refusal has one right answer can set it, where a stack asks for `remediate`.

A rule file maps paths to values. A path starts at the pod's spec for pods and at the object for everything else;
`containers[*]` stands for containers of every sort, `longRunning[*]` for all but ephemeral ones, and a key with
dots is written as `['key']`.
"""

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from pulumi_policy.deserialize import SPECIAL_SECRET_SIG, SPECIAL_SIG_KEY, serialize_properties

from secure_aks_security.judging.resources import template_path
from secure_aks_security.model import Rule
from secure_aks_security.shapes import mapping

_PART = re.compile(r"\['([^']+)'\]|([^.\[\]]+)(\[\*\])?")
_LISTS = {
    "containers": ("containers", "initContainers", "ephemeralContainers"),
    "longRunning": ("containers", "initContainers"),
}


def remedied(rule: Rule, kind: str, props: Mapping[str, Any]) -> dict[str, Any]:
    """Return the properties with the rule's answers in place, secrets and unknowns as they were.

    `props` are what the SDK hands to a remediation, `kind` is the Kubernetes kind ("" for other resources).
    """
    wire = copy.deepcopy(cast("dict[str, Any]", serialize_properties(props)))
    start = f"{template_path(kind)}." if rule.area.name == "pods" else ""
    for path, value in rule.remediation.items():
        _set(wire, _parse(start + path), value)
    return wire


def _parse(path: str) -> list[tuple[str, bool]]:
    """Return the keys of a path, each with whether it means every item of the list there."""
    return [(quoted or key, bool(every)) for quoted, key, every in _PART.findall(path)]


def _set(holder: Any, path: list[tuple[str, bool]], value: Any) -> None:
    holder = _inside(holder)
    if not isinstance(holder, dict):
        return  # not known yet, or malformed: the rule says so itself
    fields = cast("dict[str, Any]", holder)
    (key, every), rest = path[0], path[1:]
    if every:
        for item in _items(fields, key):
            _set(item, rest, value)
    elif rest:
        _set(fields.setdefault(key, {}), rest, value)
    else:
        _put(fields, key, value)


def _items(fields: dict[str, Any], key: str) -> Iterator[Any]:
    for name in _LISTS.get(key, (key,)):
        items = _inside(fields.get(name))
        if isinstance(items, list):
            yield from cast("list[Any]", items)


def _put(fields: dict[str, Any], key: str, value: Any) -> None:
    """Set a value; into a mapping that is there, so that what else it says stays."""
    present = _inside(fields.get(key))
    if isinstance(present, dict) and isinstance(value, dict):
        cast("dict[str, Any]", present).update(cast("dict[str, Any]", value))
    else:
        fields[key] = copy.deepcopy(value)


def _inside(value: Any) -> Any:
    """Return what a secret on the wire holds, anything else as it is."""
    if isinstance(value, dict):
        fields = mapping(cast("object", value))
        if fields.get(SPECIAL_SIG_KEY) == SPECIAL_SECRET_SIG:
            return fields.get("value")
    return cast("Any", value)
