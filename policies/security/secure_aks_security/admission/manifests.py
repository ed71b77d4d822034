"""The rules as ValidatingAdmissionPolicies: the same CEL, now evaluated by the API server.

Each area makes one policy of its mandatory rules and one of its advisory ones, each rule a validation with its
own words. Parameters and facts lie in one ConfigMap; exemptions stand in the validations themselves. What Kubernetes
itself writes all the time is judged by policies that have their facts in themselves, as `own_facts` says: were the
ConfigMap lost, no namespace could be deleted any more, and no Service would follow its pods.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from secure_aks_security import expressions
from secure_aks_security.admission.exemptions import excuses
from secure_aks_security.admission.of_aks import in_its_namespaces, not_of_the_control_plane
from secure_aks_security.admission.parameters import NAMESPACE, PARAMETERS, guard, reference
from secure_aks_security.model import Area, Level, Rule, Variable
from secure_aks_security.rules import load_rules
from secure_aks_security.stack_file.configuration import Configuration
from secure_aks_security.stack_file.facts import fact_type

Manifest = dict[str, Any]
_ALWAYS_THERE = "kube-system"
_GROUP = "admissionregistration.k8s.io"
_ACTIONS = {"Deny": ["Deny", "Audit"], "Warn": ["Warn", "Audit"], "Audit": ["Audit"]}


@dataclass(frozen=True)
class Modes:
    """What happens to an object that breaks a mandatory rule: Deny, Warn or Audit, in all and in some namespaces."""

    default: str = "Deny"
    namespaces: Mapping[str, str] = field(default_factory=dict[str, str])


def manifests(configuration: Configuration, modes: Modes, version: str, today: date) -> list[Manifest]:
    """Return every object to install on an API server of `version` (x.y.z), in the order to create them."""
    rules = [rule for rule in load_rules() if rule.area.resources and rule.holds_on(version)]
    strict = _areas(
        rule for rule in rules if _level(rule, configuration) in {Level.MANDATORY, Level.REMEDIATE}
    )
    lenient = _areas(rule for rule in rules if _level(rule, configuration) is Level.ADVISORY)
    exemptions = [e for e in configuration.all_exemptions if not e.expired(today)]
    installed: list[Manifest] = [_parameters(rules, configuration), *guard()]
    left_out: list[str] = configuration.facts["systemNamespaces"]
    for area, suffix, group in [(a, "", g) for a, g in strict] + [(a, "-advisory", g) for a, g in lenient]:
        name = f"secure-aks-{area.name}{suffix}"
        excused = {rule: excuses(rule, exemptions, configuration.allowances) for rule in group}
        given = _held(group, configuration) if area.own_facts else _given(group)
        policy, actions = _policy(name, area, excused, given, left_out), _actions(modes.default, suffix)
        installed += [policy, *_bindings(policy, area, modes, left_out, suffix)]
        if area.of_aks:
            own: list[str] = configuration.facts["aksNamespaces"]
            installed += in_its_namespaces(policy, area.of_aks, left_out, own, actions)
    return installed


def _level(rule: Rule, configuration: Configuration) -> Level:
    return configuration.settings[rule.id].level


def _areas(rules: Iterable[Rule]) -> list[tuple[Area, list[Rule]]]:
    areas: dict[str, tuple[Area, list[Rule]]] = {}
    for rule in rules:
        areas.setdefault(rule.area.name, (rule.area, []))[1].append(rule)
    return list(areas.values())


def _policy(
    name: str,
    area: Area,
    excused: Mapping[Rule, list[str]],
    given: Sequence[Variable],
    left_out: Sequence[str],
) -> Manifest:
    texts = [
        text
        for rule, found in excused.items()
        for text in (expressions.admission_check(rule), expressions.found(rule), *found)
    ]
    variables = expressions.used(" ".join(texts), [*given, *area.variables])
    asks = any("params." in variable.expression for variable in variables)
    return {
        "apiVersion": f"{_GROUP}/v1",
        "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": name},
        "spec": {
            "failurePolicy": "Fail",
            **({"paramKind": {"apiVersion": "v1", "kind": "ConfigMap"}} if asks else {}),
            "matchConstraints": {
                "resourceRules": [{**rule, "operations": ["CREATE", "UPDATE"]} for rule in area.resources]
            },
            "matchConditions": list(_conditions(area, left_out)),
            **_variables(variables),
            "validations": [_validation(rule, found) for rule, found in excused.items()],
        },
    }


def _variables(used: Iterable[Variable]) -> dict[str, list[dict[str, str]]]:
    """Return `variables`, or nothing: an empty list is not stored, and would differ from what is stored for ever."""
    rows = [
        {"name": variable.name, "expression": variable.installed or variable.expression} for variable in used
    ]
    return {"variables": rows} if rows else {}


def _conditions(area: Area, left_out: Sequence[str]) -> Iterator[dict[str, str]]:
    """Yield what must hold for a request to be judged at all."""
    # What was there before these policies may still be labelled, and lose its finalizers; it is judged when it changes. That it
    # is going away is no reason not to: a finalizer holds it for as long as its owner likes, and it has its effect until then.
    yield {"name": "changed", "expression": f"request.operation != 'UPDATE' || !({area.unchanged})"}
    if area.cluster_wide:
        yield not_of_the_control_plane(left_out)


def _given(rules: Sequence[Rule]) -> list[Variable]:
    """Return the parameters and facts as the API server reads them: strings of the ConfigMap."""
    return [Variable(name, _reading(name, kind)) for name, kind in _types(rules).items()]


def _held(rules: Sequence[Rule], configuration: Configuration) -> list[Variable]:
    """Return them as they are."""
    return [
        Variable(name, expressions.literal(value)) for name, value in _values(rules, configuration).items()
    ]


def _types(rules: Sequence[Rule]) -> dict[str, str]:
    facts = {name: fact_type(name) for rule in rules for name in rule.area.facts}
    return facts | {name: item.schema["type"] for rule in rules for name, item in rule.parameters.items()}


def _reading(name: str, kind: str) -> str:
    if kind == "array":
        return rf"params.data.{name}.split('\n').filter(line, line != '')"
    return f"int(params.data.{name})" if kind == "integer" else f"params.data.{name}"


def _validation(rule: Rule, excuses: Sequence[str]) -> dict[str, str]:
    return {
        "expression": " || ".join(
            f"({text})" for text in (*sorted(excuses), expressions.admission_check(rule))
        ),
        "messageExpression": expressions.admission_message(rule),
        # When the words themselves cannot be made.
        "message": expressions.refusal(rule, [rule.title]),
        "reason": "Forbidden",
    }


def _values(rules: Sequence[Rule], configuration: Configuration) -> dict[str, list[str] | int | str]:
    values: dict[str, Any] = dict(configuration.facts)
    for rule in rules:
        values |= configuration.settings[rule.id].parameters
    return {
        name: sorted(values[name]) if kind == "array" else values[name]
        for name, kind in _types(rules).items()
    }


def _parameters(rules: Sequence[Rule], configuration: Configuration) -> Manifest:
    asking = [rule for rule in rules if not rule.area.own_facts]
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": PARAMETERS, "namespace": NAMESPACE},
        "data": {
            name: "\n".join(value) if isinstance(value, list) else str(value)
            for name, value in _values(asking, configuration).items()
        },
    }


def _bindings(
    policy: Manifest, area: Area, modes: Modes, left_out: Sequence[str], suffix: str
) -> Iterator[Manifest]:
    """Yield a binding for the namespaces of each mode; the default mode's also takes what has no namespace.

    A namespace that is left out is itself judged, so that nobody but AKS makes one of that name. What the parameters need is not
    asked for: without them the rules refuse everything, and nobody could put them back.
    """
    system = [_ALWAYS_THERE] if area.name == "namespaces" else left_out
    if area.name in {"namespaces", "configmaps"}:
        system = [*system, NAMESPACE]
    others = {name: mode for name, mode in modes.namespaces.items() if mode != modes.default}
    name, asks = policy["metadata"]["name"], "paramKind" in policy["spec"]
    for mode in dict.fromkeys([modes.default, *others.values()]):
        if mode == modes.default:
            selector = _selector("NotIn", [*system, *others])
            rules: list[dict[str, Any]] = []
        else:
            selector = _selector("In", [name for name, other in others.items() if other == mode])
            scope = "*" if area.name == "namespaces" else "Namespaced"
            rules = [{**rule, "operations": ["CREATE", "UPDATE"], "scope": scope} for rule in area.resources]
        yield {
            "apiVersion": f"{_GROUP}/v1",
            "kind": "ValidatingAdmissionPolicyBinding",
            "metadata": {"name": f"{name}-{mode.lower()}"},
            "spec": {
                "policyName": name,
                **({"paramRef": reference("Deny")} if asks else {}),
                "matchResources": {
                    "namespaceSelector": selector,
                    **({"resourceRules": rules} if rules else {}),
                },
                "validationActions": _actions(mode, suffix),
            },
        }


def _actions(mode: str, suffix: str) -> list[str]:
    """Return what becomes of a violation; of advisory rules, whose policies have a suffix, at most a warning."""
    return _ACTIONS["Warn" if suffix and mode == "Deny" else mode]


def _selector(operator: str, names: Sequence[str]) -> dict[str, Any]:
    return {
        "matchExpressions": [
            {"key": "kubernetes.io/metadata.name", "operator": operator, "values": sorted(names)}
        ]
    }
