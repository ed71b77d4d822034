"""Repairs, for those who ask for them."""

import pytest
from google.protobuf.json_format import MessageToDict
from hypothesis import given, settings
from pulumi.runtime.proto import analyzer_pb2
from secure_aks_security.rules import load_rules

from tests.security.analyzer import pack, struct
from tests.security.build import CONFIG, DELETE, cluster, mutate, pod, service, workload
from tests.security.cases import CASES, type_of
from tests.security.helpers import ANY_HEALTH, ANY_PROPERTIES, ANY_TYPE
from tests.security.test_cases import found

RULES = {rule.id: rule for rule in load_rules() if rule.remediation}
SIGNATURE, SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


@pytest.fixture(scope="module")
def analyzer():
    levels = dict.fromkeys(RULES, "remediate")
    given = CONFIG["secure-aks:policies"]["security"]
    with pack({**CONFIG, "secure-aks:policies": {"security": {**given, **levels}}}) as running:
        yield running


def remediate(analyzer, token, properties):
    """The properties after all repairs, and the rules that made them."""
    request = analyzer_pb2.AnalyzeRequest(type=token, name="it", urn=f"urn:pulumi:t::p::{token}::it")
    request.properties.CopyFrom(struct(properties))
    done = analyzer.stub.Remediate(request).remediations
    last = MessageToDict(done[-1].properties) if done else properties
    return last, [item.policyName for item in done]


REFUSED = [case for case in CASES if case.rule in RULES and case.words]
# Somebody said so on purpose: taking it away could break the program, so the refusal stands.
ON_PURPOSE = {
    *(
        f"pod-seccomp-required: {name}"
        for name in ("a container", "an init container", "an ephemeral container")
    ),
    *(
        f"pod-capabilities-dropped: {name}"
        for name in ("a container", "an init container", "an ephemeral container", "the second")
    ),
    "pod-service-account-token: projected",
    "pod-service-account-token: a certificate",
}


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_what_was_refused_passes_afterwards(judge, analyzer, case):
    repaired, by = remediate(analyzer, case.type, case.object)
    assert case.rule in by
    assert (case.rule in found(judge, case.type, repaired)) == (str(case) in ON_PURPOSE)


def test_what_passes_is_left_alone(analyzer):
    assert remediate(analyzer, type_of(pod()), pod()) == (pod(), [])


def test_the_rest_of_the_object_stays(analyzer):
    item = mutate(
        workload("Deployment"),
        {"spec.replicas": 3, "spec.template.spec.containers[0].securityContext": DELETE},
    )
    repaired, _ = remediate(analyzer, type_of(item), item)
    assert repaired["spec"]["replicas"] == 3
    assert (
        repaired["spec"]["template"]["spec"]["containers"][0]["image"]
        == item["spec"]["template"]["spec"]["containers"][0]["image"]
    )


def test_secrets_and_unknowns_stay_what_they_are(analyzer):
    secret = {SIGNATURE: SECRET, "value": "hunter2"}
    item = mutate(
        pod(),
        {
            "C.env": [{"name": "X", "value": secret}],
            "C.args": [UNKNOWN],
            "C.securityContext.privileged": True,
        },
    )
    repaired, by = remediate(analyzer, type_of(item), item)
    assert by == ["pod-privileged"]
    app = repaired["spec"]["containers"][0]
    assert app["env"] == [{"name": "X", "value": secret}]
    assert app["args"] == [UNKNOWN]


def test_nothing_is_repaired_unless_asked_for():
    with pack(CONFIG) as asking_for_nothing:
        item = mutate(cluster(), {"disableLocalAccounts": False})
        assert remediate(asking_for_nothing, "azure-native:containerservice:ManagedCluster", item)[1] == []


def test_a_patch_and_a_list_are_left_alone(analyzer):
    bad = mutate(
        workload("Deployment"), {"spec.template.spec.containers[0].securityContext.privileged": True}
    )
    assert remediate(analyzer, "kubernetes:apps/v1:DeploymentPatch", bad)[1] == []
    assert remediate(analyzer, "kubernetes:apps/v1:DeploymentList", {"items": [bad, bad]})[1] == []
    assert remediate(analyzer, "kubernetes:apps/v1:DeploymentList", {"items": []})[1] == []


def test_what_is_exempt_is_left_alone():
    exemption = {
        "rule": "service-public-load-balancer",
        "resource": {"name": "web"},
        "reason": "r",
        "until": "2026-12-01",
    }
    level = {"security": {"service-public-load-balancer": "remediate"}}
    with pack({"secure-aks:policies": level, "secure-aks:exemptions": [exemption]}) as exempting:
        item = mutate(service(), {"S.type": "LoadBalancer"})
        assert remediate(exempting, type_of(item), item)[1] == []


@settings(max_examples=60, deadline=None, suppress_health_check=ANY_HEALTH)
@given(ANY_PROPERTIES, ANY_TYPE)
def test_no_object_ends_the_deployment(analyzer, properties, token):
    remediate(analyzer, token, properties)
