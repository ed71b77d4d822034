"""How well secrets in plain view are told from what only sounds like one."""

import pytest
from secure_aks_security.judging.evaluation import Verdict
from secure_aks_security.judging.resources import Resource

from tests.security.build import config_map, mutate, pod
from tests.security.cases import type_of
from tests.security.labelled import labelled, more, unseen

LEAST = 0.95


def _in_pod(one):
    return mutate(pod(), {"C.env": [{"name": one.name, "value": one.value}]})


def _in_config_map(one):
    return mutate(config_map(), {"data": {one.name: one.value}})


@pytest.mark.parametrize(("rule", "holder"), [("pod-secret-env", _in_pod), ("config-secret", _in_config_map)])
@pytest.mark.parametrize(("given", "least"), [(labelled, 400), (more, 400), (unseen, 200)])
def test_secrets_are_found_and_little_else(judge, rule, holder, given, least):
    said = [(one.secret, _refused(judge, rule, holder(one))) for one in given()]
    right = sum(secret and refused for secret, refused in said)
    assert len(said) >= least
    assert right / sum(secret for secret, _ in said) > LEAST  # recall
    assert right / sum(refused for _, refused in said) > LEAST  # precision


def test_what_is_unseen_stands_in_no_other_list():
    assert not set(unseen()) & {*labelled(), *more()}


def _refused(judge, rule, item):
    findings = judge.judge(Resource(type_of(item), "urn", "it", item))
    return any(one.rule.id == rule and one.verdict is Verdict.FAIL for one in findings)
