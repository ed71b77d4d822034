"""A team's namespace and groups do not go unseen, and in prod not without a second act."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from secure_aks_lifecycle.stack.aks import CHANGE

from tests.lifecycle.builders import BY_ID as RULES
from tests.lifecycle.builders import NOW, change, found, judge, recorded

DEV = {"secure-aks:environment": "dev"}


def with_teams(**teams: Any) -> dict[str, Any]:
    """A record whose teams are given as `name=(namespace, group, ...)`."""
    record = recorded("1.35.6", system="1.35.6")
    entries = {name: {"namespace": space, "groups": groups} for name, (space, *groups) in teams.items()}
    record["clusters"]["aks-prod"]["teams"] = entries
    return record


PAYMENTS = ("payments", "payments-developers", "payments-operators")
BEFORE = with_teams(payments=PAYMENTS, search=("search",))


@pytest.mark.parametrize(("config", "rule"), [({}, "team-removal"), (DEV, "deletion-told")])
def test_a_team_that_goes_is_named_with_all_that_goes_with_it(config: dict[str, Any], rule: str) -> None:
    resource = change(with_teams(search=("search",)), BEFORE)
    [said] = found(rule, resource, config)
    for words in (
        "team payments is no longer in the stack file",
        "the namespace payments with every workload, Secret and volume claim in it",
        "the Entra groups payments-developers, payments-operators",
        "Put the team back to keep it",
    ):
        assert words in said
    [other] = {"team-removal", "deletion-told"} - {rule}
    assert found(other, resource, config) == [], "one rule speaks"


def test_the_second_act_works_as_the_message_has_it() -> None:
    resource = change(with_teams(search=("search",)), BEFORE)
    [said] = found("team-removal", resource)
    match = re.search(r"`secure-aks:exemptions`: (- \{.*\})", said)
    assert match
    config = {"secure-aks:exemptions": yaml.load(match[1], yaml.BaseLoader)}  # noqa: S506  # texts, as the engine passes them
    assert found("team-removal", resource, config) == []
    one = judge({"secure-aks:environment": "prod", **config})
    [(exemption, finding)] = one.exempted(RULES["team-removal"], resource)
    assert exemption.until == NOW.date()
    assert "team payments" in finding.message


def test_an_exemption_of_a_team_that_is_gone_is_told() -> None:
    exemption = {
        "rule": "team-removal",
        "resource": {"name": "payments"},
        "reason": "x",
        "until": "2026-12-31",
    }
    one = judge({"secure-aks:exemptions": [exemption]})
    gone = with_teams(search=("search",))
    assert one.resource(RULES["team-removal"], change(gone, gone)) == []
    [unused] = one.stack(RULES["lifecycle-exemption-unused"], [])
    assert "nothing needs the exemption of payments" in unused.message


def test_a_rename_is_told_how_to_keep_everything() -> None:
    renamed = with_teams(pay=("pay", "pay-developers"), search=("search",))
    [said] = found("team-removal", change(renamed, BEFORE))
    assert "If it was renamed to pay, write `namespace: payments` there, and keep its groups' names" in said
    kept = with_teams(pay=PAYMENTS, search=("search",))
    assert found("team-removal", change(kept, BEFORE)) == []


def test_another_namespace_is_a_loss_too() -> None:
    moved = with_teams(payments=("money", *PAYMENTS[1:]), search=("search",))
    [said] = found("team-removal", change(moved, BEFORE))
    assert "team payments changes in the stack file, and with that goes the namespace payments" in said
    assert "write `namespace: payments` to keep it" in said
    assert "Entra" not in said


def test_a_group_that_the_stack_made_goes_with_its_line() -> None:
    fewer = with_teams(payments=PAYMENTS[:2], search=("search",))
    [said] = found("team-removal", change(fewer, BEFORE))
    assert said.startswith(
        "team payments changes in the stack file, and with that goes the Entra group payments-operators."
    )


@pytest.mark.parametrize("before", [None, recorded("1.35.6", system="1.35.6")])
def test_a_first_up_and_a_record_without_teams_lose_nothing(before: Any) -> None:
    resource = change(with_teams(payments=PAYMENTS), before)
    assert found("team-removal", resource) == found("deletion-told", resource, DEV) == []


MADE = {
    "payments": {"namespaces": ["payments"], "groups": ["payments-developers", "payments-operators"]},
    "search": {"namespaces": ["search"], "groups": []},
}
"""What a stack's state has of the teams of BEFORE."""


