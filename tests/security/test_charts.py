"""Whoever installs a well-made chart, and names it in the stack file, is told to change nothing that no table explains."""

import copy

import pytest
from secure_aks_security.judging.judge import Judge, Record
from secure_aks_security.judging.resources import Resource
from secure_aks_security.rules import load_rules
from secure_aks_security.stack_file.configuration import configure

from settings.sections.platform import Controller
from tests.security.build import CONFIG, mutate
from tests.security.cases import type_of
from tests.security.charts import hardened, of_nodes, stock
from tests.security.charts.told import TOLD
from tests.security.helpers import TODAY

CHARTS = hardened.CHARTS | of_nodes.CHARTS | stock.CHARTS


def told(entry, items):
    """The rules that refuse or advise, every level that is on counted."""
    sections = {
        "secure-aks:platform": [entry] if entry else [],
        "secure-aks:cluster": CONFIG["secure-aks:cluster"],
        "secure-aks:pools": [{"name": "own", "namespace": "app-hostile"}],
    }
    configuration = configure(load_rules(), sections)
    assert configuration.problems == ()
    judge = Judge(load_rules(), configuration, TODAY, Record())
    return {one.rule.id for item in items for one in judge.judge(Resource(type_of(item), "urn", "it", item))}


def test_there_are_many():
    assert len(CHARTS) >= 15
    assert TOLD.keys() <= CHARTS.keys()
    assert all(reason for rules in TOLD.values() for reason in rules.values())


@pytest.mark.parametrize("name", CHARTS)
def test_what_a_chart_is_told_stands_in_the_table(name):
    entry, items = CHARTS[name]
    assert told(entry, items) == TOLD.get(name, {}).keys()


@pytest.mark.parametrize("name", CHARTS)
def test_its_entry_is_one_of_a_stack_file_and_has_no_right_too_many(name):
    entry, items = CHARTS[name]
    Controller.model_validate(entry)
    usual = told(entry, items)
    assert told(None, items) > usual
    for which, one in enumerate(entry["serviceAccounts"]):
        for key in ("rights", "roles"):
            for place, right in enumerate(one[key]):
                less = copy.deepcopy(entry)
                del less["serviceAccounts"][which][key][place]
                assert told(less, items) > usual, right


@pytest.mark.parametrize("name", hardened.CHARTS)
def test_a_container_of_it_with_less_is_told(name):
    """The table is short because the charts are well made, not because nobody looks."""
    entry, items = CHARTS[name]
    pods = [item for item in items if "template" in item.get("spec", {})]
    context = "spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation"
    assert "pod-privilege-escalation" in told(entry, [mutate(item, {context: True}) for item in pods])


def test_its_account_and_images_are_let_off_in_its_namespace_alone():
    entry, items = CHARTS["kyverno"]
    elsewhere = [
        mutate(item, {"metadata.namespace": "app"}) for item in items if "namespace" in item["metadata"]
    ]
    assert {"account-token", "pod-pull-policy"} <= told(entry, elsewhere)
    other = [mutate(items[0], {"metadata.name": "other"})]
    assert told(entry, other) == {"account-token"}
