"""What the stack file says to this pack: levels, parameters, exemptions and the cluster's version.

The engine hands the stack's configuration to a pack in the variable PULUMI_CONFIG: JSON, in which the value of
an object key is JSON again.
"""

import json
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol, cast

from secure_aks_security.model import Level, Parameter
from secure_aks_security.rules import built_in_exemptions, load_rules
from secure_aks_security.shapes import items, mapping
from secure_aks_security.stack_file.exemptions import Exemption, ExemptionError, parse
from secure_aks_security.stack_file.facts import BROUGHT, SECTIONS, facts, ranges
from secure_aks_security.stack_file.platform import Allowance, allowances

VARIABLE = "PULUMI_CONFIG"
_PREFIX = "secure-aks:"
_DEFAULTS = "defaults"
"""The key of what all stacks share; each section lies over the part of it with its name."""
_DESCRIBED = {f"{_PREFIX}cluster", _PREFIX + _DEFAULTS}
_ASKED_FOR: dict[str, Callable[[Mapping[str, Any]], bool]] = {
    "": lambda _: True,
    "kured": lambda facts: facts["nodeUpdates"] == "kured",
    "seccomp": lambda facts: bool(facts["declaredSeccompProfiles"]),
    "apparmor": lambda facts: bool(facts["declaredAppArmorProfiles"]),
    "profiles": lambda facts: bool(facts["declaredSeccompProfiles"] or facts["declaredAppArmorProfiles"]),
}
"""What a stack has to say for a built-in exemption to hold, by its `of`."""


@dataclass(frozen=True)
class Setting:
    """A rule's level and parameters in this stack."""

    level: Level
    parameters: dict[str, Any]


@dataclass(frozen=True)
class Configuration:
    """Everything the stack says; `problems` are the parts that make no sense, each with its path.

    `facts` are those of `stack_file/facts.py`; `allowances` what its platform's controllers may do; `kubernetes_version` is the cluster's, "" where the stack names none;
    `stack` are the keys that all of it was read from.
    """

    settings: dict[str, Setting]
    exemptions: tuple[Exemption, ...] = ()
    problems: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=lambda: facts({}))
    kubernetes_version: str = ""
    allowances: tuple[Allowance, ...] = ()
    stack: Mapping[str, Any] = field(default_factory=dict[str, Any], compare=False)

    @property
    def all_exemptions(self) -> tuple[Exemption, ...]:
        """The stack's, and those built in for what it asks for; a program with settings of its own may have all of it."""
        free = _DESCRIBED.isdisjoint(self.stack)
        own = (one for one in built_in_exemptions() if free or _ASKED_FOR[one.of](self.facts))
        return (*own, *self.exemptions)


class Configurable(Protocol):
    """A rule of either kind, as far as its configuration goes."""

    @property
    def id(self) -> str:
        """The name in the stack file."""
        ...

    @property
    def level(self) -> Level:
        """The level unless the stack file says otherwise."""
        ...

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """What may be set, by name."""
        ...


def from_environment(rules: Sequence[Configurable]) -> Configuration:
    """Return what PULUMI_CONFIG says about `rules`; never raises."""
    try:
        data = json.loads(os.environ.get(VARIABLE) or "{}")
    except json.JSONDecodeError as error:
        return configure(rules, {}, [f"{VARIABLE} is not JSON: {error}"])
    return configure(rules, mapping(data))


def configure(
    rules: Sequence[Configurable], stack: Mapping[str, Any], problems: Sequence[str] = ()
) -> Configuration:
    """Return the configuration in a stack's keys ("secure-aks:policies" and the like)."""
    found = list(problems)
    shared = mapping(_section(stack, _DEFAULTS, found))

    def section(name: str) -> Any:
        if _PREFIX + name not in stack:
            return shared.get(name, {})
        return _over(_section(stack, name, found), shared.get(name))

    policies = section("policies")
    security = mapping(mapping(policies).get("security"))
    settings = _settings(rules, security, found)
    exemptions = _exemptions(rules, section("exemptions"), found)
    sections = {name: section(name) for name in SECTIONS}
    further = mapping(_section(stack, "clusters", found)).values()
    sections["cluster"] = together(mapping(sections["cluster"]), further)
    version = mapping(sections["cluster"]).get("kubernetesVersion")
    allowed = allowances(sections["platform"])
    known = facts(sections)
    return Configuration(settings, exemptions, tuple(found), known, str(version or ""), allowed, stack)


def each_cluster(stack: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the keys of a stack as each of its clusters has them: the first's, and those with a further one's `cluster` over it."""
    first = {key: value for key, value in stack.items() if key != f"{_PREFIX}clusters"}
    clusters = [mapping(one) for one in mapping(_section(stack, "clusters", [])).values()]
    said = _section(stack, "cluster", [])
    further = [{**first, f"{_PREFIX}cluster": _over(mapping(one.get("cluster")), said)} for one in clusters]
    return [first, *further]


def admission(stack: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the section `admission` of a stack."""
    shared = mapping(_section(stack, _DEFAULTS, [])).get("admission")
    return mapping(_over(_section(stack, "admission", []), shared))


def together(first: Mapping[str, Any], further: Iterable[Any]) -> dict[str, Any]:
    """Return one section `cluster` for all clusters of a stack, which a rule cannot tell apart at preview.

    The lowest version counts, for what a newer Kubernetes lets pass an older one does not; the groups and ranges are those of all.
    """
    clusters = [first, *(mapping(mapping(one).get("cluster")) for one in further)]
    versions = [str(one["kubernetesVersion"]) for one in clusters if one.get("kubernetesVersion")]
    every = [cidr for one in clusters for cidr in ranges(one)]
    groups = {
        key: [group for one in clusters for group in items(one.get(key))]
        for key in ("breakGlass", "deployers", "readers")
    }
    lowest = {"kubernetesVersion": min(versions, key=_numbers)} if versions else {}
    brought = {key: one[key] for key in BROUGHT for one in clusters[::-1] if one.get(key) is not None}
    backups = [
        {**mapping(first.get("backup")), **mapping(one["backup"])} for one in clusters if one.get("backup")
    ]
    return {
        **first,
        **brought,
        **lowest,
        "backups": backups,
        "ranges": every,
        **{key: found for key, found in groups.items() if found},
    }


def _numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"[0-9]+", version)]


