"""Every named case of every rule, straight through the judge."""

import pytest
from secure_aks_security.admission.manifests import Modes, manifests
from secure_aks_security.judging.judge import Judge, Record
from secure_aks_security.judging.resources import Resource
from secure_aks_security.judging.values import from_struct
from secure_aks_security.rules import load_rules
from secure_aks_security.stack_file.configuration import configure

from bench.manifests import deployment
from tests.security.analyzer import struct, urn
from tests.security.build import agent_pool, binding, cluster, mutate, namespace, pod, role, service
from tests.security.cases import CASES, Case, type_of
from tests.security.helpers import TODAY, judge_of


def found(judge, resource_type, properties):
    """The words of each refusal by rule, without the rule's id and remedy."""
    sent = from_struct(struct(properties))
    findings = judge.judge(Resource(resource_type, urn(resource_type, "it"), "it", sent))
    return {
        finding.rule.id: finding.message.removeprefix(f"[{finding.rule.id}] ").removesuffix(
            f". {finding.rule.remedy}"
        )
        for finding in findings
    }


# What an object's status says counts at the API server alone, which nobody can make believe one.
@pytest.mark.parametrize("rule", dict.fromkeys(case.rule for case in CASES))
def test_case(judge, rule: str):
    cases = [case for case in CASES if case.rule == rule and "status" not in case.object]
    wrong = [(case.name, said, case.words) for case in cases if (said := words_of(judge, case)) != case.words]
    assert wrong == []


def words_of(judge, case: Case):
    """What the case's own rule says of it."""
    judge = judge_of(case.facts) if case.facts else judge
    return found(judge, case.type, case.object).get(case.rule)


def test_a_status_in_a_manifest_says_nothing(judge):
    """As at the API server, which drops it: a pod that says it has been scheduled has not been."""
    scheduled = [case for case in CASES if "status" in case.object]
    assert any(case.words is None for case in scheduled)
    for case in scheduled:
        assert case.rule in found(judge, case.type, case.object), case.name


def test_every_rule_has_cases():
    covered = {case.rule for case in CASES}
    assert {rule.id for rule in load_rules()} - covered == {
        "chart-unseen-pods",  # which refuses every release, below
        "unseen-objects",  # and everything of its kind, in test_objects.py
    }


@pytest.mark.parametrize("happy", [pod, role, binding, service, namespace])
def test_what_every_case_starts_from_passes_every_rule(judge, happy):
    assert found(judge, type_of(happy()), happy()) == {}


def test_the_happy_cluster_and_pool_pass_every_rule(judge):
    assert found(judge, "azure-native:containerservice:ManagedCluster", cluster()) == {}
    assert found(judge, "azure-native:containerservice/v20250901:AgentPool", agent_pool()) == {}


@pytest.mark.parametrize(
    ("version", "refused"), [("1.33.13", False), ("1.34.0", True), ("1.36.2", True), ("", True)]
)
def test_a_rule_newer_than_the_cluster_is_left_out_as_it_is_at_admission(version, refused):
    rules = load_rules()
    stack = {"secure-aks:cluster": {"kubernetesVersion": version}} if version else {}
    judge = Judge(rules, configure(rules, stack), TODAY, Record())
    probe = {"httpGet": {"host": "10.0.0.1", "port": 80}}
    item = mutate(pod(), {"C.livenessProbe": probe})
    assert ("pod-host-probes" in found(judge, type_of(item), item)) == refused
    [rule] = [rule for rule in rules if rule.id == "pod-host-probes"]
    installed = manifests(configure(rules, stack), Modes(), version or "1.36.0", TODAY)
    assert (f"[{rule.id}]" in str(installed)) == refused


def test_a_helm_release_is_said_to_be_unseen(judge):
    assert found(judge, "kubernetes:helm.sh/v3:Release", {"chart": "nginx"}) == {
        "chart-unseen-pods": "the release of nginx is rendered inside the provider"
    }
    assert found(judge, "kubernetes:helm.sh/v3:Release", {}) == {
        "chart-unseen-pods": "the release of a chart is rendered inside the provider"
    }


def test_what_the_benchmark_sends_passes_every_rule():
    rules = load_rules()
    configuration = configure(rules, {"secure-aks:policies": {"security": {"all": "mandatory"}}})
    item = deployment("web")
    assert found(Judge(rules, configuration, TODAY, Record()), type_of(item), item) == {}