@pytest.mark.parametrize(("config", "rule"), [({}, "team-removal"), (DEV, "deletion-told")])
@pytest.mark.parametrize("before", [None, with_teams(search=("search",))], ids=["first", "later"])
def test_what_an_up_made_that_failed_half_way_is_told_as_what_is_recorded(
    before: Any, config: Any, rule: str
) -> None:
    after = with_teams(search=("search",))
    [said] = found(rule, change(after, before, made=MADE), config)
    [recorded_said] = found(rule, change(after, BEFORE, made=MADE), config)
    assert said == recorded_said
    assert "the namespace payments with every workload" in said
    assert "the Entra groups payments-developers, payments-operators" in said
    assert "renamed" not in said, "search is no new name of payments"
    renamed = with_teams(search=("search",), pay=("pay",))
    [said] = found(rule, change(renamed, before, made=MADE), config)
    assert "If it was renamed to pay, write `namespace: payments` there" in said


def test_what_was_made_and_stays_is_not_told() -> None:
    for before in (None, BEFORE, with_teams(search=("search",))):
        for config, rule in (({}, "team-removal"), (DEV, "deletion-told")):
            assert found(rule, change(BEFORE, before, made=MADE), config) == []


def test_the_second_act_lets_a_team_go_that_was_never_recorded() -> None:
    resource = change(with_teams(search=("search",)), made=MADE)
    [said] = found("team-removal", resource)
    match = re.search(r"`secure-aks:exemptions`: (- \{.*\})", said)
    assert match
    config = {"secure-aks:exemptions": yaml.load(match[1], yaml.BaseLoader)}  # noqa: S506  # texts, as the engine passes them
    assert found("team-removal", resource, config) == []


def test_a_move_to_another_namespace_that_failed_half_way_and_is_taken_back_is_told() -> None:
    both = {"payments": {"namespaces": ["payments", "money"], "groups": list(PAYMENTS[1:])}}
    [said] = found("team-removal", change(BEFORE, BEFORE, made=both))
    assert "team payments changes in the stack file, and with that goes the namespace money" in said
    assert "Entra" not in said


def test_a_team_of_which_a_group_alone_was_made_loses_that() -> None:
    made = {"payments": {"namespaces": [], "groups": ["payments-developers"]}}
    [said] = found("deletion-told", change(with_teams(), made=made), DEV)
    assert (
        said
        == "team payments is no longer in the stack file, and with that goes the Entra group payments-developers"
    )


def test_a_cluster_that_goes_is_not_told_team_by_team() -> None:
    other = recorded("1.35.6", name="aks-other", system="1.35.6")
    assert found("team-removal", change(other, BEFORE, made=MADE)) == []


@pytest.mark.parametrize("made", [{"payments": {}}, {"payments": []}, ["payments"]])
def test_another_shape_of_what_was_made_is_told_once(made: Any) -> None:
    resource = change(BEFORE, BEFORE, made=made)
    told = [
        said
        for rule in RULES.values()
        if rule.check and resource.type == CHANGE
        for said in _said(rule.id, resource)
    ]
    assert told == [
        "the versions cannot be compared: made: has no `namespaces` and `groups` by the teams' names"
    ]


def _said(rule: str, resource: Any) -> list[str]:
    return found(rule, resource) if RULES[rule].applies(CHANGE) else []


def test_a_pool_with_nodes_is_told_outside_prod() -> None:
    before = recorded("1.35.6", system="1.35.6", old="1.35.6")
    [said] = found("deletion-told", change(recorded("1.35.6", system="1.35.6"), before), DEV)
    assert "pool old of aks-prod: would be deleted with the pods on it. Drain it first" in said
    empty = recorded("1.35.6", system="1.35.6", old={"version": "1.35.6", "nodes": 0})
    assert found("deletion-told", change(recorded("1.35.6", system="1.35.6"), empty), DEV) == []
