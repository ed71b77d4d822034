"""How close a rollout with windows comes to what no order can beat, on the fleet that `python -m bench planning` measures."""

from __future__ import annotations

from dataclasses import replace

import pytest
from secure_aks_lifecycle.facts.catalog import Catalog

from bench.planning import BEGIN, FROM, ON, TO, WINDOWS, fleet, windowed
from upgrades.model.clusters import Pool
from upgrades.plan.planner import plan
from upgrades.plan.waves.bound import lower_bound
from upgrades.plan.waves.schedule import schedule
from upgrades.windows.placing import DAY


@pytest.fixture(scope="module")
def plans():
    catalog = Catalog.load()
    return [plan(cluster, TO, catalog, ON) for cluster in windowed(fleet(120))]


@pytest.mark.parametrize("concurrency", [4, 10, 20])
def test_with_windows_a_rollout_is_within_a_tenth_of_what_no_order_can_beat(plans, concurrency):
    bound = lower_bound(plans, concurrency, BEGIN)
    assert bound <= schedule(plans, concurrency, BEGIN).makespan <= 1.1 * bound


def pools(*nodes):
    return tuple(Pool(name, FROM, nodes=count, surge=2) for name, count in zip("abc", nodes, strict=True))


@pytest.mark.parametrize(
    ("maintenance", "order"), [(WINDOWS["prod"], "bca"), (WINDOWS["dev"], "abc"), (None, "abc")]
)
def test_where_windows_close_the_longest_pool_of_a_rank_goes_first(maintenance, order):
    cluster = replace(fleet(1)[0], pools=pools(4, 20, 8), maintenance=maintenance, follower_days=0)
    made = plan(cluster, TO, Catalog.load(), ON)
    assert [step.target for step in made.steps if step.after == TO and not step.is_control_plane] == list(
        order
    )


def test_so_one_opening_takes_what_would_take_two():
    """A pool of 36 nodes takes at most 10 h 30 min of an opening of 12 h: after two others it would not fit any more."""
    cluster = replace(fleet(1)[0], pools=pools(20, 20, 36), maintenance=WINDOWS["prod"], follower_days=0)
    made = plan(replace(cluster, control_plane=TO), TO, Catalog.load(), ON)
    last = tuple(step for step in made.steps if step.after == TO)
    opens = BEGIN.replace(hour=7)  # a Saturday
    found, others = (schedule([replace(made, steps=steps)], 1, opens) for steps in (last, last[::-1]))
    assert found.makespan < DAY < others.makespan


def test_each_wave_has_the_order_that_packs_it_best(monkeypatch):
    """On this fleet no one order is the best for every wave."""
    catalog = Catalog.load()
    plans = [plan(cluster, TO, catalog, ON) for cluster in windowed(fleet(120, seed=2))]
    each = schedule(plans, 10, BEGIN).makespan
    monkeypatch.setattr("upgrades.plan.waves.schedule.FEW_WAVES", 0)
    assert each < 0.95 * schedule(plans, 10, BEGIN).makespan
