"""The pack through its real server, started as the engine starts it."""

import tomllib

import pytest
import yaml
from google.protobuf import empty_pb2
from hypothesis import given, settings
from pulumi.runtime.proto import analyzer_pb2
from secure_aks_security import server
from secure_aks_security.judging.evaluation import Verdict
from secure_aks_security.judging.resources import Resource
from secure_aks_security.rules import load_rules
from secure_aks_security.stack import STACK_RULES

from tests.security.analyzer import PACK, pack, urn
from tests.security.build import CONFIG, mutate, pod, workload
from tests.security.cases import CASES, type_of
from tests.security.helpers import ANY_HEALTH, ANY_PROPERTIES, ANY_TYPE

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - Pulumi's mark of a secret, no secret itself
UNKNOWN_BOOLEAN = "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7"
UNKNOWN_ARRAY = "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2"
ADVISORY, MANDATORY = 0, 1


def deployment(*, privileged, name="web"):
    item = mutate(
        workload("Deployment"), {"spec.template.spec.containers[0].securityContext.privileged": privileged}
    )
    item["metadata"]["name"] = name
    return item


@pytest.fixture(scope="module")
def analyzer():
    with pack(CONFIG) as running:
        yield running


def lines(diagnostics, policy="pod-privileged"):
    return [(item.enforcementLevel, item.message) for item in diagnostics if item.policyName == policy]


def test_a_privileged_container_is_a_mandatory_violation(analyzer):
    [(level, message)] = lines(analyzer.analyze(DEPLOYMENT, deployment(privileged=True)))
    assert level == MANDATORY
    assert '[pod-privileged] container "app" sets securityContext.privileged to true. Remove' in message


def test_what_every_rule_lets_pass_is_not_mentioned(analyzer):
    assert analyzer.analyze(DEPLOYMENT, deployment(privileged=False)) == []


def test_a_secret_value_is_judged(analyzer):
    secret = {SIGNATURE: SECRET_SIGNATURE, "value": True}
    [(level, _)] = lines(analyzer.analyze(DEPLOYMENT, deployment(privileged=secret)))
    assert level == MANDATORY


def unknown_line(running):
    """What a pack tells at the end of what it could not judge."""
    [line] = [item for item in running.analyze_stack([]) if item.policyName == "unknown-verdicts"]
    return line


@pytest.fixture
def fresh():
    with pack(CONFIG) as running:
        yield running


def test_what_is_not_known_of_several_resources_is_one_line(fresh):
    item = deployment(privileged=UNKNOWN_BOOLEAN)
    [container] = item["spec"]["template"]["spec"]["containers"]
    item["spec"]["template"]["spec"]["containers"] = [{**container, "image": UNKNOWN_BOOLEAN}]
    for name in ("web", "api"):
        assert fresh.analyze(DEPLOYMENT, item, name) == []
    line = unknown_line(fresh)
    assert (line.enforcementLevel, line.severity) == (ADVISORY, analyzer_pb2.POLICY_SEVERITY_LOW)
    assert "10 verdicts are unknown until `up`: " in line.message
    place = "spec.template.spec.containers[0]"
    assert f"pod-privileged - {place}.securityContext.privileged (api, web)" in line.message
    assert f"pod-image-tag, pod-pull-policy - {place}.image (api, web)" in line.message


def test_of_many_resources_some_are_named(fresh):
    for number in range(15):
        fresh.analyze(DEPLOYMENT, deployment(privileged=UNKNOWN_BOOLEAN), f"web-{number:02}")
    message = unknown_line(fresh).message
    assert "15 verdicts" in message
    assert "(web-00, web-01" in message
    assert "web-11 and 3 more)" in message


def test_an_unknown_is_no_failure_where_all_rules_are_mandatory():
    config = {**CONFIG, "secure-aks:policies": {"security": {"all": "mandatory"}}}
    with pack(config) as running:
        assert running.analyze(DEPLOYMENT, deployment(privileged=UNKNOWN_BOOLEAN)) == []
        assert unknown_line(running).enforcementLevel == ADVISORY


def test_the_pack_has_one_version(analyzer):
    [line] = analyzer.analyze(DEPLOYMENT, deployment(privileged=True))
    said = yaml.safe_load((PACK / "PulumiPolicy.yaml").read_text())["version"]
    project = tomllib.loads((PACK / "pyproject.toml").read_text())["project"]["version"]
    info = analyzer.stub.GetAnalyzerInfo(empty_pb2.Empty())
    assert {line.policyPackVersion, info.version, project} == {said}


