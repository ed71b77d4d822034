"""Exemptions: what they cover, what is refused of them, and that both sides read them alike."""

import re
from datetime import date

import pytest
from cel_expr_python import cel
from hypothesis import given, settings
from hypothesis import strategies as st
from secure_aks_lifecycle.rules import RULES as LIFECYCLE_RULES
from secure_aks_security.admission.exemptions import condition
from secure_aks_security.judging.resources import Resource
from secure_aks_security.objects import objects
from secure_aks_security.rules import built_in_exemptions, load_rules
from secure_aks_security.stack import STACK_RULES
from secure_aks_security.stack_file.configuration import configure
from secure_aks_security.stack_file.exemptions import Exemption, fits, regex

from tests.security.analyzer import pack
from tests.security.build import mutate, pod
from tests.security.cases import type_of

VALID = {
    "rule": "pod-privileged",
    "resource": {"kind": "Pod", "namespace": "app", "name": "web"},
    "reason": "the driver needs it",
    "until": "2026-12-01",
}
PRIVILEGED = mutate(pod(), {"C.securityContext.privileged": True})


def said_by(exemptions, resources=(), clock="2026-11-23"):
    """What the pack says about these resources and then about the stack."""
    with pack({"secure-aks:exemptions": exemptions}, clock=clock) as analyzer:
        about_resources = [line for item in resources for line in analyzer.analyze(type_of(item), item)]
        return about_resources, analyzer.analyze_stack([(type_of(item), "web", item) for item in resources])


def names(diagnostics):
    return {item.policyName for item in diagnostics}


def test_an_exemption_holds_for_its_resource_alone():
    other = mutate(PRIVILEGED, {"M.name": "other"})
    about_resources, about_stack = said_by([VALID], [PRIVILEGED, other])
    assert [item.urn for item in about_resources if item.policyName == "pod-privileged"] == [""]
    assert "exemption-unused" not in names(about_stack)


def test_it_holds_on_its_last_day_and_not_after():
    assert "pod-privileged" not in names(said_by([VALID], [PRIVILEGED], clock="2026-12-01")[0])
    about_resources, about_stack = said_by([VALID], [PRIVILEGED], clock="2026-12-02")
    assert "pod-privileged" in names(about_resources)
    [ended] = [item for item in about_stack if item.policyName == "exemption-expired"]
    assert "pod-privileged for app/Pod/web ended on 2026-12-01" in ended.message


def test_one_that_nothing_needs_is_said():
    _, about_stack = said_by([VALID], [pod()])
    [unused] = [item for item in about_stack if item.policyName == "exemption-unused"]
    assert "nothing needs the exemption from pod-privileged for app/Pod/web" in unused.message


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"resource": {"name": "*"}}, "a bare wildcard"),
        ({"resource": {"name": "**"}}, "a bare wildcard"),
        ({"resource": {"name": "?*"}}, "a bare wildcard"),
        ({"resource": {"name": "*-*"}}, "a bare wildcard"),
        ({"resource": {"kind": "Pod"}}, "names nothing"),
        ({"resource": "web"}, "names nothing"),
        ({"resource": {"name": "web", "owner": "me"}}, "has owner"),
        ({"reason": ""}, "does not say reason"),
        ({"until": None}, "does not say until"),
        ({"until": "next year"}, "write a date"),
        ({"rule": "pod-priviledged"}, "there is no rule pod-priviledged"),
    ],
)
def test_one_that_makes_no_sense_is_a_violation_and_does_not_hold(change, why):
    about_resources, about_stack = said_by([{**VALID, **change}], [PRIVILEGED])
    assert "pod-privileged" in names(about_resources)
    [problem] = [item for item in about_stack if item.policyName == "pack-configuration"]
    assert why in problem.message


def test_a_date_without_quotes_in_the_stack_file_counts():
    # The engine passes it as a time at midnight.
    about_resources, about_stack = said_by(
        [{**VALID, "until": "2026-12-01 00:00:00 +0000 UTC"}], [PRIVILEGED]
    )
    assert "pod-privileged" not in names(about_resources)
    assert "pack-configuration" not in names(about_stack)


def test_the_other_packs_exemptions_are_none_of_ours():
    _, about_stack = said_by([{**VALID, "rule": "version-support"}])
    assert names(about_stack) == {"clock-overridden"}


