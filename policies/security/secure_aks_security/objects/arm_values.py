"""What the values of an ARM template come to: parameters and variables by name, loops; the rest is not known yet."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from secure_aks_security.judging.values import UNKNOWN, is_unknown
from secure_aks_security.shapes import items, mapping

DEEPEST = 20
"""How deep a reference may lead to another, and a template hold another."""
_REFERENCE = re.compile(r"\[\s*(parameters|variables)\s*\(\s*'([^']+)'\s*\)\s*\]", re.IGNORECASE)
# The id of a role, which nobody writes out: what comes before its last part says nothing of the role.
_ROLE = re.compile(
    r"\[\s*(?:subscription|tenant)?resourceId\((?:[^']*,)?\s*'(Microsoft\.Authorization/roleDefinitions)'\s*,"
    r"\s*(?:'([^']+)'|((?:parameters|variables)\('[^']+'\)))\s*\)\s*\]",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Scope:
    """Where expressions are read: the values of parameters and variables, by their names in lower case."""

    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    variables: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def read(self, value: Any, place: str, depth: int = 0) -> Any:
        """Return a value with its expressions read; those that are not, as unknowns."""
        if isinstance(value, dict):
            given = looped(cast("dict[str, Any]", value))
            return {key: self.read(item, f"{place}.{key}", depth) for key, item in given.items()}
        if isinstance(value, list):
            return [
                self.read(item, f"{place}[{index}]", depth)
                for index, item in enumerate(items(cast("object", value)))
            ]
        return self._text(value, place, depth) if isinstance(value, str) else value

    def _text(self, text: str, place: str, depth: int) -> Any:
        if not (text.startswith("[") and text.endswith("]")):
            return text
        if text.startswith("[["):
            return text[1:]
        reference, role = _REFERENCE.fullmatch(text), _ROLE.fullmatch(text)
        if reference and depth < DEEPEST:
            values = self.parameters if reference[1].lower() == "parameters" else self.variables
            if reference[2].lower() in values:
                return self.read(values[reference[2].lower()], place, depth + 1)
        if role:
            name = role[2] or self._text(f"[{role[3]}]", place, depth)
            if isinstance(name, str) and not is_unknown(name):
                return f"/providers/{role[1]}/{name}"
        return f"{UNKNOWN}{place}, the expression {text}"


def scope_of(said: Mapping[str, Any], parts: Mapping[str, Any]) -> Scope:
    """Return where a template's expressions are read, from its deployment's properties and its own parts.

    A default counts where the deployment says nothing else: no link, and no reference to a vault.
    """
    linked = "parameterslink" in said
    passed: Any = parsed(said.get("parameters", {}))
    given = {name: lower(mapping(value)) for name, value in lower(mapping(passed)).items()}
    unread = linked or is_unknown(passed)
    values: dict[str, Any] = {}
    for name, value in {**given, **lower(mapping(parts.get("parameters")))}.items():
        if name in given:
            values[name] = given[name].get("value")
        elif not unread:
            values[name] = lower(mapping(value)).get("defaultvalue")
    known = {name: value for name, value in values.items() if value is not None}
    return Scope(known, lower(looped(dict(mapping(parts.get("variables"))))))


def looped(value: dict[str, Any]) -> dict[str, Any]:
    """Return an object with its loops as the values they make: a list of one, which stands for all that are alike."""
    loops = [(key, items(item)) for key, item in value.items() if key.lower() == "copy"]
    made = {
        str(one["name"]): [one["input"]]
        for _, each in loops
        for one in (lower(mapping(item)) for item in each)
        if "name" in one and "input" in one
    }
    return {key: item for key, item in value.items() if key.lower() != "copy" or not made} | made


def parsed(value: Any) -> Any:
    """Return what may be JSON in a text, which ARM takes too; a text that is none comes back as it is."""
    if not isinstance(value, str) or is_unknown(value):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def lower(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return a mapping with its keys in lower case; of two that are one then, and say two things, nobody knows which counts."""
    found: dict[str, Any] = {}
    for name, item in value.items():
        key = str(name).lower()
        found[key] = f"{UNKNOWN}{name}, which is said twice" if found.get(key, item) != item else item
    return found
