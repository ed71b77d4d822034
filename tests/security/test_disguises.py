"""A cluster, a pod, a role in another form is found, or told as unseen; what is only like one is left alone."""

import pytest
from secure_aks_security.judging.evaluation import Verdict
from secure_aks_security.judging.resources import Resource

from tests.security.analyzer import urn
from tests.security.disguises import DISGUISES, HARMLESS
from tests.security.disguises_elsewhere import ELSEWHERE, HARMLESS_ELSEWHERE

HIDDEN = DISGUISES | ELSEWHERE
ALIKE = HARMLESS | HARMLESS_ELSEWHERE


def found(judge, token, properties):
    """The rules that refuse or tell, and, after a question mark, those that do not know."""
    said = judge.judge(Resource(token, urn(token, "it"), "it", properties))
    refusing = {one.rule.id for one in said if one.verdict is not Verdict.UNKNOWN}
    unknown = [one.message for one in said if one.verdict is Verdict.UNKNOWN]
    return refusing | {f"?{rule}" for words in unknown for rule in words[1 : words.index("]")].split(", ")}


@pytest.mark.parametrize("name", HIDDEN)
def test_a_disguise_hides_nothing(judge, name):
    token, properties, rule = HIDDEN[name]
    assert rule in found(judge, token, properties)


@pytest.mark.parametrize("name", ALIKE)
def test_what_is_only_like_it_is_left_alone(judge, name):
    assert found(judge, *ALIKE[name]) == set()


@pytest.mark.parametrize(
    ("parents", "told"),
    [
        ("secure-aks:index:Admission$", False),
        ("secure-aks:index:Cluster$secure-aks:index:NodeReboots$", False),
        ("secure-aks:index:SecurityProfiles$", False),
        ("", True),
        ("shop:index:Admission$", True),
        ("secure-aks:index:Platform$", True),
    ],
)
def test_the_policies_are_written_by_their_own_components_alone(judge, parents, told):
    binding = "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding"
    urn_ = f"urn:pulumi:test::secure-aks::{parents}{binding}::secure-aks:index:Admission$x"
    item = {"metadata": {"name": "secure-aks-pods-deny"}, "madeHere": True}
    found = judge.judge(Resource(binding, urn_, "it", item))
    assert ("reserved-policies" in {one.rule.id for one in found}) is told
