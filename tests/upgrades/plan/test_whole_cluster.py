"""A full-cluster upgrade as a plan: one step of everything, every condition that it has, and the permit that covers exactly it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from secure_aks_lifecycle.facts.catalog import Catalog
from secure_aks_lifecycle.stack.record import ClusterState, PoolState
from secure_aks_lifecycle.versions.permit import Permit
from secure_aks_lifecycle.versions.steps import illegal, steps_between

from tests.upgrades.builders import cluster, pool, v
from upgrades.model.clusters import CONTROL_PLANE
from upgrades.model.step_data import step_data, step_from
from upgrades.model.steps import Duration, Needs
from upgrades.plan.cost import CONTROL_PLANE as PLANE_TAKES
from upgrades.plan.out_of_support import way
from upgrades.plan.permits import PERMITTED, permit
from upgrades.plan.whole_cluster import patch_of, whole_cluster

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
CATALOG = Catalog.load()
OLD, TO = "1.31.10", "1.34.10"
NAMES = ("system", "general")


def here(version=OLD, general=None, **changes):
    pools = [
        pool("general", general or version, nodes=2, cores=4, drain_minutes=30),
        pool("system", version, mode="System", cores=4),
    ]
    return cluster(version, pools, **changes)


def state(plane=OLD, **pools):
    found = {name: PoolState(v(pools.get(name, plane))) for name in NAMES}
    return ClusterState(v(plane), found)


def made(running=None, recorded=None, to=TO, there=NAMES, now=NOW):
    return whole_cluster(running or here(), recorded or state(), there, v(to), CATALOG, now.date())


def test_everything_goes_in_one_step():
    found = made(recorded=state(general="1.30.14"), running=here(general="1.30.14"))
    assert found.blockers == ()
    [step] = found.steps
    assert step.title == f"aks: whole cluster {OLD} -> {TO}"
    assert [(part.target, str(part.before), str(part.after)) for part in step.parts] == [
        (CONTROL_PLANE, OLD, TO),
        ("system", OLD, TO),
        ("general", "1.30.14", TO),
    ]
    assert "pools system 1.31.10, general 1.30.14" in step.reason
    assert step.needs == Needs(2, 8)
    assert step.duration == PLANE_TAKES + Duration(7 + 14, 35 + 70)
    assert "room for the surge of all" in found.notes[0]
    assert step_from(step_data(step)) == step


def test_what_was_done_outside_is_written_down_whatever_the_lowest_minor_is_by_then():
    found = made(running=here("1.33.13"), to="1.33.13")
    assert found.steps[0].ends == (OLD, "1.33.13")
    assert "moves nothing" in found.notes[0]


def test_what_was_cut_off_goes_on_from_what_is_recorded():
    assert [part.target for part in made(running=here(TO, general=OLD)).steps[0].parts] == [
        CONTROL_PLANE,
        "system",
        "general",
    ]


def test_a_pool_that_the_stack_recorded_there_is_no_part_of_it():
    after = here(OLD, general=TO)
    assert [one.target for one in made(running=after, recorded=state(general=TO)).steps[0].parts] == [
        CONTROL_PLANE,
        "system",
    ]


@pytest.mark.parametrize(
    ("options", "words", "unblock"),
    [
        (
            {"running": here("1.34.9"), "recorded": state("1.34.9")},
            "1.34.9 has support",
            "rollout --stack dev --to 1.34.10",
        ),
        ({"running": here(lts=True)}, "long-term support is bought", "rollout --stack dev --to 1.34.10"),
        ({"to": "1.35.7"}, "to the lowest supported minor alone, which is 1.34", "--to 1.34.10"),
        ({"to": "1.33.13"}, "to the lowest supported minor alone, which is 1.34", "--to 1.34.10"),
        ({"to": "1.34.99"}, "of 1.34 these are known: 1.34.", "--to 1.34.10"),
        (
            {"running": here(offered=frozenset({v("1.34.9")}))},
            "of 1.34 these are known: 1.34.9",
            "whole-cluster --stack dev --to 1.34.9",
        ),
        (
            {"running": here("1.34.10"), "recorded": state("1.34.10")},
            "the stack has recorded it already",
            "check --stack dev",
        ),
        (
            {"running": here("1.34.9")},
            "runs 1.34.9, and the stack recorded 1.31.10",
            "whole-cluster --stack dev --to 1.34.9 writes that down",
        ),
        ({"there": (*NAMES, "stray")}, "is in Azure and not in the stack", "--name stray"),
        ({"there": ("system",)}, "is in the stack file, and not up", "make azure-up STACK=dev"),
        (
            {"running": here(held={"general": frozenset({v(TO)})})},
            "rolled back from 1.34.10, which no plan takes again",
            "rollback --stack dev --pool general --lift --reason",
        ),
        (
            {
                "running": replace(
                    here(),
                    pools=(
                        pool("system", OLD),
                        pool("general", OLD, os_type="Windows", os_sku="Windows2019"),
                    ),
                )
            },
            "Windows2019 does not exist for 1.34",
            "replace-pool --stack dev --pool general --set osSku=Windows2022",  # 2025 begins at 1.32, and nothing stops there
        ),
    ],
)
def test_each_condition_is_told_with_what_to_write_instead(options, words, unblock):
    found = made(**options)
    assert found.steps == ()
    assert any(words in one.why and unblock in one.unblock for one in found.blockers), found.blockers


def test_all_conditions_that_are_not_met_are_told_at_once():
    held = here("1.34.9", held={"general": frozenset({v("1.36.3")})})
    assert len(made(running=held, to="1.36.3", there=NAMES[:1]).blockers) == 5


@pytest.mark.parametrize(
    ("text", "offered", "version"),
    [
        ("1.34", None, "1.34.10"),
        ("1.34", {"1.34.9", "1.34.8", "1.35.7"}, "1.34.9"),
        ("1.34.7", {"1.34.9"}, "1.34.7"),
    ],
)
def test_a_minor_is_its_newest_patch(text, offered, version):
    offers = None if offered is None else frozenset(map(v, offered))
    assert patch_of(text, here(offered=offers), CATALOG, NOW.date()) == v(version)


@pytest.mark.parametrize(
    ("text", "said"), [("1.99", "no patch of it is known"), ("1.x", "1.x"), ("", "x.y.z")]
)
def test_what_is_no_version_is_said(text, said):
    with pytest.raises(ValueError, match=said):
        patch_of(text, here(), CATALOG, NOW.date())


def test_the_way_is_named_only_where_it_is_open():
    assert way(here(), CATALOG, NOW.date()) == "python -m upgrades whole-cluster --stack dev --to 1.34.10"
    assert way(here("1.34.9"), CATALOG, NOW.date()) == ""
    assert way(here(lts=True), CATALOG, NOW.date()) == ""


def test_the_permit_lets_the_pack_pass_exactly_this_for_as_long_as_azure_may_take():
    [step] = made().steps
    given = Permit.parse(permit(step, NOW, "dev-7").as_data())
    assert given.why == "full-cluster upgrade to 1.34.10"
    before, after = {"aks": state()}, {"aks": state(TO)}
    assert illegal(before, after, here().rules), "without it the pack refuses"
    assert illegal(before, after, here().rules, permitted=True) == []
    longest = timedelta(minutes=step.duration.longest) + PERMITTED
    assert given.covers(steps_between(before, after), NOW + longest)
    assert not given.covers(steps_between(before, after), NOW + longest + timedelta(seconds=1))
    assert not given.covers(steps_between(before, {"aks": state(TO, general=OLD)}), NOW)
