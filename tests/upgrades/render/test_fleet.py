"""A plan as an update strategy of Fleet Manager: stages in order, no more groups at once than asked, the soak between."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from components.fleet import stage_in_azures_words
from tests.settings.helpers import good
from tests.upgrades.plan.test_waves import made
from upgrades.model.steps import Blocker
from upgrades.plan.waves.schedule import schedule
from upgrades.render.fleet import as_fleet, as_settings

DAY = 86400


def strategy(plans, concurrency=1):
    return as_fleet(plans, schedule(plans, concurrency), concurrency)["stages"]


def test_waves_are_stages_and_a_wave_waits_for_the_soak_of_the_next():
    plans = [made("prod", 60, "staging", 7), made("staging", 30, "dev", 2), made("dev", 20)]
    assert strategy(plans) == [
        {"name": "wave-1", "groups": [{"name": "dev"}], "afterStageWaitInSeconds": 2 * DAY},
        {"name": "wave-2", "groups": [{"name": "staging"}], "afterStageWaitInSeconds": 7 * DAY},
        {"name": "wave-3", "groups": [{"name": "prod"}], "afterStageWaitInSeconds": 0},
    ]


def test_a_wave_is_cut_into_stages_of_as_many_groups_as_may_go_at_once():
    plans = [made(name, 10, "dev", 1) for name in ("a", "b", "c")] + [made("dev", 5)]
    stages = strategy(plans, 2)
    assert [stage["name"] for stage in stages] == ["wave-1", "wave-2-1", "wave-2-2"]
    assert [len(stage["groups"]) for stage in stages] == [1, 2, 1]
    assert [stage["afterStageWaitInSeconds"] for stage in stages] == [DAY, 0, 0]


def test_clusters_of_a_stack_are_one_group():
    (stage,) = strategy([made("a", 10, name="x"), made("a", 50, name="y")], 2)
    assert stage["groups"] == [{"name": "a"}]


def test_what_is_blocked_is_left_out():
    blocked = replace(made("b", 10), steps=(), blockers=(Blocker("aks", "pool", "why", "how"),))
    assert [stage["groups"] for stage in strategy([made("a", 10), blocked], 2)] == [[{"name": "a"}]]


def test_a_further_cluster_of_a_stack_has_the_group_that_its_program_puts_it_into():
    stages = strategy([made("dev", 10), made("dev/blue", 10)])
    assert [stage["groups"] for stage in stages] == [[{"name": "dev"}], [{"name": "dev-blue"}]]
    settings = good({"versionRules": {"owner": "fleet"}, "fleet": {"name": "shop"}})
    further = settings.with_further({"blue": settings}).further["blue"]
    assert further.fleet_group("dev") == "dev-blue"


@pytest.mark.parametrize("name", ["Prod", "a.b", "-a", "a-", "x" * 51])
def test_a_name_that_fleet_manager_does_not_take_is_refused_with_the_way_out(name):
    with pytest.raises(ValueError, match="--stack, or rename it"):
        strategy([made(name, 10)])


@given(st.integers(1, 5), st.lists(st.integers(0, 3), min_size=1, max_size=12))
def test_every_stack_comes_once_after_the_one_it_follows(concurrency, leaders):
    plans = [
        made(f"s{n}", 10, f"s{leader}" if leader < n else None, leader) for n, leader in enumerate(leaders)
    ]
    stages = strategy(plans, concurrency)
    place = {group["name"]: at for at, stage in enumerate(stages) for group in stage["groups"]}
    assert sorted(place) == sorted(f"s{n}" for n in range(len(plans)))
    assert sum(len(stage["groups"]) for stage in stages) == len(plans)
    assert max(len(stage["groups"]) for stage in stages) <= concurrency
    for plan in plans:
        if plan.cluster.follows:
            first, then = place[plan.cluster.follows], place[plan.cluster.stack]
            waited = sum(stage["afterStageWaitInSeconds"] for stage in stages[first:then])
            assert first < then
            assert waited >= plan.cluster.soak_days * DAY


@given(st.integers(1, 5), st.lists(st.integers(0, 3), min_size=2, max_size=12))
def test_the_settings_say_what_azure_is_told(concurrency, leaders):
    """Pasted into the stack file of a stack of the first group, the stages go to Azure as the plan has them."""
    plans = [made(f"s{n}", 10, f"s{at}" if at < n else None, at) for n, at in enumerate(leaders)]
    told = as_fleet(plans, schedule(plans, concurrency), concurrency)
    said = yaml.safe_load(as_settings(told))["secure-aks:fleet"]
    fleet = good({"versionRules": {"owner": "fleet"}, "fleet": {"name": "shop", "group": "s0", **said}}).fleet
    assert fleet
    assert [stage_in_azures_words(stage) for stage in fleet.stages] == told["stages"]