def test_a_misspelled_rule_of_any_sort_is_told_and_no_other_packs_is():
    """By how it begins: every rule here begins so, and none of the other pack's does."""
    ours = {rule.id for rule in [*load_rules(), *STACK_RULES]} - {"pack-configuration"}
    rules = [rule.id for rule in LIFECYCLE_RULES]
    said = configure(
        load_rules(), {"secure-aks:exemptions": [{**VALID, "rule": f"{name}-x"} for name in ours]}
    )
    assert len(said.problems) == len(ours)
    assert (
        configure(
            load_rules(), {"secure-aks:exemptions": [{**VALID, "rule": name} for name in rules]}
        ).problems
        == ()
    )


def test_the_built_in_ones_are_narrow_and_about_rules_there_are():
    rules = {rule.id for rule in load_rules()} | {"namespace-default-deny"}
    for exemption in built_in_exemptions():
        assert exemption.rule in rules
        assert exemption.reason
        assert "*" not in exemption.namespace
        assert exemption.kind
        assert exemption.namespace or exemption.kind in {"Namespace", "ClusterRole", "ClusterRoleBinding"}
        assert exemption.name.strip("*?")


_NAME = st.text("ab-.", min_size=1, max_size=4)
_PATTERN = st.text("ab-.*?", min_size=1, max_size=4)


@settings(max_examples=300, deadline=None)
@given(
    st.builds(
        Exemption,
        rule=st.just("pod-privileged"),
        name=_PATTERN,
        reason=st.just("r"),
        until=st.just(date(2027, 1, 1)),
        kind=st.sampled_from(["", "Pod", "P*", "Deployment"]),
        namespace=st.one_of(st.just(""), _PATTERN),
    ),
    _NAME,
    _NAME,
)
def test_both_sides_read_an_exemption_alike(exemption, name, namespace):
    item = {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": name, "namespace": namespace}}
    environment = cel.NewEnv(variables={"object": cel.Type.DYN, "request": cel.Type.DYN})
    request = {"userInfo": {"username": "somebody"}}
    at_admission = environment.compile(condition(exemption)).eval(data={"object": item, "request": request})
    [resource] = objects(Resource("kubernetes:core/v1:Pod", "urn", "it", item))
    assert at_admission.plain_value() is exemption.covers(resource)


def test_a_problem_of_the_configuration_is_a_violation():
    configuration = configure(
        load_rules(),
        {
            "secure-aks:policies": {
                "security": {
                    "pod-priviledged": "mandatory",
                    "pod-privileged": "fatal",
                    "pod-image-registry": {"allowedRegistries": ["mcr.microsoft.com"]},
                    "pool-zones": {"minimumZones": "three"},
                    "pod-image-tag": {"tags": []},
                }
            }
        },
    )
    assert len(configuration.problems) == 5
    assert configuration.settings["pod-privileged"].level == "mandatory"
    assert configuration.settings["pod-image-registry"].parameters == {
        "allowedRegistries": ["mcr.microsoft.com/"]
    }
    assert configuration.settings["pool-zones"].parameters == {"minimumZones": 1}


def test_a_configuration_that_is_no_json_is_a_violation():
    configuration = configure(load_rules(), {"secure-aks:policies": "{", "secure-aks:exemptions": "["})
    assert [problem.partition(" ")[0] for problem in configuration.problems] == [
        "secure-aks:policies",
        "secure-aks:exemptions",
    ]


def test_a_clock_that_is_no_date_is_a_violation():
    with pack({}, clock="yesterday") as analyzer:
        found = {item.policyName: item.message for item in analyzer.analyze_stack([])}
    assert (
        "SECURE_AKS_CLOCK: 'yesterday' is not an ISO date or time; write one such as"
        in found["pack-configuration"]
    )


PATTERNS = st.text("ab[]!*?.-", min_size=1, max_size=8)


@settings(deadline=None, max_examples=300)
@given(PATTERNS, st.text("ab[]!.-", max_size=8))
def test_a_pattern_names_what_its_expression_names(pattern, text):
    assert fits(pattern, text) is (re.fullmatch(regex(pattern), text) is not None)


def test_a_pattern_does_not_run_away():
    assert not fits("a*" * 40 + "b", "a" * 250)
