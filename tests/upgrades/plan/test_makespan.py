"""How close a rollout with windows comes to what no order can beat, on the fleet that `python -m bench planning` measures."""

from __future__ import annotations

from dataclasses import replace

import pytest
from secure_aks_lifecycle.facts.catalog import Catalog

from bench.planning import BEGIN, FROM, ON, TO, WINDOWS, fleet, windowed
from upgrades.model.clusters import Pool
from upgrades.plan.planner import plan
from upgrades.plan.waves.bound import lower_bound
from upgrades.plan.waves.schedule import UNPACKED, schedule
from upgrades.windows.placing import DAY, Placing


@pytest.fixture(scope="module")
def plans():
    catalog = Catalog.load()
    return [plan(cluster, TO, catalog, ON) for cluster in windowed(fleet(120))]


@pytest.mark.parametrize("concurrency", [*(pytest.param(one, marks=pytest.mark.soak) for one in (4, 10)), 20])
def test_with_windows_a_rollout_is_within_a_tenth_of_what_no_order_can_beat(plans, concurrency):
    bound = lower_bound(plans, concurrency, BEGIN)
    assert bound <= schedule(plans, concurrency, BEGIN).makespan <= 1.1 * bound


def test_the_end_of_an_opening_is_filled(monkeypatch):
    """On this fleet, by the most urgent alone, staging takes one Thursday more."""
    plans = [plan(cluster, TO, Catalog.load(), ON) for cluster in windowed(fleet(120, seed=4))]
    filled = schedule(plans, 12, BEGIN).makespan
    assert filled <= 1.1 * lower_bound(plans, 12, BEGIN)
    monkeypatch.setattr("upgrades.plan.waves.schedule.URGENCIES", tuple(u for u in UNPACKED if not u.filled))
    assert schedule(plans, 12, BEGIN).makespan > filled + DAY


def test_whole_openings_are_shared_out(monkeypatch):
    """On this fleet, place by place, both staging and prod take a week more."""
    plans = [plan(cluster, TO, Catalog.load(), ON) for cluster in windowed(fleet(120, seed=5))]
    shared = schedule(plans, 10, BEGIN).makespan
    assert shared <= 1.01 * lower_bound(plans, 10, BEGIN)
    monkeypatch.setattr("upgrades.plan.waves.schedule.URGENCIES", UNPACKED)
    assert schedule(plans, 10, BEGIN).makespan > shared + 7 * DAY


def test_one_opening_takes_all_that_is_left():
    """On this fleet both staging and prod left a few minutes for another week, though places idled in the last opening."""
    plans = [plan(cluster, TO, Catalog.load(), ON) for cluster in windowed(fleet(120, seed=2))]
    assert schedule(plans, 16, BEGIN).makespan <= 1.01 * lower_bound(plans, 16, BEGIN)


@pytest.mark.soak
@pytest.mark.parametrize(("seed", "concurrency"), [(3, 12), (3, 16), (5, 12), (5, 16)])
def test_openings_that_are_all_but_full_are_planned_ahead(seed, concurrency):
    """In any other order each of these takes a week more, or two."""
    plans = [plan(cluster, TO, Catalog.load(), ON) for cluster in windowed(fleet(120, seed))]
    assert schedule(plans, concurrency, BEGIN).makespan <= 1.01 * lower_bound(plans, concurrency, BEGIN)


@pytest.mark.parametrize(
    ("clusters", "places", "soak"), [(30, 5, 7), pytest.param(120, 8, 0, marks=pytest.mark.soak)]
)
def test_filled_openings_overlap_nowhere_and_close_on_time(clusters, places, soak):
    """With a soak, with turns, at the longest: what is placed by filling, or ahead, keeps the rules of all other placing."""
    plans = [plan(cluster, TO, Catalog.load(), ON) for cluster in windowed(fleet(clusters, seed=3))]
    made = schedule(plans, places, BEGIN, soak=soak)
    if (
        clusters == 120
    ):  # every opening has to be filled: no other order than one planned ahead does it in so many weeks
        assert made.makespan <= 1.01 * lower_bound(plans, places, BEGIN)
    placing = Placing(made.begin, soak)
    events = []
    for slot in made.slots:
        arrived = {}
        now = slot.start
        for index, (step, start) in enumerate(zip(slot.plan.steps, slot.starts, strict=True)):
            assert start == placing.next_start(slot.plan, index, arrived, start) >= now
            arrived[step.target] = start + step.duration.expected
            now = arrived[step.target] + (soak if index + 1 < len(slot.plan.steps) else 0)
            events += [(start, 1), (now, -1)]
    under_way = most = 0
    for _, change in sorted(events):
        under_way += change
        most = max(most, under_way)
    assert most == places


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
    plans = [plan(cluster, TO, catalog, ON) for cluster in windowed(fleet(120, seed=3))]
    each = schedule(plans, 10, BEGIN).makespan
    monkeypatch.setattr("upgrades.plan.waves.schedule.FEW_WAVES", 0)
    assert each < 0.95 * schedule(plans, 10, BEGIN).makespan
