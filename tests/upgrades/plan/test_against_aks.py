"""Every plan on the emulator's AKS, which keeps AKS's rules by itself: no refusal, one change a step, ends at the target, minimal."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from secure_aks_lifecycle.facts.catalog import Catalog
from secure_aks_lifecycle.stack.record import ClusterState, PoolState
from secure_aks_lifecycle.versions.skew import Rules
from secure_aks_lifecycle.versions.version import Version, minors_between

from emulator.azure.aks.versions import minors
from tests.lifecycle.emulated_aks import EmulatedAks
from upgrades.model.clusters import Cluster, Pool
from upgrades.plan.planner import plan

DAYS = [
    datetime(2026, 6, 15, tzinfo=UTC),
    datetime(2026, 8, 1, tzinfo=UTC),
    datetime(2026, 11, 23, tzinfo=UTC),
]
CATALOG = Catalog.load()


def patches(day, *, lts):
    """What both the catalog and this Azure have on a day."""
    offered = {Version(*p) for minor in minors() if minor.offered(day.date(), lts=lts) for p in minor.patches}
    listed = {p.version for release in CATALOG.minors for p in release.patches if p.since <= day.date()}
    return sorted(offered & listed)


@st.composite
def fleets(draw):
    day, lts = draw(st.sampled_from(DAYS)), draw(st.booleans())
    rules = Rules(skew_minors=draw(st.sampled_from([2, 3])), pool_skips_minors=draw(st.booleans()))
    there = patches(day, lts=lts)
    control_plane = draw(st.sampled_from(there))
    fitting = [
        x
        for x in there
        if x <= control_plane and minors_between(x.minor, control_plane.minor) <= rules.skew_minors
    ]
    names = ["system", "general", "memory"][: draw(st.integers(1, 3))]
    pools = {
        name: PoolState(draw(st.sampled_from(fitting)), mode="System" if name == "system" else "User")
        for name in names
    }
    oldest = min(pool.version.minor for pool in pools.values())
    if draw(st.booleans()) and oldest >= (1, 32):  # Windows2025 begins there
        pools["win"] = PoolState(
            draw(st.sampled_from(sorted(x for x in fitting if x.minor >= oldest))), "Windows", "Windows2025"
        )
    supported = [x for x in there if CATALOG.support(x, day.date(), lts=lts).newer is None]
    target = draw(st.sampled_from([x for x in supported if x >= control_plane] or [control_plane]))
    followers = draw(st.sampled_from([0, 0, 7]))
    canary = draw(st.sampled_from([*names, ""]))
    return day, lts, rules, ClusterState(control_plane, pools), target, followers, canary


def as_cluster(state, rules, *, lts, followers, canary):
    pools = tuple(
        Pool(name, pool.version, pool.mode, pool.os_type, pool.os_sku or "Ubuntu", canary=name == canary)
        for name, pool in state.pools.items()
    )
    return Cluster("aks", "dev", state.control_plane, pools, rules, lts=lts, follower_days=followers)


def taken(state, step):
    """The state after a step, which changes one version and nothing else."""
    if step.is_control_plane:
        assert step.before == state.control_plane
        return replace(state, control_plane=step.after)
    pool = state.pools[step.target]
    assert step.before == pool.version
    return replace(state, pools={**state.pools, step.target: replace(pool, version=step.after)})


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fleets())
def test_every_plan_runs_without_one_refusal(monkeypatch, fleet):
    day, lts, rules, state, target, followers, canary = fleet
    monkeypatch.setenv("SECURE_AKS_CLOCK", day.isoformat())
    cluster = as_cluster(state, rules, lts=lts, followers=followers, canary=canary)
    found = plan(cluster, target, CATALOG, day.date())
    assert not found.blockers, found.blockers
    azure = EmulatedAks(state, lts=lts, rules=rules)
    for step in found.steps:
        assert step.reason
        state = taken(state, step)
        assert azure.refusal(state) is None, f"{step.title}: {azure.refusal(state)}"
    assert state.control_plane == target
    assert {pool.version for pool in state.pools.values()} == {target}
    last = {
        step.target: step for step in found.steps if not step.is_control_plane
    }  # the last step of each pool
    ranks = [cluster.pool(step.target).rank for step in found.steps if last.get(step.target) is step]
    assert ranks == sorted(ranks), "system pools, canaries, Linux, Windows"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fleets().filter(lambda fleet: len(fleet[3].pools) <= 2 and fleet[5] == 0))
def test_no_way_that_aks_allows_is_shorter(monkeypatch, fleet):
    """A breadth-first search that asks this Azure about every move, and knows no rule itself."""
    day, lts, rules, state, target, followers, canary = fleet
    monkeypatch.setenv("SECURE_AKS_CLOCK", day.isoformat())
    found = plan(
        as_cluster(state, rules, lts=lts, followers=followers, canary=canary), target, CATALOG, day.date()
    )
    assert len(found.steps) <= fewest(state, target, rules, day, lts=lts)


def fewest(start, target, rules, day, *, lts):
    stops = _stops(start, target, patches(day, lts=lts))
    allowed: dict[tuple, bool] = {}
    seen, queue = {key(start)}, deque([(start, 0)])
    while queue:
        state, depth = queue.popleft()
        if key(state) == key(_all_at(start, target)):
            return depth
        for after in moves(state, target, stops):
            if key(after) in seen:
                continue
            question = (key(state), key(after))
            if question not in allowed:
                allowed[question] = EmulatedAks(state, lts=lts, rules=rules).refusal(after) is None
            if allowed[question]:
                seen.add(key(after))
                queue.append((after, depth + 1))
    raise AssertionError(f"no way from {start} to {target}")


def _stops(start, target, there):
    """The newest patch of each minor on the way, and the target: other patches are no shorter way."""
    newest = {version.minor: version for version in there if version <= target}
    oldest = min(pool.version for pool in start.pools.values())
    return [version for version in {*newest.values(), start.control_plane, target} if oldest <= version]


def moves(state, target, stops):
    for version in stops:
        if (
            state.control_plane < version <= target
            and minors_between(state.control_plane.minor, version.minor) <= 1
        ):
            yield replace(
                state, control_plane=version
            )  # the project never skips a minor with a control plane
        for name, pool in state.pools.items():
            if pool.version < version <= target:
                yield replace(state, pools={**state.pools, name: replace(pool, version=version)})


def _all_at(state, version):
    pools = {name: replace(pool, version=version) for name, pool in state.pools.items()}
    return ClusterState(version, pools)


def key(state):
    return (state.control_plane, *((name, pool.version) for name, pool in sorted(state.pools.items())))
