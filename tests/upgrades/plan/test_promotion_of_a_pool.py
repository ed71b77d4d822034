"""Promotion of a pool that takes another's place: its version has to have run, on its OS, where it harms least."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest
from secure_aks_lifecycle.stack.record import ClusterState, PoolState, Run
from secure_aks_lifecycle.versions.promotion import Followed, unproven

from tests.upgrades.builders import cluster, pool, v
from upgrades.plan.promotion import Leader
from upgrades.plan.replace_pool import replace_pool

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LONG_AGO = datetime(2026, 10, 1, tzinfo=UTC)
SYSTEMS = {"system": "Linux", "general": "Linux", "win": "Windows"}


def leader(version="1.34.7", since=LONG_AGO, **pools):
    """A stack whose pools, by name with their OS, run a version since then."""
    runs = (Run(v(version), since),)
    states = {name: PoolState(v(version), os_type, runs=runs) for name, os_type in pools.items()}
    return Leader("staging", {"aks-staging": ClusterState(v(version), states, runs=runs)}, 7, SYSTEMS)


def steps(old="general", **values):
    pools = [pool("system", mode="System"), pool("general"), pool("win", os_type="Windows")]
    values = {"vmSize": "Standard_D8ds_v5", **values}
    return replace_pool(cluster(pools=pools), old, pool(f"{old}2"), {"name": old}, values).steps


def refused(first, found):
    return [step.target for step in found if first.refusals(step, NOW)]


@pytest.mark.parametrize(
    ("first", "old", "values", "waits"),
    [
        (leader(general="Linux"), "general", {}, []),
        (leader("1.35.6", general="Linux"), "general", {}, ["general2"]),
        (leader(since=datetime(2026, 11, 20, tzinfo=UTC), general="Linux"), "general", {}, ["general2"]),
        (leader(win="Windows"), "win", {}, []),
        (leader("1.35.6", general="Linux"), "win", {"osType": None}, ["win2"]),
        (Leader("staging", {}, 7, SYSTEMS), "general", {}, ["general2"]),
    ],
)
def test_only_the_new_pool_can_be_new_here(first, old, values, waits):
    assert refused(first, steps(old, **values)) == waits


def mixed():
    """A stack whose Windows pool ran 1.34.7 for long, and whose Linux pool has 1.35.6."""
    linux, windows = leader("1.35.6", general="Linux"), leader(win="Windows")
    of_linux, of_windows = linux.versions["aks-staging"], windows.versions["aks-staging"]
    pools = {**of_linux.pools, **of_windows.pools}
    return Leader(
        "staging", {"aks-staging": ClusterState(v("1.35.6"), pools, runs=of_linux.runs)}, 7, SYSTEMS
    )


@pytest.mark.parametrize(
    ("old", "values", "waits"),
    [
        ("win", {}, []),
        ("general", {}, ["general2"]),
        ("general", {"osType": "Windows"}, []),
        ("win", {"osType": "Linux"}, ["win2"]),
        ("win", {"osType": None}, ["win2"]),
    ],
)
def test_a_pool_of_one_os_proves_nothing_for_another(old, values, waits):
    assert refused(mixed(), steps(old, **values)) == waits


def test_the_gate_and_the_pack_judge_alike():
    """What the gate lets pass is not refused by the pack in the preview, whatever the stack that goes first has run."""
    own = {name: PoolState(v("1.34.7"), os_type) for name, os_type in SYSTEMS.items()}
    before = {"aks": ClusterState(v("1.34.7"), own)}
    leaders = [mixed(), leader(general="Linux"), leader("1.35.6", win="Windows"), leader(win="Windows")]
    said = set[bool]()
    for first, (old, os_type) in product(leaders, product(("general", "win"), ("Linux", "Windows"))):
        added = steps(old, osType=os_type)[0]
        new = PoolState(v("1.34.7"), os_type)
        after = {"aks": ClusterState(v("1.34.7"), {**own, added.target: new})}
        pack = unproven(before, after, Followed(first.stack, first.versions, first.soak_days), NOW)
        assert first.refusals(added, NOW) == [one.message for one in pack]
        said.add(bool(pack))
    assert said == {True, False}


def test_a_plan_says_where_it_would_stop_and_what_to_wait_for():
    [note] = leader("1.35.6", general="Linux").notes(steps(), NOW)
    assert note.startswith(
        "PROMO001 would stop before general2: pool general2 of aks: 1.34.7 has not run on staging"
    )
    assert note.endswith("take this step there first, then wait 7 days")
    assert leader(general="Linux").notes(steps(), NOW) == []
