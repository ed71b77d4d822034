"""The pack's evaluation of CEL says what Google's runtime says, and goes on where that gives up."""

import contextlib
import copy
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from secure_aks_security import expressions
from secure_aks_security.cel.macros import UnsupportedError
from secure_aks_security.cel.operations import EvaluationError
from secure_aks_security.cel.program import (
    CarefulVariables,
    NoQuickValueError,
    Variables,
    compiles,
    variables,
)
from secure_aks_security.cel.use import Use
from secure_aks_security.judging.evaluation import Evaluator, Verdict
from secure_aks_security.judging.resources import Resource, judged_by
from secure_aks_security.objects import objects
from secure_aks_security.rules import load_areas, load_rules
from secure_aks_security.stack_file.configuration import configure

from tests.security.build import CONFIG
from tests.security.cases import CASES, MANY, spread
from tests.security.google_cel import evaluate, words
from tests.security.helpers import ANY_HEALTH, item_of
from tests.security.test_unknowns import SEEN, leaves

CONFIGURATION = configure(load_rules(), CONFIG)
GIVEN = dict(CONFIGURATION.facts)
for _setting in CONFIGURATION.settings.values():
    GIVEN |= _setting.parameters
RULES = {area.name: [rule for rule in load_rules() if rule.area is area] for area in load_areas()}


def ours(item, rule, facts):
    answer = Evaluator(facts).over(item, rule.area).judge(rule)
    if answer.verdict is Verdict.PASS:
        return True
    return answer.words if answer.verdict is Verdict.FAIL else False


def theirs(item, rule, facts):
    found = words(rule, item.properties, facts)
    return found if isinstance(found, bool) else expressions.refusal(rule, found)


@pytest.mark.parametrize("rule", load_rules(), ids=lambda rule: rule.id)
def test_both_say_the_same_of_every_case(rule):
    compiles(expressions.check(rule))
    compiles(expressions.found(rule))
    agree(rule, spread([case for case in CASES if case.rule == rule.id]))


@pytest.mark.soak
@pytest.mark.parametrize("rule", [rule for rule in load_rules() if rule.id in MANY], ids=lambda rule: rule.id)
def test_both_say_the_same_of_each_of_hundreds(rule):
    agree(rule, [case for case in CASES if case.rule == rule.id])


def agree(rule, cases):
    assert cases or rule.id not in MANY
    for case in cases:
        for item in objects(Resource(case.type, "urn", "it", case.object)):
            if judged_by(item, rule.area):
                assert ours(item, rule, GIVEN | case.facts) == theirs(item, rule, GIVEN | case.facts), (
                    case.name
                )


ODD = [
    "",
    "x",
    "true",
    0,
    1,
    -3,
    True,
    False,
    [],
    ["x"],
    {},
    {"name": "x"},
    [[]],
    [{}],
    "localhost/x",
    "ALL",
    65536,
]


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=ANY_HEALTH)
@given(st.data(), st.sampled_from(SEEN))
def test_both_say_the_same_of_what_makes_no_sense(data, case):
    found = item_of(case)
    item = replace(found, properties=copy.deepcopy(found.properties))
    for _ in range(data.draw(st.integers(1, 3))):
        paths = [path for path in leaves(item.properties) if path[0] not in {"kind", "pulumiType"}]
        path = data.draw(st.sampled_from(paths))
        holder = item.properties
        for key in path[:-1]:
            holder = holder[key]
        if data.draw(st.booleans()):
            holder[path[-1]] = copy.deepcopy(data.draw(st.sampled_from(ODD)))
        else:
            del holder[path[-1]]
    for area in load_areas():
        for rule in RULES[area.name] if judged_by(item, area) else []:
            facts = GIVEN | case.facts
            mine, google = ours(item, rule, facts), theirs(item, rule, facts)
            # A refusal whose words have no value is one all the same.
            assert mine == google or (google is False and isinstance(mine, str)), (rule.id, item.properties)


TEXTS = [
    "true || object.missing", "object.missing || true", "false && object.missing", "object.missing && false",
    "object.missing || false", "!object.text", "object.text && true", "dyn(1) == true", "dyn(1) == 1.0", "dyn('1') == 1",
    "[1, true] == [true, 1]", "object.items == ['a', 'b']", "dyn({'a': 1}) == dyn({'a': 1.0})", "'a' in object.items", "'k' in object.map",
    "1 in object.map", "'a' in object.text", "object.items.all(x, x == 'a')", "object.items.exists(x, x.missing || x == 'b')",
    "object.items.all(x, x.missing == 1 && x != 'b')", "object.text.all(x, true)", "object.map.exists(k, k == 'k')",
    "object.items.filter(x, x != 'a')[0]", "object.items.map(x, x + '!')[1]", "object.items[2]", "object.items[0]",
    "object.map['k']", "object.map['no']", "size(object.items) + object.text.size()", "object.number.size()", "object.items + ['c']",
    "object.items + 'c'", "'a' + object.text", "1 + 1", "dyn('a') + 1", "object.number < 3", "object.number >= 3", "'a' < 'b'",
    "dyn('a') < object.number", "object.text.matches('^t.*t$')", "object.line.matches('end$')", "'end'.matches('end$')",
    "object.number.matches('x')", "object.text.startsWith('te')", "object.text.endsWith('xt')", "object.items.contains('a')",
    "has(object.map.k)", "has(object.text.k)", "has(object.missing.k)", "object.number > 2 ? 'a' : object.missing",
    "object.text ? 1 : 2", "string(object.number)", "string(true)", "string(object.items)", "dyn(object.number) == 3",
    "object.items.map(x, x != 'a', x + x)", "-1 < object.number", "object.items.exists(x, x)", "object.items.all(x, x)",
]  # fmt: skip
VALUES = {"text": "text", "line": "end\n", "number": 3, "items": ["a", "b"], "map": {"k": "v"}}


@pytest.mark.parametrize("text", TEXTS)
def test_an_expression_is_worth_the_same(text):
    expected = evaluate(text, VALUES)
    try:
        careful = variables(CarefulVariables, {}, {})(VALUES).evaluate(text)
    except EvaluationError:
        careful = EvaluationError
    assert (careful, type(careful)) == (expected, type(expected))
    with contextlib.suppress(NoQuickValueError):  # which the careful way answers
        assert variables(Variables, {}, {})(VALUES).evaluate(text) == expected


def test_what_is_not_evaluated_is_refused_when_a_rule_says_it():
    with pytest.raises(UnsupportedError):
        compiles("object.items.exists_one(x, x == 'a')")
    with pytest.raises(UnsupportedError):
        compiles("duration('1s') == object.wait")
    with pytest.raises(RuntimeError):
        compiles("object.")


def test_a_variable_is_evaluated_once_and_its_error_is_the_same_each_time():
    texts = {"broken": "object.missing.deeper", "fine": "object.items"}
    careful = variables(CarefulVariables, texts, {"given": ["a"]})(VALUES)
    assert careful.evaluate("variables.fine == object.items && variables.given == ['a']")
    for _ in range(2):
        with pytest.raises(EvaluationError, match="missing"):
            careful.evaluate("variables.broken")
    assert getattr(careful, f"{Use.STRICT.name}_fine") is VALUES["items"]
