"""What cannot be read is said with its place, and what is inside a List is never passed over."""

import pytest
from google.protobuf.struct_pb2 import Struct
from secure_aks_security.judging.evaluation import Verdict
from secure_aks_security.judging.resources import Resource
from secure_aks_security.judging.values import UNKNOWN, from_props, from_struct

from tests.security.analyzer import urn
from tests.security.build import (
    DELETE,
    agent_pool,
    cluster,
    mutate,
    pod,
    pool_template,
    role,
    service,
    workload,
)
from tests.security.cases import type_of

CLUSTER = "azure-native:containerservice:ManagedCluster"
ROLLOUT = "kubernetes:argoproj.io/v1alpha1:Rollout"
CONTAINER = "spec.template.spec.containers[0]"


def said(judge, token, properties, verdict=Verdict.MALFORMED):
    """What is said with a verdict, by each of the rules it is said of."""
    found = judge.judge(Resource(token, urn(token, "it"), "it", properties))
    words: dict[str, set[str]] = {}
    for finding in found:
        if finding.verdict is verdict:
            rules, _, message = finding.message.removeprefix("[").partition("] ")
            for rule in rules.split(", "):
                words.setdefault(rule, set()).add(message)
    return words


def deployment(path, value):
    return mutate(workload("Deployment"), {path: value})


@pytest.mark.parametrize(
    ("rule", "item", "words"),
    [
        ("pod-privileged", deployment("spec", DELETE), "it has no spec"),
        ("pod-privileged", deployment("spec.template", "x"), 'spec.template is "x", not an object'),
        ("pod-privileged", deployment("spec.template.spec.containers", DELETE), "spec.template.spec has no containers"),
        ("pod-privileged", deployment("spec.template.spec.containers", {}), "spec.template.spec.containers is {}, not a list"),
        ("pod-privileged", deployment("spec.template.spec.containers", [5]), f"{CONTAINER} is 5, not an object"),
        ("pod-privileged", deployment(f"{CONTAINER}.securityContext", "no"), f'{CONTAINER}.securityContext is "no", not an object'),
        ("pod-privileged", deployment(f"{CONTAINER}.securityContext.privileged", "no"), f'{CONTAINER}.securityContext.privileged is "no"'),
        ("pod-apparmor", deployment(f"{CONTAINER}.name", DELETE), f"{CONTAINER} has no name"),
        ("pod-image-tag", deployment(f"{CONTAINER}.image", 5), f"{CONTAINER}.image is 5"),
        ("pod-image-tag", deployment(f"{CONTAINER}.image", ["x" * 99]), f'{CONTAINER}.image is ["{"x" * 58}...'),
        ("pod-runtime-socket", mutate(pod(), {"S.volumes": [{"name": "v", "hostPath": {}}]}), "spec.volumes[0].hostPath has no path"),
        ("pod-run-as-user", mutate(workload("CronJob"), {"spec.jobTemplate": []}), "spec.jobTemplate is [], not an object"),
        ("pod-default-namespace", mutate(pod(), {"metadata": "x"}), 'metadata is "x", not an object'),
        ("rbac-pod-exec", mutate(role(), {"rules[0].resources": "pods"}), 'rules[0].resources is "pods"'),
        ("service-external-ips", mutate(service(), {"spec": None}), "spec is null, not an object"),
    ],
)  # fmt: skip
def test_a_malformed_object_is_told_where(judge, rule, item, words):
    assert said(judge, type_of(item), item)[rule] == {f"the object is malformed: {words}"}


@pytest.mark.parametrize(
    ("token", "rule", "item", "words"),
    [
        (CLUSTER, "cluster-entra", mutate(cluster(), {"aadProfile": "x"}), 'aadProfile is "x", not an object'),
        (CLUSTER, "pool-zones", mutate(cluster(), {"agentPoolProfiles": "x"}), "agentPoolProfiles is not a list"),
        (CLUSTER, "pool-zones", mutate(cluster(), {"A.availabilityZones": 3}), "agentPoolProfiles[0].availabilityZones is 3"),
        ("azure-native:containerservice:AgentPool", "pool-max-pods", mutate(agent_pool(), {"maxPods": "9"}), 'maxPods is "9"'),
        (
            "azure-native:resources:Deployment",
            "pool-max-pods",
            mutate(pool_template(), {"properties.template.resources[1].properties.maxPods": "9"}),
            'properties.template.resources[1].properties.maxPods is "9"',
        ),
    ],
)  # fmt: skip
def test_so_is_a_malformed_cluster_or_pool(judge, token, rule, item, words):
    assert said(judge, token, item)[rule] == {f"the object is malformed: {words}"}


@pytest.mark.parametrize("kind", ["Pod", ""])
@pytest.mark.parametrize(
    ("items", "words"),
    [
        (UNKNOWN + "items", "items"),
        ([pod(), UNKNOWN + "items[1]"], "items[1]"),
        ([{**pod(), "kind": UNKNOWN + "items[0].kind"}], "items[0].kind"),
    ],
)
def test_what_is_not_known_of_a_list_is_unknown(judge, kind, items, words):
    found = said(judge, f"kubernetes:core/v1:{kind}List", {"items": items}, Verdict.UNKNOWN)
    assert found["pod-privileged"] == {f"not known before the update: {words}"}
    assert ("rbac-wildcards" in found) == (not kind)


@pytest.mark.parametrize("kind", ["Pod", ""])
@pytest.mark.parametrize(
    ("items", "words"),
    [
        ({"a": 1}, "items is not a list"),
        ([pod(), "x"], "items[1] is not an object"),
        ([{**pod(), "kind": 5}], "items[0].kind is not the name of a kind"),
    ],
)
def test_what_is_malformed_in_a_list_is_a_violation(judge, kind, items, words):
    found = said(judge, f"kubernetes:core/v1:{kind}List", {"items": items})
    assert found["pod-privileged"] == {f"the object is malformed: {words}"}


def test_a_kind_that_ends_with_list_need_not_be_one(judge):
    assert judge.judge(Resource("kubernetes:example.com/v1:IPList", "urn", "it", {"spec": {"ips": []}})) == []


@pytest.mark.parametrize(
    "unknown", [{"spec": UNKNOWN + "spec"}, {"spec": {"template": UNKNOWN + "spec.template"}}, {"spec": {"template": {"spec": UNKNOWN + "x"}}}]
)  # fmt: skip
def test_a_custom_resource_that_may_hold_a_pod_template_is_unknown(judge, unknown):
    assert "pod-privileged" in said(judge, ROLLOUT, unknown, Verdict.UNKNOWN)
    # Of Kubernetes' own kinds it is known which hold one.
    for token in (
        "kubernetes:networking.k8s.io/v1:NetworkPolicy",
        "kubernetes:core/v1:PersistentVolumeClaim",
    ):
        assert judge.judge(Resource(token, "urn", "it", unknown)) == []


def test_a_null_in_a_list_is_an_empty_text_as_for_the_api_server(judge):
    rules = {"rules[0].resources": [None], "rules[0].verbs": ["get", None]}
    properties = Struct()
    properties.update(mutate(role(), rules))
    for plain in (from_struct(properties), from_props(mutate(role(), rules))):
        assert judge.judge(Resource(type_of(role()), "urn", "it", plain)) == []
