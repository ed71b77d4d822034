"""The pack's own server: what the unchanged SDK says of a stack, it says too, and hands out less for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from google.protobuf import struct_pb2
from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi_policy import EnforcementLevel
from secure_aks_lifecycle import server
from secure_aks_lifecycle.judging.policies import NAME, READERS, policies
from secure_aks_lifecycle.rules import RULES

from tests.lifecycle.builders import CURRENT, NEWER, agent_pool, aks_cluster, change, kubernetes, recorded

if TYPE_CHECKING:
    from secure_aks_lifecycle.judging.resource import Resource

CONFIG: dict[str, Any] = {
    "secure-aks:environment": "prod",
    "secure-aks:cluster": {"name": "aks-prod", "kubernetesVersion": CURRENT},
    "secure-aks:systemPool": {"name": "system", "version": CURRENT},
    "secure-aks:promotion": {"follows": "staging", "soakDays": 7},
}
STACK = [
    aks_cluster(kubernetesVersion="1.29.2", agentPoolProfiles=[{"name": "system"}, {"name": "general"}]),
    agent_pool("general", orchestratorVersion="1.30.0"),
    kubernetes("policy/v1beta1", "PodSecurityPolicy"),
    kubernetes("v1", "ConfigMap"),
    change(recorded(NEWER, system=NEWER), recorded(CURRENT, system=CURRENT)),
]


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")


def said(servicer: Any) -> list[Any]:
    """Every answer about the stack: resource by resource, mended and judged, and of all together."""
    requests = [
        pb.AnalyzeRequest(type=one.type, urn=one.urn, name=one.name, properties=_struct(one)) for one in STACK
    ]
    resources = [
        pb.AnalyzerResource(type=one.type, urn=one.urn, name=one.name, properties=_struct(one))
        for one in STACK
    ]
    answers = [list(servicer.Analyze(request, None).diagnostics) for request in requests]
    mended = [list(servicer.Remediate(request, None).remediations) for request in requests]
    stack = servicer.AnalyzeStack(pb.AnalyzeStackRequest(resources=resources), None)
    return [*answers, *mended, list(stack.diagnostics)]


def _struct(resource: Resource) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update(resource.props)
    return struct


def servicers() -> list[Any]:
    """The pack's own, and the SDK's as it is, each with policies of its own: what they saw of a stack is kept in them."""
    sdk = server._BASE(NAME, server._VERSION, policies(CONFIG), EnforcementLevel.ADVISORY)
    return [server.Servicer(NAME, policies(CONFIG), READERS), sdk]


def test_the_unchanged_sdk_says_the_same():
    ours, theirs = map(said, servicers())
    assert ours == theirs
    assert {one.policyName for answer in ours for one in answer} >= {
        "supported-version",
        "removed-api",
        "legal-step",
        "inline-pool-alone",
    }


def test_levels_of_the_engine_hold_for_every_type():
    ours, theirs = servicers()
    request = pb.ConfigureAnalyzerRequest()
    for rule in RULES:
        request.policyConfig[rule.id].enforcementLevel = pb.DISABLED
    before = said(ours)
    for one in (ours, theirs):
        one.Configure(request, None)
    assert said(ours) == said(theirs) != before


def test_a_policy_reads_what_its_rule_applies_to_and_each_is_named():
    assert set(READERS) == {one.name for one in policies(CONFIG)}


def test_what_nothing_reads_is_handed_to_nobody(monkeypatch):
    ours, _ = servicers()
    handed: list[str] = []
    monkeypatch.setattr(server.sdk, "unknown_checking_proxy", lambda props: handed.append("one") or props)
    request = pb.AnalyzeRequest(type="azure-native:network:VirtualNetwork", properties=_struct(STACK[0]))
    assert not ours.Analyze(request, None).diagnostics
    assert not ours.Remediate(request, None).remediations
    assert handed == []


def test_an_sdk_without_the_servicer_is_noticed(monkeypatch):
    assert server.supported()
    monkeypatch.setattr(server, "_BASE", object)
    assert not server.supported()
