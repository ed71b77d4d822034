"""A full-cluster upgrade before the gates: each target is judged, each gate answers once, and the length is that of all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import yaml
from secure_aks_lifecycle.facts.catalog import Catalog
from secure_aks_lifecycle.stack.record import ClusterState, PoolState

from settings.sections.maintenance import Maintenance
from tests.upgrades.builders import cluster, pool, v
from upgrades.gates import GATES
from upgrades.gates.base import Verdict, When
from upgrades.gates.judging import judged
from upgrades.model.surroundings import Lock
from upgrades.model.view import View
from upgrades.model.workloads import Budget, Eviction, Node
from upgrades.plan.planner import plan
from upgrades.plan.whole_cluster import whole_cluster

OLD, TO = "1.31.10", "1.34.10"
NOW = datetime(2026, 11, 28, 1, tzinfo=UTC)  # a Saturday
NAMES = ("system", "general", "batch")
HERE = cluster(OLD, [pool(name, OLD, nodes=2, drain_minutes=30) for name in NAMES])
STATE = ClusterState(v(OLD), {name: PoolState(v(OLD)) for name in NAMES})
[WHOLE] = whole_cluster(HERE, STATE, NAMES, v(TO), Catalog.load(), NOW.date()).steps


def results(view, when=When.BEFORE, step=WHOLE, before=None):
    return {result.code: result for result in judged(GATES, when, view, step, before)}


def nodes(version, **other):
    return tuple(Node(f"{name}-0", name, v(other.get(name, version))) for name in NAMES)


def test_a_gate_answers_once_about_every_target():
    refused = tuple(Eviction("shop", f"web-{name}", name, "no budget left") for name in NAMES)
    found = results(View(at=NOW, evictions=refused, nodes=nodes(OLD)))
    assert [one.resource for one in found["EVICT001"].findings] == [f"pod shop/web-{name}" for name in NAMES]
    assert found["NODE001"].verdict is Verdict.PASS


def test_what_several_targets_find_is_told_once():
    down = (*nodes(OLD)[:2], replace(nodes(OLD)[2], ready=False))
    assert len(results(View(at=NOW, nodes=down))["NODE001"].findings) == 1
    lock = Lock("keep", "ReadOnly", "/subscriptions/s/resourceGroups/rg")
    assert len(results(View(at=NOW, locks=(lock,)))["LOCK001"].findings) == 1


def test_one_bad_target_makes_the_verdict_and_one_unread_part_tells_why():
    budget = Budget("shop", "web", allowed=0, pods=2, pools=frozenset({"batch"}))
    found = results(View(at=NOW, budgets=(budget,), evictions=None, unread={"evictions": "forbidden"}))
    assert found["PDB001"].verdict is Verdict.FAIL
    assert found["EVICT001"].verdict is Verdict.UNKNOWN
    assert [one.why for one in found["EVICT001"].findings] == ["forbidden"]


def test_removed_apis_are_asked_about_although_pools_go_along():
    assert {"API001", "PDB001", "EVICT001", "WINDOW001", "LOCK001", "PROMO001"} <= results(
        View(at=NOW)
    ).keys()


@pytest.mark.parametrize(("hours", "verdict"), [(4, Verdict.FAIL), (6, Verdict.PASS)])
def test_the_window_has_to_be_open_for_all_of_it(hours, verdict):
    """60 minutes for the control plane, and three pools of two nodes at 35 each: 4 h 30 min."""
    assert WHOLE.duration.longest == 60 + 3 * 2 * 35
    text = f'upgrades: {{weekly: {{day: Saturday}}, startTime: "01:00", hours: {hours}, utcOffset: "+00:00"}}'
    upkeep = Maintenance.model_validate(yaml.safe_load(text))
    found = results(View(at=NOW, maintenance=upkeep, node_counts=dict.fromkeys(NAMES, 2)))
    assert found["WINDOW001"].verdict is verdict
    if verdict is Verdict.FAIL:
        assert "4 h 30 min" in found["WINDOW001"].findings[0].why


def test_the_next_opening_is_one_that_fits_all_of_it():
    """The evening of 5 December closes at midnight for a day that is not allowed: long enough for each pool, and not for all."""
    text = """
    upgrades: {weekly: {day: Saturday}, startTime: "22:00", hours: 8, utcOffset: "+00:00"}
    notAllowed: [{start: 2026-12-06, end: 2026-12-06}]
    """
    upkeep = Maintenance.model_validate(yaml.safe_load(text))
    monday = View(
        at=datetime(2026, 11, 30, tzinfo=UTC), maintenance=upkeep, node_counts=dict.fromkeys(NAMES, 2)
    )
    [finding] = results(monday)["WINDOW001"].findings
    assert finding.remedy.endswith("begins Sat 12 Dec 2026, 22:00 UTC")


def test_every_pool_has_to_be_there_afterwards():
    behind = View(at=NOW, nodes=nodes(TO, batch=OLD))
    [finding] = results(behind, When.AFTER, before=behind)["NODE002"].findings
    assert finding.resource == "node batch-0"
    assert (
        results(View(at=NOW, nodes=nodes(TO)), When.AFTER, before=behind)["NODE002"].verdict is Verdict.PASS
    )


def test_any_other_step_is_judged_as_ever():
    near = cluster("1.34.9", [pool("general", "1.34.9")])
    for step in plan(near, v("1.35.7"), Catalog.load(), NOW.date()).steps:
        view = View(at=NOW, nodes=nodes("1.34.9"))
        before = [gate for gate in GATES if gate.when is When.BEFORE and gate.applies(step)]
        assert judged(GATES, When.BEFORE, view, step, None) == [gate.run(view, step) for gate in before]
