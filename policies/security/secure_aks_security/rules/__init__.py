"""The rules: one YAML file each, in a folder for each area; `_area.yaml` says what the area is about."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml

from secure_aks_security.kept import KEPT
from secure_aks_security.model import (
    Area,
    Compliance,
    Coverage,
    Level,
    Most,
    Parameter,
    Right,
    Rule,
    Variable,
)
from secure_aks_security.stack_file.exemptions import Exemption

_FOLDER = Path(__file__).parent
_LISTS = ("facts", "kinds", "types", "resources", "preview_groups", "of_aks")
_PATTERN = re.compile(r"\bpatterns\.(\w+)")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class RuleFileError(Exception):
    """A rule file that does not say what a rule must say; the message names the file."""


@cache
def load_rules() -> list[Rule]:
    """Return every rule, area by area, each in the order of its id. Raises RuleFileError."""
    return [rule for area in load_areas() for rule in _rules_of(area)]


@cache
def load_areas() -> list[Area]:
    """Return the areas in the order of their names. Raises RuleFileError."""
    return [_area(path) for path in sorted(_FOLDER.glob("*/_area.yaml"))]


@cache
def built_in_exemptions() -> tuple[Exemption, ...]:
    """Return the exemptions that this project's own components need; they have no end."""
    return tuple(
        Exemption(rule=rule, reason=item["reason"], until=None, of=item.get("of", ""), **item["resource"])
        for item in _yaml(_FOLDER / "exemptions.yaml")
        for rule in item["rules"]
    )


@cache
def rights() -> dict[str, Right]:
    """Return what a controller of the platform may be let do, by name."""
    return {
        name: Right(said.pop("says"), **{where: tuple(rules) for where, rules in said.items()})
        for name, said in _yaml(_FOLDER / "rights.yaml").items()
    }


@cache
def coverage() -> dict[str, dict[str, Coverage]]:
    """Return, for other rule sets by name, which rules here ask what each of their AKS checks asks."""
    return {
        title: {check: _coverage(said) for check, said in checks.items()}
        for title, checks in _yaml(_FOLDER / "coverage.yaml").items()
    }


def _coverage(said: Any) -> Coverage:
    return Coverage(**cast("Mapping[str, Any]", said)) if isinstance(said, Mapping) else Coverage(said)


def _rules_of(area: Area) -> list[Rule]:
    folder = _FOLDER / area.name
    return [_rule(path, area) for path in sorted(folder.glob("*.yaml")) if path.name != "_area.yaml"]


def _area(path: Path) -> Area:
    data = _read(path)
    try:
        return Area(
            name=path.parent.name,
            variables=tuple(Variable(**item) for item in data.pop("variables", [])),
            most=_most(data.pop("most", None)),
            **{key: tuple(data.pop(key, ())) for key in _LISTS},
            **data,
        )
    except (KeyError, TypeError) as error:
        raise RuleFileError(f"{path.name} of {path.parent.name}: {error}") from error


def _most(said: Any) -> Most | None:
    return Most(over=tuple(said["over"]), says=said["says"]) if said else None


def _rule(path: Path, area: Area) -> Rule:
    data = _read(path)
    try:
        rule = Rule(
            area=area,
            level=Level(data.pop("level")),
            fields=tuple(data.pop("fields")),
            allowed=tuple(data.pop("allowed")),
            expression=data.pop("expression").strip(),
            message=data.pop("message").strip(),
            compliance=tuple(Compliance(**item) for item in data.pop("compliance", [])),
            parameters={name: Parameter(**item) for name, item in data.pop("parameters", {}).items()},
            **data,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RuleFileError(f"{path.name}: {error}") from error
    if rule.id != path.stem:
        raise RuleFileError(f"{path.name}: its id is {rule.id}, the file's name must be the same")
    return rule


def _read(path: Path) -> dict[str, Any]:
    data = _yaml(path)
    if not isinstance(data, dict):
        raise RuleFileError(f"{path.name}: not a mapping")
    return {key: _with_patterns(value) for key, value in cast("dict[str, Any]", data).items()}


def _with_patterns(value: Any) -> Any:
    """Return a rule's text, or each in a list of variables, with the shared patterns it names as CEL literals."""
    if isinstance(value, list):
        return [_with_patterns(one) for one in cast("list[object]", value)]
    if isinstance(value, dict):
        return {key: _with_patterns(one) for key, one in cast("dict[str, object]", value).items()}
    if not isinstance(value, str) or "patterns." not in value:
        return value
    return _PATTERN.sub(lambda found: "r'" + patterns()[found[1]] + "'", value)


@cache
def patterns() -> dict[str, str]:
    """Return the patterns that rules share, each on one line. None may have an apostrophe."""
    found = cast("dict[str, str]", _yaml(_FOLDER / "patterns.yaml"))
    return {name: text.replace("| ", "|").strip() for name, text in found.items()}


def _yaml(path: Path) -> Any:
    return KEPT.content(path, _parsed)


def _parsed(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader, the C one where there is