def test_a_certain_violation_beside_an_unknown_is_a_violation(analyzer):
    item = deployment(privileged=True)
    item["spec"]["template"]["spec"]["initContainers"] = UNKNOWN_ARRAY
    [(level, message)] = lines(analyzer.analyze(DEPLOYMENT, item))
    assert level == MANDATORY
    assert 'container "app"' in message


def test_numbers_that_travel_as_floats_are_whole(analyzer):
    item = mutate(pod(), {"P.runAsUser": 0.0, "C.ports": [{"containerPort": 80.0, "hostPort": 8080.0}]})
    diagnostics = analyzer.analyze(type_of(item), item)
    assert lines(diagnostics, "pod-run-as-user")
    assert "takes port 8080 of the node" in lines(diagnostics, "pod-host-ports")[0][1]


def test_every_item_of_a_list_is_judged(analyzer):
    items = {"items": [deployment(privileged=False, name="good"), deployment(privileged=True, name="bad")]}
    assert len(lines(analyzer.analyze("kubernetes:apps/v1:DeploymentList", items))) == 1


def test_a_patch_is_judged_by_what_it_says_and_the_rest_is_unknown(fresh):
    container = {"name": "app", "securityContext": {"privileged": True}}
    patch = {
        "metadata": {"name": "web", "namespace": "app"},
        "spec": {"template": {"spec": {"containers": [container]}}},
    }
    diagnostics = fresh.analyze("kubernetes:apps/v1:DeploymentPatch", patch)
    assert [level for level, _ in lines(diagnostics)] == [MANDATORY]
    unseen = unknown_line(fresh).message
    assert "a patch that leaves the field alone; the admission policies judge the whole object (it)" in unseen
    assert "pod-capabilities-dropped" in unseen


def test_a_custom_resource_with_a_pod_template_is_judged(analyzer):
    rollout = {**deployment(privileged=True), "apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout"}
    assert lines(analyzer.analyze("kubernetes:argoproj.io/v1alpha1:Rollout", rollout))


def test_the_providers_namespace_counts_where_an_object_names_none(analyzer):
    item = pod()
    del item["metadata"]["namespace"]
    elsewhere = analyzer.analyze(type_of(item), item, provider={"namespace": "app", "kubeconfig": "x"})
    assert lines(elsewhere, "pod-default-namespace") == []
    assert lines(analyzer.analyze(type_of(item), item), "pod-default-namespace")


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "Deployment"},
        {"spec": {"template": {"spec": {"containers": "none"}}}},
        {
            "spec": {
                "template": {
                    "spec": {"containers": [{"securityContext": {"privileged": "yes"}, "name": "a"}]}
                }
            }
        },
        {"metadata": "x", "spec": {"template": {"spec": {"containers": []}}}},
    ],
)
def test_a_malformed_object_is_a_violation(analyzer, broken):
    diagnostics = analyzer.analyze(DEPLOYMENT, broken)
    assert any("malformed" in item.message and item.enforcementLevel == MANDATORY for item in diagnostics)


@settings(max_examples=60, deadline=None, suppress_health_check=ANY_HEALTH)
@given(ANY_PROPERTIES, ANY_TYPE)
def test_no_object_ends_the_deployment(analyzer, properties, token):
    analyzer.analyze(token, properties)
    analyzer.analyze_stack([(token, "it", properties)])


def test_levels_and_parameters_come_from_the_stack_file():
    security = {
        "all": "advisory",
        "pod-host-namespaces": "disabled",
        "pod-image-registry": {"enforcementLevel": "mandatory", "allowedRegistries": ["other.azurecr.io/"]},
    }
    bad = mutate(pod(), {"C.securityContext.privileged": True, "S.hostPID": True})
    with pack({"secure-aks:policies": {"security": security}}) as running:
        diagnostics = running.analyze(type_of(bad), bad)
    assert {item.policyName: item.enforcementLevel for item in diagnostics} == {
        "pod-privileged": ADVISORY,
        "pod-image-registry": MANDATORY,
    }


def test_the_engines_configuration_has_the_last_word():
    with pack(CONFIG) as running:
        running.configure(
            {
                "pod-privileged": {"enforcementLevel": "disabled"},
                "pod-host-namespaces": {"enforcementLevel": "advisory"},
                "pod-image-registry": {
                    "enforcementLevel": "mandatory",
                    "allowedRegistries": ["other.azurecr.io/"],
                },
            }
        )
        bad = mutate(pod(), {"C.securityContext.privileged": True, "S.hostPID": True})
        found = {item.policyName: item.enforcementLevel for item in running.analyze(type_of(bad), bad)}
    assert found == {"pod-host-namespaces": ADVISORY, "pod-image-registry": MANDATORY}


