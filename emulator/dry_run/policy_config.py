"""What a policy pack is configured with, put together as the engine does (pulumi/pulumi `pkg/resource/analyzer/config.go`).

In rising order: the policies' own levels and the defaults of their schemas' top-level properties, the pack's initial
configuration, the user's file. In each, "all" sets the level of every policy before the policies' own entries.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from emulator.errors import ConfigError
from emulator.properties.values import is_list, is_object

if TYPE_CHECKING:
    from pathlib import Path

LEVELS = ("advisory", "mandatory", "disabled", "remediate")
"""The enforcement levels, in the order of the protocol's numbers."""

_JSON_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "array": list,
    "object": dict,
    "null": type(None),
}


@dataclass
class PolicySettings:
    """One policy's level and parameters."""

    level: str | None = None
    properties: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class PolicySchema:
    """What a policy says of itself: its level, and the JSON schema of its parameters."""

    level: str
    properties: dict[str, Any]
    required: list[str]


def load_policy_config(path: Path) -> dict[str, PolicySettings]:
    """Read the file of `--policy-pack-config`. Raises ConfigError."""
    try:
        raw: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: not a policy configuration: {error}") from None
    if not is_object(raw):
        raise ConfigError(f"{path}: expected an object of policy names")
    found: dict[str, PolicySettings] = {}
    for name, value in raw.items():
        entry = {"enforcementLevel": value} if isinstance(value, str) else value
        level = entry.get("enforcementLevel") if is_object(entry) else None
        if not is_object(entry) or level not in {None, *LEVELS}:
            raise ConfigError(
                f"{path}: {name}: write one of {', '.join(LEVELS)}, or an object with `enforcementLevel`"
            )
        found[name] = PolicySettings(level, {k: v for k, v in entry.items() if k != "enforcementLevel"})
    return found


def reconcile(
    policies: dict[str, PolicySchema], layers: list[dict[str, PolicySettings]]
) -> tuple[dict[str, PolicySettings], list[str]]:
    """Return every policy's settings, and what is wrong with them ("<policy>: <why>")."""
    result = {
        name: PolicySettings(
            schema.level,
            {k: s["default"] for k, s in schema.properties.items() if is_object(s) and "default" in s},
        )
        for name, schema in policies.items()
    }
    for layer in layers:
        everything = layer.get("all")
        for name, settings in result.items():
            own = layer.get(name, PolicySettings())
            settings.level = own.level or (everything.level if everything else None) or settings.level
            settings.properties |= own.properties
    problems = [
        f"{name}: {problem}"
        for name, settings in result.items()
        for problem in _check(settings.properties, policies[name])
    ]
    return result, problems


def _check(properties: dict[str, Any], schema: PolicySchema) -> list[str]:
    problems = [f"{name} is required" for name in schema.required if name not in properties]
    for name, value in properties.items():
        problems += _check_value(name, value, schema.properties.get(name, {}))
    return problems


def _check_value(path: str, value: Any, schema: Any) -> list[str]:
    """Check types, enums, bounds and patterns: the parts of JSON schema that policies use."""
    if not is_object(schema):
        return []
    kinds: list[str] = [schema["type"]] if isinstance(schema.get("type"), str) else schema.get("type") or []
    if kinds and not any(_is(value, kind) for kind in kinds):
        return [f"{path} must be {' or '.join(kinds)}, not {json.dumps(value)}"]
    problems: list[str] = []
    if "enum" in schema and value not in schema["enum"]:
        problems.append(f"{path} must be one of {', '.join(json.dumps(v) for v in schema['enum'])}")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value < schema.get("minimum", value):
            problems.append(f"{path} must be {schema['minimum']:g} or more")
        if value > schema.get("maximum", value):
            problems.append(f"{path} must be {schema['maximum']:g} or less")
    if is_list(value):
        problems += [
            p for i, v in enumerate(value) for p in _check_value(f"{path}[{i}]", v, schema.get("items"))
        ]
    if is_object(value):
        nested: dict[str, Any] = schema.get("properties") or {}
        problems += [p for k, v in value.items() for p in _check_value(f"{path}.{k}", v, nested.get(k))]
    return problems


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if isinstance(value, float) and value.is_integer() and kind == "integer":
        return True
    return isinstance(value, _JSON_TYPES.get(kind, object))
