"""The exemptions that this project needs itself: enough for its own workloads, and none too many."""

from dataclasses import replace

import pytest
from secure_aks_security.judging.judge import Judge, Record
from secure_aks_security.judging.resources import Resource
from secure_aks_security.rules import built_in_exemptions, load_rules
from secure_aks_security.stack_file.configuration import configure

from components.access import presets
from tests.security.analyzer import urn
from tests.security.helpers import TODAY
from tests.security.own_workloads import STACK, own_workloads
from tests.security.platform.objects import role, rule

PRESETS = {"viewer": presets.VIEWER, "developer": presets.DEVELOPER, "operator": presets.OPERATOR}


@pytest.fixture(scope="module")
def workloads():
    return own_workloads()


def refusing(workloads, exemptions=None, stack=STACK):
    """The rules that refuse each object, by its kind and name."""
    rules = load_rules()
    judge = Judge(rules, configure(rules, stack), TODAY, Record())
    if exemptions is not None:
        judge._exemptions.clear()
        for exemption in exemptions:
            judge._exemptions[exemption.rule].append(exemption)
    found: dict[tuple[str, str], set[str]] = {}
    for item in workloads:
        token = f"kubernetes:{item['apiVersion']}:{item['kind']}"
        key = (item["kind"], item["metadata"]["name"])
        made = urn(f"secure-aks:index:NodeReboots${token}", key[1])
        found[key] = {finding.rule.id for finding in judge.judge(Resource(token, made, key[1], item))}
    return {key: rules for key, rules in found.items() if rules}


def test_they_are_enough(workloads):
    assert refusing(workloads) == {}


@pytest.mark.parametrize("exemption", built_in_exemptions(), ids=str)
def test_each_is_needed(workloads, exemption):
    if exemption.rule == "namespace-default-deny":
        return  # about the stack: test_stack_rules.py
    others = [other for other in built_in_exemptions() if other != exemption]
    [rules] = refusing(workloads, others).values()
    assert rules == {exemption.rule}


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ({}, ()),
        ({"nodeUpdates": {"mode": "node-image"}}, ()),
        ({"nodeUpdates": {"mode": "kured"}}, ("kured",)),
        ({"profiles": {"seccomp": ["p"]}}, ("seccomp", "profiles")),
        ({"profiles": {"apparmor": ["p"]}}, ("apparmor", "profiles")),
    ],
    ids=str,
)
def test_they_hold_for_what_a_described_stack_asks_for_alone(said, held):
    """Lest somebody take the name of what is not there."""
    sections = {f"secure-aks:{name}": section for name, section in ({"cluster": {}} | said).items()}
    found = {one.of for one in configure(load_rules(), sections).all_exemptions}
    assert found == {"", *held}
    assert configure(load_rules(), {}).all_exemptions == built_in_exemptions()


def test_nobody_takes_the_name_of_what_is_not_there(workloads):
    named = refusing(workloads, stack={**STACK, "secure-aks:cluster": {}})
    assert {("DaemonSet", "kured"), ("Namespace", "kured"), ("ClusterRole", "kured")} <= named.keys()
    assert ("DaemonSet", "seccomp") not in named


@pytest.mark.parametrize("name", PRESETS)
def test_the_role_presets_need_none_and_a_limit_more_is_refused(name):
    rules = [one.as_policy_rule() for one in PRESETS[name]]
    assert refusing([role(name, rules, "payments")], []) == {}
    more = [
        *rules,
        rule("networking.k8s.io", "networkpolicies", "create"),
        rule("", "pods/binding", "create"),
    ]
    refused = refusing([role(name, more, "payments")])
    assert refused == {("Role", name): {"rbac-namespace-limits", "rbac-pod-binding"}}


def test_they_hold_for_no_other_name(workloads):
    renamed = [
        {**item, "metadata": {**item["metadata"], "name": "x" + item["metadata"]["name"]}}
        for item in workloads
    ]
    exempt = {exemption.rule for exemption in built_in_exemptions()} - {"namespace-default-deny"}
    refused = set().union(*refusing(renamed).values())
    assert exempt <= refused
    assert replace(built_in_exemptions()[0], name="other") != built_in_exemptions()[0]
