"""The pack's judge, configured as every case expects."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import HealthCheck
from hypothesis import strategies as st
from secure_aks_security.judging.judge import Judge, Record
from secure_aks_security.judging.resources import Resource, judged_by
from secure_aks_security.judging.values import from_props
from secure_aks_security.objects import objects
from secure_aks_security.rules import load_rules
from secure_aks_security.stack_file.configuration import configure

from tests.security.build import CONFIG
from tests.security.cases import Case

TODAY = date(2026, 11, 23)
ANY_HEALTH = (
    HealthCheck.function_scoped_fixture,
    HealthCheck.too_slow,
    HealthCheck.filter_too_much,
    HealthCheck.data_too_large,
)
"""A busy machine is no reason for a property test to fail."""


def judge_of(facts: dict[str, Any] | None = None) -> Judge:
    """A judge with the configuration of every case, and other facts where a case has them."""
    rules = load_rules()
    configuration = configure(rules, CONFIG)
    assert configuration.problems == ()
    configuration = replace(configuration, facts=configuration.facts | (facts or {}))
    return Judge(rules, configuration, TODAY, Record())


def found_in(case: Case) -> Resource | None:
    """The one object in a case that the case's rule is about; None where the case holds none.

    With its status, which the API server alone has.
    """
    [rule] = [rule for rule in load_rules() if rule.id == case.rule]
    sent = from_props(case.object)
    found = [item for item in objects(Resource(case.type, "urn", "it", sent)) if judged_by(item, rule.area)]
    assert len(found) <= 1, case.name
    if "status" in case.object:
        return replace(found[0], properties=found[0].properties | {"status": sent["status"]})
    return found[0] if found else None


def item_of(case: Case) -> Resource:
    """The one object in a case that the case's rule is about, in a case that holds one."""
    found = found_in(case)
    assert found is not None, case.name
    return found


UNKNOWN_BOOLEAN = "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7"
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.sampled_from(["", "a", "*", "default", UNKNOWN_BOOLEAN]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(
                [
                    "spec",
                    "template",
                    "metadata",
                    "containers",
                    "name",
                    "securityContext",
                    "rules",
                    "subjects",
                    "kind",
                    "items",
                ]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)
ANY_PROPERTIES = st.dictionaries(
    st.sampled_from(["spec", "metadata", "rules", "subjects", "items", "agentPoolProfiles"]), _JSON
)
"""Properties of any shape under the keys that rules read."""
ANY_TYPE = st.sampled_from(
    [
        "kubernetes:apps/v1:Deployment",
        "kubernetes:core/v1:Pod",
        "kubernetes:core/v1:PodPatch",
        "kubernetes:core/v1:PodList",
        "kubernetes:core/v1:List",
        "kubernetes:argoproj.io/v1alpha1:Rollout",
        "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
        "azure-native:containerservice:ManagedCluster",
        "random:index:Thing",
    ]
)
