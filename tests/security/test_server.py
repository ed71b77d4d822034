"""The pack through its real server, started as the engine starts it."""

import pytest

from tests.security.analyzer import pack

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
SIGNATURE = "4dabf18193072939515e22adb298388d"
UNKNOWN_BOOLEAN = "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7"


def deployment(privileged, name="web"):
    container = {"name": "app", "securityContext": {"privileged": privileged}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": "team"},
        "spec": {"replicas": 2, "template": {"spec": {"containers": [container]}}},
    }


@pytest.fixture(scope="module")
def analyzer():
    with pack() as running:
        yield running


def privileged_lines(diagnostics):
    return [
        (item.enforcementLevel, item.message) for item in diagnostics if item.policyName == "pod-privileged"
    ]


def test_a_privileged_container_is_a_mandatory_violation(analyzer):
    [(level, message)] = privileged_lines(analyzer.analyze(DEPLOYMENT, deployment(privileged=True)))
    assert level == 1
    assert 'container "app" sets securityContext.privileged to true' in message


def test_an_unprivileged_container_passes(analyzer):
    assert privileged_lines(analyzer.analyze(DEPLOYMENT, deployment(privileged=False))) == []


def test_a_secret_value_is_judged(analyzer):
    secret = {SIGNATURE: SECRET, "value": True}
    [(level, _)] = privileged_lines(analyzer.analyze(DEPLOYMENT, deployment(privileged=secret)))
    assert level == 1


def test_a_value_not_known_yet_is_an_advisory_with_its_path(analyzer):
    [(level, message)] = privileged_lines(
        analyzer.analyze(DEPLOYMENT, deployment(privileged=UNKNOWN_BOOLEAN))
    )
    assert level == 0
    assert "spec.template.spec.containers[0].securityContext.privileged" in message


def test_an_exemption_holds_for_its_resource_alone():
    exemption = {
        "rule": "pod-privileged",
        "resource": {"kind": "Deployment", "namespace": "team", "name": "web"},
        "reason": "test",
        "until": "2026-12-01",
    }
    with pack({"secure-aks:exemptions": [exemption]}) as exempting:
        assert privileged_lines(exempting.analyze(DEPLOYMENT, deployment(privileged=True))) == []
        assert privileged_lines(exempting.analyze(DEPLOYMENT, deployment(privileged=True, name="other")))
