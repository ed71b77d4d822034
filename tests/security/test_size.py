"""Nothing hides in size: every rule judges every object, each for itself."""

import copy

import pytest
from secure_aks_security.expressions import MOST, limited, unjudged
from secure_aks_security.judging.evaluation import Verdict
from secure_aks_security.judging.judge import Judge, Record, grouped
from secure_aks_security.judging.resources import Resource
from secure_aks_security.rules import load_rules
from secure_aks_security.stack_file.configuration import configure

from tests.security.build import CONFIG, container, mutate, pod, role
from tests.security.cases import type_of
from tests.security.helpers import TODAY

POD = "kubernetes:core/v1:Pod"
MANY = [{"name": f"V{number}", "value": "x"} for number in range(3_000)]
HUGE = mutate(pod(), {"C.env": MANY})
WIDE = mutate(
    pod(), {"S.containers": [{**container(f"c{number}"), "env": MANY[:40]} for number in range(200)]}
)
RULES = [
    {"apiGroups": [f"g{number}.io"], "resources": ["things"], "verbs": ["get"]} for number in range(2_000)
]


def found(judge, token, properties):
    findings = judge.judge(Resource(token, "urn", "it", properties))
    assert all(one.verdict is Verdict.FAIL for one in findings)
    return {one.rule.id for one in findings}


@pytest.mark.parametrize("item", [HUGE, WIDE, mutate(role("ClusterRole"), {"rules": RULES})])
def test_a_large_object_that_is_well_is_let_pass(judge, item):
    assert found(judge, type_of(item), item) == set()


def test_a_large_object_that_is_not_is_refused_for_that_alone(judge):
    assert found(judge, POD, mutate(HUGE, {"C.securityContext.privileged": True})) == {"pod-privileged"}
    last = copy.deepcopy(WIDE)
    last["spec"]["containers"][199]["securityContext"]["privileged"] = True
    assert found(judge, POD, last) == {"pod-privileged"}
    star = [*RULES, {"apiGroups": [""], "resources": ["pods"], "verbs": ["*"]}]
    refused = found(judge, type_of(role()), mutate(role(), {"rules": star}))
    assert "rbac-wildcards" in refused


@pytest.mark.parametrize("level", ["advisory", "disabled"])
def test_another_level_or_an_exemption_of_one_rule_hides_no_other(level):
    """Of the first rule of the area, by which an error once spoke for all of them."""
    first = next(rule.id for rule in load_rules() if rule.area.name == "pods")
    exemption = {"rule": first, "resource": {"name": "web"}, "reason": "test", "until": "2027-01-01"}
    policies = {"security": {**CONFIG["secure-aks:policies"]["security"], first: level}}
    stack = {**CONFIG, "secure-aks:exemptions": [exemption], "secure-aks:policies": policies}
    judge = Judge(load_rules(), configure(load_rules(), stack), TODAY, Record())
    assert found(judge, POD, mutate(HUGE, {"C.securityContext.privileged": True})) == {"pod-privileged"}


def test_what_one_rule_cannot_read_is_said_of_that_rule_alone(judge):
    item = mutate(
        HUGE, {"C.securityContext.privileged": True, "C.ports": [{"hostPort": "x", "containerPort": {}}]}
    )
    findings = judge.judge(Resource(POD, "urn", "it", item))
    assert {one.rule.id for one in findings if one.verdict is Verdict.FAIL} >= {"pod-privileged"}


def test_a_patch_of_many_containers_and_a_long_list_are_judged_to_the_end(judge):
    patch = copy.deepcopy(WIDE)
    patch["spec"]["containers"][199]["securityContext"]["privileged"] = True
    findings = judge.judge(Resource(f"{POD}Patch", "urn", "it", patch))
    assert "pod-privileged" in {one.rule.id for one in findings if one.verdict is Verdict.FAIL}
    bad = mutate(pod(), {"S.hostPID": True})
    findings = judge.judge(Resource(f"{POD}List", "urn", "it", {"items": [bad] * 2_000}))
    assert len(findings) == 2_000


def test_of_a_long_list_the_first_are_named_and_the_others_counted(judge):
    """Each refusal is a diagnostic: 20,000 of them were 8 MB."""
    bad = mutate(pod(), {"S.hostPID": True, "C.securityContext.privileged": True})
    findings = judge.judge(Resource(f"{POD}List", "urn", "all", {"items": [bad] * 2_000}))
    shown = grouped(findings, "all")
    for rule in ("pod-host-namespaces", "pod-privileged"):
        said = [one for one in shown if one.rule.id == rule]
        assert [one.verdict for one in said] == [Verdict.FAIL] * MOST
        assert said[-1].message == f"[{rule}] and so are {2_000 - MOST + 1} more objects of all"
    assert len(shown) == 2 * MOST
    few = judge.judge(Resource(f"{POD}List", "urn", "all", {"items": [bad] * MOST}))
    assert grouped(few, "all") == few


def test_of_many_places_in_one_object_too(judge):
    many = copy.deepcopy(WIDE)
    for one in many["spec"]["containers"]:
        one["securityContext"]["privileged"] = True
    [finding] = judge.judge(Resource(POD, "urn", "it", many))
    assert f"; and {200 - MOST + 1} more. " in finding.message
    assert len(finding.message) < 1_000
    malformed = mutate(pod(), {"S.containers": ["x"] * 1_000})
    messages = [one.message for one in judge.judge(Resource(POD, "urn", "it", malformed))]
    assert messages
    assert all(f"; and {1_000 - MOST + 1} more" in one for one in messages)
    assert sum(map(len, messages)) < 10_000


def test_what_the_api_server_would_not_get_through_each_rule_says_it_cannot_judge():
    """In the words and at the level of its own, so that an exemption or another level covers that rule alone."""
    first = {"apiGroups": [""], "resources": ["secrets"], "verbs": ["*"]}
    item = mutate(role("ClusterRole"), {"rules": [first] * 2_000})
    exemption = {"rule": "rbac-bind", "resource": {"name": "reader"}, "reason": "test", "until": "2027-01-01"}
    policies = {"security": {**CONFIG["secure-aks:policies"]["security"], "rbac-escalate": "disabled"}}
    stack = {**CONFIG, "secure-aks:exemptions": [exemption], "secure-aks:policies": policies}
    judge = Judge(load_rules(), configure(load_rules(), stack), TODAY, Record())
    findings = judge.judge(Resource(type_of(item), "urn", "it", item))
    assert all(one.message == unjudged(one.rule) for one in findings)
    counted = {rule.id for rule in load_rules() if rule.area.name == "rbac" and limited(rule)}
    assert {one.rule.id for one in findings} == counted - {"rbac-bind", "rbac-escalate"}
    assert "rbac-aggregation" not in counted  # it goes through something else


def test_one_less_is_judged(judge):
    """And what allows no more than reading is not counted."""
    rules = [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["patch"]}] * 1_666
    item = mutate(role("ClusterRole"), {"rules": [*rules, *RULES]})
    assert found(judge, type_of(item), item) == {"rbac-write-secrets"}
    more = mutate(role("ClusterRole"), {"rules": [*rules, rules[0]]})
    assert "rbac-bind" in found(judge, type_of(item), more)
