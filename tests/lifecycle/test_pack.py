"""The pack as the engine runs it: a process, gRPC, proxies, unknown values, configuration."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi_policy.proxy import UNKNOWN_NUMBER_VALUE, UNKNOWN_OBJECT_VALUE, UNKNOWN_STRING_VALUE
from secure_aks_lifecycle.judging.policies import policies
from secure_aks_lifecycle.judging.resource import Resource, plain_type
from secure_aks_lifecycle.rules import RULES

from tests.lifecycle.builders import (
    CURRENT,
    NEWER,
    agent_pool,
    aks_cluster,
    change,
    kubernetes,
    pool_deployment,
    recorded,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.lifecycle.pack_server import PackServer, Said

CONFIG: dict[str, object] = {
    "secure-aks:environment": "prod",
    "secure-aks:cluster": {"name": "aks-prod", "kubernetesVersion": CURRENT},
    "secure-aks:promotion": {"follows": "staging", "soakDays": 7},
}
STAGING = recorded(NEWER, "2026-11-20T00:00:00+00:00", "aks-staging", system=CURRENT)
SAME = recorded(CURRENT, system=CURRENT, general=CURRENT)


def mandatory(said: list[Said]) -> list[str]:
    return [item.policy for item in said if item.level == "mandatory"]


SHOWING = ("exemption-in-use", "step-exemption-in-use", "emergency-override", "unknown-verdicts")
REPAIRING = ("inline-pool-alone",)
STEP_POLICIES = {rule.id for rule in RULES if rule.on_stack} | {"step-exemption-in-use", "emergency-override"}


def judged(pack: PackServer, step: Resource) -> list[Said]:
    """What the pack says of a step: its policies judge the outputs of VersionChange once all is registered."""
    assert pack.analyze(step) == []
    return [said for said in pack.analyze_stack(step) if said.policy in STEP_POLICIES]


def test_a_whole_stack_passes_and_its_violations_stop_it(start_pack: Callable[..., PackServer]) -> None:
    pack = start_pack(CONFIG)
    assert pack.levels() == {
        **{rule.id: rule.level for rule in RULES},
        "inline-pool-alone": "remediate",
        "exemption-in-use": "advisory",
        "step-exemption-in-use": "advisory",
        "emergency-override": "advisory",
        "unknown-verdicts": "advisory",
    }
    happy = [
        change(SAME, SAME, "staging", STAGING),
        aks_cluster(),
        pool_deployment(),
        agent_pool(),
        kubernetes("apps/v1", "Deployment"),
    ]
    assert [said for resource in happy for said in pack.analyze(resource)] == []
    stack = pack.analyze_stack(*happy)
    assert mandatory(stack) == []
    assert {item.policy for item in stack} == {"pack-inputs"}
    assert any("the clock is overridden" in item.message for item in stack)
    assert any("80 days old" in item.message for item in stack)

    bumped = change(recorded(NEWER, system=NEWER, general=CURRENT), SAME, "staging", STAGING)
    assert mandatory(judged(pack, bumped)) == ["legal-step", "promotion", "promotion"]
    assert mandatory(pack.analyze(agent_pool(orchestratorVersion="1.33.13"))) == ["supported-version"]
    assert mandatory(pack.analyze(kubernetes("policy/v1beta1", "PodDisruptionBudget"))) == ["removed-api"]
    # The cluster and both pools that were seen differ from what the last change declared.
    declared = [said for said in mandatory(pack.analyze_stack(bumped)) if said == "declared-versions"]
    assert len(declared) == 3


def test_unknown_values_are_shown_as_advisories_and_stop_nothing(
    start_pack: Callable[..., PackServer],
) -> None:
    pack = start_pack(CONFIG)
    steps = [
        change(SAME, UNKNOWN_OBJECT_VALUE, "staging", STAGING),
        change(recorded(CURRENT, system={"version": UNKNOWN_STRING_VALUE}), SAME),
    ]
    unknown = [
        aks_cluster(kubernetesVersion=UNKNOWN_STRING_VALUE, agentPoolProfiles=UNKNOWN_OBJECT_VALUE),
        aks_cluster(autoUpgradeProfile=UNKNOWN_OBJECT_VALUE, resourceName=UNKNOWN_STRING_VALUE),
        agent_pool(orchestratorVersion=UNKNOWN_STRING_VALUE, osSKU=UNKNOWN_STRING_VALUE),
        Resource("azure-native:resources:Deployment", "urn:d", "d", {"properties": UNKNOWN_OBJECT_VALUE}),
        Resource(
            "kubernetes:apps/v1:Deployment",
            "urn:k",
            "k",
            {"metadata": UNKNOWN_OBJECT_VALUE, "kind": UNKNOWN_STRING_VALUE},
        ),
        Resource("kubernetes:core/v1:Pod", "urn:k", "k", {"spec": {"replicas": UNKNOWN_NUMBER_VALUE}}),
    ]
    answers = [pack.analyze(resource) for resource in unknown]
    assert mandatory([said for answer in answers for said in answer]) == []
    told = unknown_of(pack)
    assert "orchestratorVersion is not known yet" in told
    assert "removed-api - k: apiVersion or kind is not known yet" in told
    for step in steps:
        assert mandatory(judged(pack, step)) == []
        assert "legal-step - " in unknown_of(pack, step)
    assert mandatory(pack.analyze_stack(*unknown, steps[0])) == []


def unknown_of(pack: PackServer, *resources: Resource) -> str:
    """What the pack tells in its one line about what it could not judge."""
    [said] = [item for item in pack.analyze_stack(*resources) if item.policy == "unknown-verdicts"]
    assert said.level == "advisory"
    return said.message


def test_an_unknown_is_no_failure_where_all_rules_are_mandatory(
    start_pack: Callable[..., PackServer],
) -> None:
    pack = start_pack(CONFIG | {"secure-aks:policies": {"lifecycle": {"all": "mandatory"}}})
    assert mandatory(pack.analyze(agent_pool(orchestratorVersion=UNKNOWN_STRING_VALUE))) == []
    assert "orchestratorVersion is not known yet" in unknown_of(pack)


def test_what_is_known_is_not_told_as_unknown(start_pack: Callable[..., PackServer]) -> None:
    pack = start_pack(CONFIG)
    pack.analyze(agent_pool())
    assert not any(item.policy == "unknown-verdicts" for item in pack.analyze_stack())


def test_no_shape_of_any_property_crashes_the_pack(start_pack: Callable[..., PackServer]) -> None:
    pack = start_pack(CONFIG)
    for value in (None, True, 3.0, "text", [], ["x"], {}, {"a": {"b": [1, None]}}, [[{}]]):
        for resource in (
            aks_cluster(),
            agent_pool(),
            pool_deployment(),
            change(SAME, SAME, "staging", STAGING),
        ):
            for key in resource.props:
                odd = Resource(resource.type, resource.urn, resource.name, {**resource.props, key: value})
                for said in pack.analyze(odd):
                    assert "the rule itself failed" not in said.message, (key, said.message)
        parts = {"apiVersion": value, "kind": value, "metadata": value}
        pack.analyze(Resource("kubernetes:apps/v1:Deployment", "u", "n", parts))
        pack.analyze_stack(aks_cluster(agentPoolProfiles=value), agent_pool(nodeImageVersion=value))


def test_levels_and_parameters_come_from_the_stack_file_and_the_engine_has_the_last_word(
    start_pack: Callable[..., PackServer],
) -> None:
    settings = {
        "all": "advisory",
        "support-ending": {"enforcementLevel": "mandatory", "warnDays": 200},
        "newer-patch": "disabled",
    }
    pack = start_pack(CONFIG | {"secure-aks:policies": {"lifecycle": settings}})
    levels = pack.levels()
    assert levels["support-ending"] == "mandatory"
    assert levels["newer-patch"] == "disabled"
    assert levels["supported-version"] == "advisory"
    old = agent_pool(orchestratorVersion="1.35.5")
    assert [(said.policy, said.level) for said in pack.analyze(old)] == [("support-ending", "mandatory")]
    pack.configure("support-ending", pb.ADVISORY, warnDays=10)
    assert pack.analyze(old) == []


def test_version_rules_are_the_defaults_of_the_parameters(start_pack: Callable[..., PackServer]) -> None:
    pack = start_pack(
        CONFIG | {"secure-aks:versionRules": {"skewMinors": 2, "poolSkipsMinors": True, "warnDays": 1}}
    )
    before, after = (
        recorded("1.35.6", system="1.33.13", general="1.35.6"),
        recorded("1.36.2", system="1.33.13", general="1.35.6"),
    )
    assert mandatory(judged(pack, change(after, before))) == ["legal-step", "promotion"]
    lenient = start_pack(CONFIG)
    assert mandatory(judged(lenient, change(after, before))) == ["promotion"]


def test_an_exemption_lets_pass_and_is_shown_with_reason_and_end(
    start_pack: Callable[..., PackServer],
) -> None:
    bumped = change(recorded(NEWER, system=CURRENT, general=CURRENT), SAME, "staging", STAGING)
    exemption = {
        "rule": "promotion",
        "resource": {"name": "aks-prod"},
        "reason": "kubelet CVE",
        "until": "2026-11-23",
    }
    said = judged(start_pack(CONFIG | {"secure-aks:exemptions": [exemption]}), bumped)
    assert [(item.policy, item.level) for item in said] == [("emergency-override", "advisory")]
    assert said[0].message.startswith(
        "exempt from promotion until 2026-11-23: kubelet CVE. Without it: control plane of aks-prod"
    )

    # What the real engine makes of a date without quotes.
    unquoted = exemption | {"until": "2026-11-23 00:00:00 +0000 UTC"}
    assert judged(start_pack(CONFIG | {"secure-aks:exemptions": [unquoted]}), bumped) == said

    stayed = change(SAME, SAME, "staging", STAGING)
    spent = start_pack(CONFIG | {"secure-aks:exemptions": [exemption]}).analyze_stack(stayed)
    (unused,) = [item for item in spent if item.policy == "lifecycle-exemption-unused"]
    assert unused.level == "advisory"
    assert unused.message.startswith("nothing needs the exemption of aks-prod from promotion (kubelet CVE)")

    ended = exemption | {"until": "2026-11-22"}
    [late] = judged(start_pack(CONFIG | {"secure-aks:exemptions": [ended]}), bumped)
    assert late.level == "mandatory"
    assert late.message.endswith("(its exemption ended on 2026-11-22)")

    other = exemption | {"resource": {"name": "aks-staging"}}
    assert mandatory(judged(start_pack(CONFIG | {"secure-aks:exemptions": [other]}), bumped)) == ["promotion"]


def test_an_exemption_may_name_kind_namespace_and_type(start_pack: Callable[..., PackServer]) -> None:
    pdb = kubernetes("policy/v1beta1", "PodDisruptionBudget")
    exemption = {"rule": "removed-api", "reason": "moved next week", "until": "2026-12-01"}

    def refused(**resource: str) -> bool:
        pack = start_pack(CONFIG | {"secure-aks:exemptions": [exemption | {"resource": resource}]})
        return bool(mandatory(pack.analyze(pdb)))

    assert not refused(name="we*", kind="PodDisruptionBudget", namespace="payments")
    assert not refused(name="web", type="kubernetes:policy/v1beta1:PodDisruptionBudget")
    assert not refused(name="w?b", type="kubernetes:policy/*", namespace="pay*")
    assert refused(name="[w]eb"), "the patterns are the security pack's: `*` and `?` only"
    assert refused(name="web", namespace="checkout")
    assert refused(name="web", kind="Deployment")
    assert refused(name="web", type="kubernetes:apps/v1:Deployment")
    assert refused(name="db")


def test_a_pattern_does_not_run_away(start_pack: Callable[..., PackServer]) -> None:
    exemption = {"rule": "removed-api", "reason": "moved next week", "until": "2026-12-01"}
    pack = start_pack(
        CONFIG | {"secure-aks:exemptions": [exemption | {"resource": {"name": "e*" * 40 + "b"}}]}
    )
    assert mandatory(pack.analyze(kubernetes("policy/v1beta1", "PodDisruptionBudget", "e" * 200)))


def test_a_clock_that_is_no_time_refuses_and_says_so(start_pack: Callable[..., PackServer]) -> None:
    pack = start_pack(CONFIG, clock="tomorrow")
    [said] = pack.analyze_stack()
    assert (said.policy, said.level) == ("pack-inputs", "mandatory")
    assert "SECURE_AKS_CLOCK: 'tomorrow' is not an ISO date or time" in said.message


NONSENSE = (
    "{",
    [1],
    {"lifecycle": 3},
    "text",
    7,
    {"lifecycle": {"promotion": {"soakDays": "many"}}},
    [{"rule": 1}],
    None,
)


@pytest.mark.parametrize("value", NONSENSE)
def test_a_configuration_full_of_nonsense_yields_every_policy(value: object) -> None:
    keys = ("environment", "cluster", "versionRules", "promotion", "policies", "exemptions")
    assert len(policies({f"secure-aks:{key}": value for key in keys})) == len(RULES) + len(SHOWING) + len(
        REPAIRING
    )


def test_a_parameter_that_does_not_fit_is_reported_and_its_default_holds(
    start_pack: Callable[..., PackServer],
) -> None:
    nonsense = {
        "promotion": {"soakDays": "many", "colour": 1},
        "legal-step": {"skewMinors": 9, "poolSkipsMinors": 1},
    }
    pack = start_pack(
        CONFIG
        | {"secure-aks:policies": {"lifecycle": nonsense}, "secure-aks:versionRules": {"warnDays": True}}
    )
    said = "\n".join(item.message for item in pack.analyze_stack())
    for words in (
        "promotion: soakDays cannot be 'many'; 7 holds",
        "promotion: there is no parameter colour",
        "legal-step: skewMinors cannot be 9; 3 holds",
        "legal-step: poolSkipsMinors cannot be 1; False holds",
        "support-ending: warnDays cannot be True; 60 holds",
    ):
        assert words in said
    assert pack.analyze(change(SAME, SAME, "staging", STAGING)) == []


def test_the_engine_may_ask_for_many_resources_at_a_time(start_pack: Callable[..., PackServer]) -> None:
    pack = start_pack(CONFIG)
    resources = [agent_pool(f"pool{number}", orchestratorVersion="1.33.13") for number in range(40)]
    resources = [Resource(r.type, f"urn:{i}", r.name, r.props) for i, r in enumerate(resources)]
    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(pack.analyze, resources))
    assert [mandatory(answer) for answer in answers] == [["supported-version"]] * 40


def test_a_versioned_type_is_the_same_type() -> None:
    assert (
        plain_type("azure-native:containerservice/v20250901:AgentPool")
        == "azure-native:containerservice:AgentPool"
    )
    assert plain_type("kubernetes:apps/v1:Deployment") == "kubernetes:apps/v1:Deployment"