def _exemptions(rules: Sequence[Configurable], given: Any, problems: list[str]) -> tuple[Exemption, ...]:
    """Return the exemptions from this pack's rules; the other packs' stand in the same list."""
    known = {rule.id for rule in rules}
    exemptions: list[Exemption] = []
    for position, item in enumerate(items(given)):
        try:
            exemption = parse(item, position)
        except ExemptionError as error:
            problems.append(str(error))
            continue
        if exemption.rule in known:
            exemptions.append(exemption)
        elif exemption.rule.partition("-")[0] in _beginnings():
            problems.append(f"{_PREFIX}exemptions[{position}].rule: there is no rule {exemption.rule}")
    return tuple(exemptions)


@cache
def _beginnings() -> frozenset[str]:
    """Return how this pack's rules begin; the one about its own configuration begins as another pack's does."""
    from secure_aks_security.stack import STACK_RULES  # noqa: PLC0415 - they read configurations themselves

    every = {rule.id.partition("-")[0] for rule in (*load_rules(), *STACK_RULES)}
    return frozenset(every - {"pack"})


def _over(above: Any, below: Any) -> Any:
    """Return a section over what all stacks share of it: mappings key by key, all else the nearer; empty takes away."""
    if not isinstance(above, dict) or not isinstance(below, dict):
        return cast("Any", above)
    joined: dict[str, Any] = dict(cast("Mapping[str, Any]", below))
    for key, value in cast("Mapping[str, Any]", above).items():
        if value is None:
            joined.pop(key, None)
        else:
            joined[key] = _over(value, joined[key]) if key in joined else value
    return joined


def _section(stack: Mapping[str, Any], name: str, problems: list[str]) -> Any:
    value = stack.get(_PREFIX + name, {})
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        problems.append(f"{_PREFIX}{name} is not JSON")
        return {}


def _settings(
    rules: Sequence[Configurable], given: Mapping[str, Any], problems: list[str]
) -> dict[str, Setting]:
    path = f"{_PREFIX}policies.security"
    known = {rule.id for rule in rules}
    problems += [f"{path}.{name}: {_no_rule(name, known)}" for name in sorted(set(given) - known - {"all"})]
    everywhere = _level(given.get("all"), None, f"{path}.all", problems)
    return {
        rule.id: _setting(
            rule, given.get(rule.id), _unless_named(rule.level, everywhere), f"{path}.{rule.id}", problems
        )
        for rule in rules
    }


def _no_rule(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only where a name is wrong

    near = get_close_matches(str(name), sorted(known), 1)
    remedy = f"did you mean {near[0]}?" if near else "docs/policies.md lists them"
    return f"there is no such rule; {remedy}"


def _unless_named(shipped: Level, everywhere: Level | None) -> Level:
    """Return the level of a rule that the stack does not name: `all: advisory` lowers, it switches nothing on."""
    if everywhere is None or (everywhere is Level.ADVISORY and shipped is Level.DISABLED):
        return shipped
    return everywhere


def _setting(rule: Configurable, given: Any, level: Level, path: str, problems: list[str]) -> Setting:
    if not isinstance(given, Mapping):  # a level, or nothing
        return Setting(_level(given, level, path, problems) or level, defaults(rule))
    parameters = dict(mapping(cast("object", given)))
    level = _level(parameters.pop("enforcementLevel", None), level, path, problems) or level
    for name in sorted(set(parameters) - set(rule.parameters)):
        problems.append(f"{path}.{name}: no such parameter; it has {', '.join(rule.parameters) or 'none'}")
        del parameters[name]
    for name, value in list(parameters.items()):
        if not fits(value, rule.parameters[name].schema):
            problems.append(
                f"{path}.{name}: {json.dumps(value)} does not fit {json.dumps(rule.parameters[name].schema)}"
            )
            del parameters[name]
    return Setting(level, {**defaults(rule), **parameters})


def defaults(rule: Configurable) -> dict[str, Any]:
    """Return the parameters' values when a stack sets none."""
    return {name: parameter.default for name, parameter in rule.parameters.items()}


def _level(value: Any, default: Level | None, path: str, problems: list[str]) -> Level | None:
    if value is None:
        return default
    try:
        return Level(value)
    except ValueError:
        problems.append(f"{path}: {json.dumps(value)} is no level; write one of {', '.join(Level)}")
        return default


_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "array": list,
    "object": dict,
}


def fits(value: Any, schema: Mapping[str, Any]) -> bool:
    """Tell whether `value` fits a parameter's schema: its type, its items, a pattern, a list of values."""
    name = schema["type"]
    if not isinstance(value, _TYPES[name]) or (isinstance(value, bool) and name != "boolean"):
        return False
    return (
        all(fits(item, schema["items"]) for item in items(value) if "items" in schema)
        and ("pattern" not in schema or re.search(schema["pattern"], str(value)) is not None)
        and ("enum" not in schema or value in schema["enum"])
    )
