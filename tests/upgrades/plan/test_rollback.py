"""Rolling a pool back: every condition of AKS, what is written down of one done outside, the hold, and the permit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from secure_aks_lifecycle.facts.catalog import Catalog
from secure_aks_lifecycle.stack.record import ClusterState, PoolState, Run
from secure_aks_lifecycle.versions.permit import Permit
from secure_aks_lifecycle.versions.steps import illegal, steps_between
from secure_aks_lifecycle.versions.version import Version

from tests.upgrades.builders import cluster, pool, v
from upgrades.journal.file import Journal
from upgrades.journal.holds import HELD, LIFTED, HoldError, held, hold_entry, holds, lift_entry
from upgrades.model.clusters import CONTROL_PLANE
from upgrades.plan.permits import permit
from upgrades.plan.planner import plan
from upgrades.plan.rollback import held_outside, outside, rollback

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
CATALOG = Catalog.load()


def recorded(days=2, before="1.35.6", now="1.35.7"):
    since = NOW - timedelta(days=days)
    runs = (Run(v(now), since), Run(v(before), since - timedelta(days=30), since))
    return ClusterState(v("1.35.7"), {"spot": PoolState(v(now), runs=runs), "system": PoolState(v("1.35.7"))})


def here(spot="1.35.7", **changes):
    return cluster("1.35.7", [pool("system", "1.35.7", mode="System"), pool("spot", spot)], **changes)


def test_a_pool_goes_back_to_what_it_ran_before():
    found = rollback(here(), "spot", recorded(), CATALOG, NOW)
    assert found.blockers == ()
    [step] = found.steps
    assert (step.target, str(step.before), str(step.after)) == ("spot", "1.35.7", "1.35.6")


def test_of_several_that_it_ran_it_goes_back_to_the_last():
    state = recorded()
    [now, before] = state.pools["spot"].runs
    oldest = Run(v("1.35.5"), NOW - timedelta(days=90), before.since)
    for runs in ((now, before, oldest), (now, oldest, before)):
        pools = {**state.pools, "spot": replace(state.pools["spot"], runs=runs)}
        [step] = rollback(here(), "spot", replace(state, pools=pools), CATALOG, NOW).steps
        assert str(step.after) == "1.35.6"


@pytest.mark.parametrize(
    ("options", "words", "unblock"),
    [
        ({"state": recorded(days=8)}, "within 7 days", "add a pool"),
        ({"cluster": here(auto_upgrade="patch")}, "channel 'patch' is on", "set the channel"),
        ({"state": recorded(before="1.33.13")}, "support of 1.33.13 ended on 2026-07-31", "newer patch"),
        ({"offered": frozenset({v("1.35.5")})}, "does not offer 1.35.6", "get-rollback-versions"),
        ({"offered": frozenset[Version]()}, "it names: none", "get-rollback-versions"),
        ({"pool": CONTROL_PLANE}, "never lowers", "newer patch"),
        ({"pool": "gone"}, "no such pool", "system, spot"),
        ({"pool": "system"}, "has not recorded what it ran before", "newer patch"),
        (
            {"cluster": here("1.35.6"), "state": recorded(before="1.35.7", now="1.35.6")},
            "once for an upgrade",
            "newer patch",
        ),
    ],
)
def test_what_aks_does_not_take_back_is_refused_with_the_condition(options, words, unblock):
    found = rollback(
        options.get("cluster", here()),
        options.get("pool", "spot"),
        options.get("state", recorded()),
        CATALOG,
        NOW,
        offered=options.get("offered"),
    )
    assert found.steps == ()
    assert words in found.blockers[0].why
    assert unblock in found.blockers[0].unblock


def test_all_conditions_that_are_not_met_are_told_at_once():
    found = rollback(here(auto_upgrade="rapid"), "spot", recorded(days=9, before="1.33.13"), CATALOG, NOW)
    assert len(found.blockers) == 3


def test_the_last_moment_of_the_seven_days_counts():
    assert rollback(here(), "spot", recorded(days=7), CATALOG, NOW).steps
    assert rollback(here(), "spot", recorded(days=7), CATALOG, NOW + timedelta(seconds=1)).blockers


def test_one_done_outside_is_known_and_written_down():
    running = here("1.35.6")
    [seen] = outside(recorded(), {"spot": v("1.35.6"), "system": v("1.35.7")})
    assert (
        seen.words
        == "pool spot runs 1.35.6, below the 1.35.7 that the stack recorded: it was rolled back outside"
    )
    assert "python -m upgrades rollback --stack dev --pool spot" in seen.remedy("dev")
    [step] = rollback(running, "spot", recorded(days=60), CATALOG, NOW).steps
    assert (str(step.before), str(step.after)) == ("1.35.7", "1.35.6")
    for version in ("1.35.7", "1.36.3"):
        assert outside(recorded(), {"spot": v(version)}) == []


def test_the_permit_lets_the_pack_pass_exactly_this():
    state = recorded()
    [step] = rollback(here(), "spot", state, CATALOG, NOW).steps
    given = Permit.parse(permit(step, NOW, "dev-7").as_data())
    back = replace(state, pools={**state.pools, "spot": replace(state.pools["spot"], version=v("1.35.6"))})
    steps = steps_between({"aks": state}, {"aks": back})
    assert given.covers(steps, NOW)
    assert not given.covers(steps, NOW + timedelta(days=1))
    assert illegal({"aks": state}, {"aks": back}, here().rules, permitted=True) == []
    assert illegal({"aks": state}, {"aks": back}, here().rules)


def test_a_held_version_stays_out_of_every_plan_until_a_person_lifts_it(tmp_path):
    with Journal(tmp_path / "dev.holds.jsonl", lambda: NOW) as journal:
        journal.write(HELD, **hold_entry("spot", v("1.35.7"), "kubelet leaks memory", "anna"))
        standing = holds(journal.entries)
        assert [(one.pool, str(one.version), one.by) for one in standing] == [("spot", "1.35.7", "anna")]
        back = here("1.35.6", held=held(standing))
        assert plan(back, v("1.35.7"), CATALOG, NOW.date()).steps == ()
        short = "^--reason: 'ok' is too short; say in 10 characters or more why the version is good now$"
        padded = "'ok {9}' is too short"
        for reason, words in (("ok", short), ("ok" + " " * 9, padded), ("the fix is in the image", None)):
            if words:
                with pytest.raises(HoldError, match=words):
                    lift_entry("aks-dev", standing, "spot", reason, "anna")
                continue
            for entry in lift_entry("aks-dev", standing, "spot", reason, "anna"):
                journal.write(LIFTED, **entry)
        assert holds(journal.entries) == []
        assert plan(here("1.35.6", held=held(holds(journal.entries))), v("1.35.7"), CATALOG, NOW.date()).steps
        with pytest.raises(HoldError, match="nothing is held; the pools with a hold are: none"):
            lift_entry("aks-dev", [], "spot", "a good enough reason", "anna")


def test_what_was_taken_back_outside_is_left_out_of_plans_before_it_is_written_down():
    both = recorded()
    spot = replace(both, pools={**both.pools, "system": PoolState(v("1.35.6"))})
    running = cluster("1.35.7", [pool("system", "1.35.6", mode="System"), pool("spot", "1.35.6")])
    for state, moved in ((spot, {"system"}), (both, set())):
        back = held_outside(running, state)
        assert back.outside == {"system", "spot"} - moved
        found = plan(back, v("1.35.7"), CATALOG, NOW.date())
        assert {step.target for step in found.steps} == moved
    assert [note.partition(": ")[0] for note in found.notes] == [
        "pool system stays at 1.35.6",
        "pool spot stays at 1.35.6",
    ]
    assert "it was rolled back outside from 1.35.7, which no plan takes again" in found.notes[1]
    assert "rollback --stack dev --pool spot) and lift it: " in found.notes[1]
    newer = plan(held_outside(running, both), v("1.36.3"), CATALOG, NOW.date())
    assert [(step.target, str(step.after)) for step in newer.steps] == [
        (CONTROL_PLANE, "1.36.3"),
        ("system", "1.36.3"),
        ("spot", "1.36.3"),
    ]