def test_every_rule_is_a_policy_of_its_own(analyzer):
    info = analyzer.stub.GetAnalyzerInfo(empty_pb2.Empty())
    policies = {policy.name: policy for policy in info.policies}
    assert set(policies) == {rule.id for rule in load_rules()} | {rule.id for rule in STACK_RULES}
    privileged = policies["pod-privileged"]
    assert (privileged.framework.name, privileged.framework.specification) == (
        "Kubernetes Pod Security Standards",
        "Baseline",
    )
    registries = policies["pod-image-registry"].configSchema.properties["allowedRegistries"]
    assert list(registries["default"]) == ["mcr.microsoft.com/", "team.azurecr.io/"]


def hidden(value):
    """A property as a secret."""
    return {SIGNATURE: SECRET_SIGNATURE, "value": value}


def said(running, token, properties):
    """What a pack says about a resource, line by line."""
    return {
        (item.policyName, item.enforcementLevel, item.message) for item in running.analyze(token, properties)
    }


@pytest.mark.parametrize("rule", dict.fromkeys(case.rule for case in CASES))
def test_every_case_is_judged_over_the_protocol_as_it_is_without(analyzer, judge, rule):
    """Numbers travel as floats there; every property is tried as a secret too."""
    for case in [case for case in CASES if case.rule == rule and not case.facts]:
        found = judge.judge(Resource(case.type, urn(case.type, "it"), "it", case.object))
        told = [finding for finding in found if finding.verdict is not Verdict.UNKNOWN]
        expected = {(finding.rule.id, finding.message) for finding in told}
        over_grpc = said(analyzer, case.type, case.object)
        assert {(name, message.splitlines()[-1]) for name, _, message in over_grpc} == expected, case.name
        secret = {key: hidden(value) for key, value in case.object.items()}
        assert said(analyzer, case.type, secret) == over_grpc, case.name


SLOW_WAY = """
import secure_aks_security.server as server
from secure_aks_security.pack import NAME, make
server.supported = lambda: False
server.serve(NAME, *make())
"""


@pytest.fixture(scope="module")
def slow():
    with pack(CONFIG, module=SLOW_WAY) as running:
        yield running


@pytest.mark.parametrize("case", CASES[::67], ids=str)
def test_the_unchanged_sdk_says_the_same(analyzer, slow, case):
    assert said(slow, case.type, case.object) == said(analyzer, case.type, case.object)


@pytest.mark.soak
def test_the_unchanged_sdk_says_the_same_of_many(analyzer, slow):
    for case in CASES[::7]:
        assert said(slow, case.type, case.object) == said(analyzer, case.type, case.object), case


def test_the_unchanged_sdk_says_what_is_unknown_too(analyzer, slow):
    item = deployment(privileged=UNKNOWN_BOOLEAN)
    assert analyzer.analyze(DEPLOYMENT, item) == slow.analyze(DEPLOYMENT, item) == []
    [ours, theirs] = [unknown_line(running) for running in (analyzer, slow)]
    assert theirs.enforcementLevel == ADVISORY
    assert "pod-privileged - spec.template.spec.containers[0].securityContext.privileged (" in theirs.message
    assert "pod-privileged - spec.template.spec.containers[0].securityContext.privileged (" in ours.message


def test_an_sdk_without_the_servicer_is_noticed(monkeypatch):
    assert server.supported()
    monkeypatch.setattr(server, "_BASE", object)
    assert not server.supported()


def test_a_first_count_of_an_autoscaled_pool_goes_with_ignore_changes(analyzer):
    """Where it is ignored, the engine sends it at creation alone; inline pools are told apart by their place."""

    def said(resource_type, properties, *ignored):
        return lines(analyzer.analyze(resource_type, properties, ignored=ignored), "pool-autoscaled-count")

    pool = {"enableAutoScaling": True, "minCount": 2, "maxCount": 4, "count": 2}
    kind = "azure-native:containerservice:AgentPool"
    assert len(said(kind, pool)) == len(said(kind, pool, "minCount")) == 1
    assert said(kind, pool, "count") == []

    cluster = {"agentPoolProfiles": [{"name": name, **pool} for name in ("first", "second")]}
    kind = "azure-native:containerservice:ManagedCluster"
    assert len(said(kind, cluster)) == 2
    [(_, message)] = said(kind, cluster, "agentPoolProfiles[0].count")
    assert '"second"' in message
