"""What the careful evaluation says of unknowns is never wrong: it may only decline to say."""

import copy
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from secure_aks_security.judging.evaluation import Evaluator, Verdict, may_read
from secure_aks_security.judging.resources import Resource, judged_by
from secure_aks_security.judging.values import UNKNOWN, unknown_keys
from secure_aks_security.rules import load_areas, load_rules
from secure_aks_security.stack_file.configuration import configure

from tests.security.build import CONFIG
from tests.security.cases import CASES
from tests.security.helpers import ANY_HEALTH, found_in, item_of

CONFIGURATION = configure(load_rules(), CONFIG)
PARAMETERS = {
    name: value for setting in CONFIGURATION.settings.values() for name, value in setting.parameters.items()
}
GIVEN = {**CONFIGURATION.facts, **PARAMETERS}
RULES = {area.name: [rule for rule in load_rules() if rule.area is area] for area in load_areas()}


SEEN = [case for case in CASES if found_in(case)]


def rules_for(item):
    return [rule for area in load_areas() if judged_by(item, area) for rule in RULES[area.name]]


def leaves(value, path=()):
    """The paths of everything inside, lists and mappings included."""
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, inner in entries:
        yield (*path, key)
        yield from leaves(inner, (*path, key))


def with_unknown(properties, path):
    changed = copy.deepcopy(properties)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = UNKNOWN + ".".join(map(str, path))
    return changed


@pytest.mark.parametrize("rule", dict.fromkeys(case.rule for case in CASES))
def test_without_unknowns_both_ways_say_the_same(rule):
    for case in [case for case in SEEN if case.rule == rule]:
        item = item_of(case)
        given = GIVEN | case.facts
        [own] = [one for one in rules_for(item) if one.id == rule]
        evaluation = Evaluator(given).over(item, own.area)
        assert evaluation.judge_carefully(own) == evaluation.judge(own), case.name


KEYS = [
    ("kubernetes:core/v1:Namespace", ("metadata", "labels", "pod-security.kubernetes.io/enforce")),
    (
        "kubernetes:core/v1:Pod",
        ("metadata", "annotations", "container.apparmor.security.beta.kubernetes.io/app"),
    ),
    (
        "kubernetes:core/v1:Service",
        ("metadata", "annotations", "service.beta.kubernetes.io/azure-load-balancer-internal"),
    ),
]


@pytest.mark.parametrize(("token", "path"), KEYS)
def test_a_key_with_dots_is_read_too(judge, token, path):
    item = {
        "metadata": {"name": "a", path[1]: {path[2]: UNKNOWN}},
        "spec": {"type": "LoadBalancer", "containers": []},
    }
    found = judge.judge(Resource(token, "urn", "a", item))
    assert any(finding.verdict is Verdict.UNKNOWN for finding in found)


@settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=ANY_HEALTH)
@given(st.data(), st.sampled_from(SEEN))
def test_a_verdict_despite_an_unknown_holds_whatever_the_value_turns_out_to_be(data, case):
    item = item_of(case)
    given = GIVEN | case.facts
    paths = [
        path
        for path in leaves(item.properties)
        if path[0] not in {"kind", "apiVersion", "pulumiType", "inline"}
    ]
    path = data.draw(st.sampled_from(paths))
    properties = with_unknown(item.properties, path)
    changed = replace(item, properties=properties)
    evaluator, keys = Evaluator(given), unknown_keys(properties)
    for rule in rules_for(item):
        # The judge takes the careful way only for rules that may read the unknown.
        evaluation = evaluator.over(changed, rule.area)
        judge = evaluation.judge_carefully if may_read(rule, keys) else evaluation.judge
        known = evaluator.over(item, rule.area).judge(rule).verdict
        assert judge(rule).verdict in {Verdict.UNKNOWN, known}, (rule.id, path)


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=ANY_HEALTH)
@given(st.data(), st.sampled_from([case for case in SEEN if case.type.startswith("kubernetes:")]))
def test_a_verdict_about_a_patch_holds_for_the_whole_object(data, case):
    item = item_of(case)
    given = GIVEN | case.facts
    paths = [
        path
        for path in leaves(item.properties)
        if isinstance(path[-1], str) and path[0] in {"spec", "template"}
    ]
    if not paths:
        return
    patch = copy.deepcopy(item.properties)
    path = data.draw(st.sampled_from(paths))
    holder = patch
    for key in path[:-1]:
        holder = holder[key]
    del holder[path[-1]]
    evaluator, partial = Evaluator(given), replace(item, properties=patch, patch=True)
    for rule in rules_for(item):
        verdict = evaluator.over(partial, rule.area).judge_carefully(rule).verdict
        known = evaluator.over(item, rule.area).judge(rule).verdict
        assert verdict in {Verdict.UNKNOWN, known}, (rule.id, path)
