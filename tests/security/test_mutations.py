"""No operator or constant of a rule may be changed without a case noticing."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import pytest
from secure_aks_security import expressions
from secure_aks_security.cel.macros import UnsupportedError
from secure_aks_security.cel.program import NoQuickValueError, Variables, variables
from secure_aks_security.model import Rule, Variable
from secure_aks_security.rules import load_areas, load_rules
from secure_aks_security.stack_file.configuration import configure

from tests.security.build import CONFIG, config_map, mutate, pod
from tests.security.cases import CASES, Case, type_of
from tests.security.helpers import found_in, item_of
from tests.security.labelled import Labelled, more, unseen
from tests.security.mutants import mutants

CONFIGURATION = configure(load_rules(), CONFIG)
RULES = {
    rule.id: replace(
        rule,
        # The parameters of the cases' stack file are part of the rule here.
        parameters={
            name: replace(parameter, default=CONFIGURATION.settings[rule.id].parameters[name])
            for name, parameter in rule.parameters.items()
        },
    )
    for rule in load_rules()
}


def _cases() -> dict[str, list[tuple[Case, dict]]]:
    by_rule = defaultdict(list)
    for case in CASES:
        if item := found_in(case):
            by_rule[case.rule].append((case, item.properties))
    return by_rule


BY_RULE = _cases()


def noticed(rule: Rule, further: Sequence[tuple[Case, dict]] = ()) -> bool:
    """Whether some case of the rule, or one of the further ones, comes out otherwise than it should."""
    try:
        return any(
            _words(rule, case, properties) != case.words for case, properties in (*BY_RULE[rule.id], *further)
        )
    except (RuntimeError, UnsupportedError):
        return True  # it is not CEL any more


def _words(rule: Rule, case: Case, properties: dict) -> str | None:
    parameters = {name: parameter.default for name, parameter in rule.parameters.items()}
    texts = {variable.name: variable.expression for variable in rule.area.variables}
    found = variables(Variables, texts, CONFIGURATION.facts | case.facts | parameters)(properties)
    try:
        if found.evaluate(expressions.check(rule)) is True:
            return None
        return "; ".join(expressions.first(found.evaluate(expressions.found(rule))))
    except NoQuickValueError:
        return "an error"


def _in_env(one: Labelled) -> Iterator[dict]:
    variable = {"name": one.name, "value": one.value}
    yield mutate(pod(), {"C.env": [variable]})
    yield mutate(pod(), {"C.env": [variable, {"name": "ZZ_PASSWORD", "value": "x"}]})


def _in_data(one: Labelled) -> Iterator[dict]:
    yield mutate(config_map(), {"data": {one.name: one.value}})


LONG = {"pod-secret-env": _in_env, "config-secret": _in_data}
"""Rules with some hundred cases, each of which every change is held to, and where the labelled lists put their values."""


def _labelled(rule: Rule) -> list[tuple[Case, dict]]:
    """What the labelled lists have beside the cases, each with what the unchanged rule says of it."""
    cases = [
        Case(rule.id, one.name, type_of(item), item, None, {})
        for one in (*more(), *unseen())
        for item in LONG[rule.id](one)
    ]
    given = [(case, item_of(case).properties) for case in cases]
    return [(case._replace(words=_words(rule, case, found)), found) for case, found in given]


RULES_WITH_CASES = [
    pytest.param(RULES[name], marks=[pytest.mark.soak] if name in LONG else []) for name in sorted(BY_RULE)
]


@pytest.mark.parametrize("rule", RULES_WITH_CASES, ids=lambda rule: rule.id)
def test_every_change_of_a_rule_is_noticed(rule: Rule):
    further = _labelled(rule) if rule.id in LONG else []
    assert not noticed(rule)
    unnoticed = [
        f"{part}: {mutant.change}"
        for part in ("expression", "message")
        for mutant in mutants(getattr(rule, part))
        if not noticed(replace(rule, **{part: mutant.text}), further)
    ]
    unnoticed += [
        f"{name}: {mutant.change}"
        for name, parameter in rule.parameters.items()
        for mutant in mutants(repr(parameter.default))
        if not noticed(_with_default(rule, name, ast.literal_eval(mutant.text)))
    ]
    assert unnoticed == []


@pytest.mark.parametrize(
    ("area", "variable"),
    [(area, item) for area in load_areas() for item in area.variables if item.name != "tooLarge"],
    ids=lambda value: value.name,
)
def test_every_change_of_a_variable_is_noticed(area, variable):
    rules = [rule for rule in RULES.values() if rule.area.name == area.name]
    unnoticed = [
        mutant.change
        for mutant in mutants(variable.expression)
        if not any(map(noticed, map(partial(_with, variable=Variable(variable.name, mutant.text)), rules)))
    ]
    assert unnoticed == []


def _role(number: int, key: str, **more: list[str]) -> dict:
    return {"kind": "ClusterRole", "rules": [{key: ["x"] * number, **more}]}


POWER = {"apiGroups": [""], "resources": ["secrets"], "verbs": ["*"]}
USER = {"kind": "User", "name": "x"}
LIMITS = {
    "pods": [
        {"kind": "Pod", "spec": {"containers": [{"name": "x"}] * most, "volumes": [{"name": "x"}] * 2}}
        for most in (4_998, 4_999)
    ],
    "rbac": [
        *({"kind": "ClusterRole", **rules} for rules in ({}, {"rules": None})),
        *(_role(most, key) for key in ("apiGroups", "resources", "verbs") for most in (15_000, 15_001)),
        *(
            {"kind": "ClusterRole", "rules": [{**POWER, key: [*POWER[key], *["x"] * most]}]}
            for key in POWER
            for most in (4_997, 4_998)
        ),
        *(
            {"kind": "ClusterRole", "rules": [{"nonResourceURLs": ["/x"] * most, "verbs": ["get"]}]}
            for most in (4_999, 5_000)
        ),
        *({"kind": "ClusterRoleBinding", "subjects": [USER] * most} for most in (5_000, 5_001)),
    ],
    "endpoints": [
        {"kind": "EndpointSlice", "endpoints": [{"addresses": ["x"] * most}, {"addresses": ["x"] * 1_000}]}
        for most in (1, 1_000, 1_001)
    ],
}
"""Objects at a limit and just past it, in turns, after those of no size."""


@pytest.mark.parametrize("area", [area for area in load_areas() if area.most], ids=lambda area: area.name)
def test_every_change_of_a_limit_is_noticed(area):
    [limit] = [variable for variable in area.variables if variable.name == "tooLarge"]
    base = {variable.name: variable.installed or variable.expression for variable in area.variables}

    def said(text):
        made = variables(Variables, {**base, "tooLarge": text}, CONFIGURATION.facts)
        return [made(item).evaluate(expressions.TOO_LARGE) for item in LIMITS[area.name]]

    def other(text):
        try:
            return said(text) != right
        except (NoQuickValueError, RuntimeError, UnsupportedError):
            return True

    right = said(limit.expression)
    assert right[-2:] == [False, True]
    assert [mutant.change for mutant in mutants(limit.expression) if not other(mutant.text)] == []


def test_what_is_installed_instead_says_the_same_and_leaves_out_no_name():
    found = [(area, variable) for area in load_areas() for variable in area.variables if variable.installed]
    assert found
    for area, variable in found:
        rules = [rule for rule in RULES.values() if rule.area.name == area.name]

        def other(text, variable=variable, rules=rules):
            instead = Variable(variable.name, text)
            return any(noticed(_with(rule, instead)) for rule in rules)

        assert not other(variable.installed)
        names: list[str] = re.findall(r"'[a-z]+(?:/[a-z]+)?'(?=[,\]])", variable.installed)
        assert names
        assert [name for name in names if not other(variable.installed.replace(name, "'-'"))] == []


def _with(rule: Rule, variable: Variable) -> Rule:
    variables = tuple(variable if item.name == variable.name else item for item in rule.area.variables)
    return replace(rule, area=replace(rule.area, variables=variables))


def _with_default(rule: Rule, name: str, value) -> Rule:
    return replace(rule, parameters={**rule.parameters, name: replace(rule.parameters[name], default=value)})
