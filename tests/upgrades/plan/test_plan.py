"""The planner: legal at every point, as few steps as a breadth-first search finds, the order the docs promise."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from secure_aks_lifecycle.versions.skew import Rules

from tests.upgrades.builders import TODAY, catalog, cluster, pool, v
from upgrades.model.clusters import CONTROL_PLANE
from upgrades.plan.planner import plan

CATALOG = catalog()


def names(found):
    return [(step.target, str(step.after)) for step in found.steps]


def test_one_minor_moves_the_control_plane_then_system_canary_linux_windows():
    pools = [
        pool("win", os_type="Windows", os_sku="Windows2022"),
        pool("general"),
        pool("early", canary=True),
        pool("system", mode="System"),
    ]
    found = plan(cluster(pools=pools), v("1.35.7"), CATALOG, TODAY)
    assert names(found) == [
        (CONTROL_PLANE, "1.35.7"),
        ("system", "1.35.7"),
        ("early", "1.35.7"),
        ("general", "1.35.7"),
        ("win", "1.35.7"),
    ]


def test_pools_wait_until_the_skew_forces_them():
    found = plan(
        cluster("1.30.7", [pool("one", "1.30.7")], rules=Rules(skew_minors=2)), v("1.33.3"), CATALOG, TODAY
    )
    assert names(found) == [
        (CONTROL_PLANE, "1.31.7"),
        (CONTROL_PLANE, "1.32.7"),
        ("one", "1.31.7"),
        (CONTROL_PLANE, "1.33.3"),
        ("one", "1.32.7"),
        ("one", "1.33.3"),
    ]
    assert "more than 2 minors behind" in found.steps[2].reason


def test_pools_that_may_skip_jump_as_far_as_they_can():
    rules = Rules(skew_minors=2, pool_skips_minors=True)
    found = plan(cluster("1.30.7", [pool("one", "1.30.7")], rules=rules), v("1.33.3"), CATALOG, TODAY)
    assert names(found) == [
        (CONTROL_PLANE, "1.31.7"),
        (CONTROL_PLANE, "1.32.7"),
        ("one", "1.32.7"),
        (CONTROL_PLANE, "1.33.3"),
        ("one", "1.33.3"),
    ]


def test_a_patch_is_one_step_each():
    found = plan(cluster("1.34.3"), v("1.34.7"), CATALOG, TODAY)
    assert names(found) == [(CONTROL_PLANE, "1.34.7"), ("system", "1.34.7"), ("general", "1.34.7")]


def test_nothing_to_do_is_an_empty_plan():
    found = plan(cluster("1.34.7"), v("1.34.7"), CATALOG, TODAY)
    assert (found.steps, found.blockers) == ((), ())


@pytest.mark.parametrize(
    ("changes", "target", "what", "unblock"),
    [
        ({}, "1.33.7", "target 1.33.7", "name 1.34.7 or a newer version"),
        ({}, "1.35.9", "target 1.35.9", "refresh"),
        ({}, "1.40.1", "target 1.40.1", "refresh"),
        ({"auto_upgrade": "stable"}, "1.35.7", "auto-upgrade channel 'stable'", "set the channel"),
        ({"pools": [pool("p", "1.35.3")]}, "1.35.7", "pool p", "control plane first"),
        ({"pools": [pool("p", os_sku="Ubuntu2204")]}, "1.35.7", "pool p", "osSku: Ubuntu2404"),
    ],
)
def test_what_blocks_is_said_with_what_clears_it(changes, target, what, unblock):
    found = plan(cluster(**changes), v(target), CATALOG, TODAY)
    assert found.steps == ()
    blocker = next(blocker for blocker in found.blockers if blocker.what == what)
    assert unblock in blocker.unblock


def test_a_windows_pool_blocked_by_its_image_is_told_to_make_a_new_pool():
    windows = pool("win", "1.36.3", os_type="Windows", os_sku="Windows2022")
    found = plan(cluster("1.36.3", [windows]), v("1.37.3"), catalog(last=37), TODAY)
    assert "put a pool with osSku Windows2025 in its place" in found.blockers[0].unblock


def test_all_blockers_are_named_at_once():
    blocked = cluster(pools=[pool("p", os_sku="Ubuntu2204"), pool("q", "1.35.3")], auto_upgrade="rapid")
    assert len(plan(blocked, v("1.35.7"), CATALOG, TODAY).blockers) == 3


def test_a_minor_without_a_known_patch_blocks_and_is_not_made_up():
    holes = replace(CATALOG, minors=tuple(m for m in CATALOG.minors if m.minor != (1, 32)))
    found = plan(cluster("1.31.7", []), v("1.33.7"), holes, TODAY)
    assert [b.what for b in found.blockers] == ["minor 1.32"]
    behind = plan(cluster("1.33.7", [pool("p", "1.31.7")]), v("1.33.7"), holes, TODAY)
    assert [b.what for b in behind.blockers] == ["minor 1.32"]


# -- against a breadth-first search, which knows the rules only as facts of AKS ------------------------------


def legal_moves(state, target, rules):
    control_plane, pools = state
    for minor, patch in [(control_plane[0] + 1, 7), target, (control_plane[0], 7)]:
        ahead = (minor, patch)
        one_up = control_plane < ahead <= target and minor - control_plane[0] <= 1
        if one_up and all(minor - p[0] <= rules.skew_minors for p in pools):
            yield ahead, pools
    for index, current in enumerate(pools):
        for minor in range(current[0], control_plane[0] + 1):
            if minor - current[0] > 1 and not rules.pool_skips_minors:
                continue
            for after in {(minor, 7), (minor, 3), control_plane}:
                if current < after <= control_plane and (after[0] == minor):
                    yield control_plane, (*pools[:index], after, *pools[index + 1 :])


def fewest_steps(start, target, rules):
    end = (target, (target,) * len(start[1]))
    seen, queue = {start}, deque([(start, 0)])
    while queue:
        state, depth = queue.popleft()
        if state == end:
            return depth
        for following in legal_moves(state, target, rules):
            if following not in seen:
                seen.add(following)
                queue.append((following, depth + 1))
    raise AssertionError(f"no way from {start} to {target}")


@st.composite
def cases(draw):
    rules = Rules(skew_minors=draw(st.sampled_from([2, 3])), pool_skips_minors=draw(st.booleans()))
    control_plane = (draw(st.integers(29, 33)), draw(st.sampled_from([3, 7])))
    oldest = control_plane[0] - rules.skew_minors
    versions = st.tuples(st.integers(oldest, control_plane[0]), st.sampled_from([3, 7]))
    pools = draw(st.lists(versions.filter(lambda p: p <= control_plane), max_size=3))
    target = (control_plane[0] + draw(st.integers(0, 3)), draw(st.sampled_from([3, 7])))
    return rules, control_plane, tuple(pools), max(target, control_plane)


@settings(max_examples=300, deadline=None)
@given(cases())
def test_every_plan_is_legal_ends_at_the_target_and_is_minimal(case):
    rules, control_plane, pools, target = case
    text = "1.{}.{}".format
    start = cluster(
        text(*control_plane),
        [pool(f"p{index}", text(*version)) for index, version in enumerate(pools)],
        rules=rules,
    )
    found = plan(start, v(text(*target)), CATALOG, TODAY)
    assert found.blockers == ()

    state = (control_plane, pools)
    for step in found.steps:
        after = (step.after.minor_number, step.after.patch)
        cp, current = state
        if step.is_control_plane:
            assert step.before == v(text(*cp))
            assert 0 <= after[0] - cp[0] <= 1
            assert after > cp
            state = (after, current)
        else:
            index = int(step.target[1:])
            assert step.before == v(text(*current[index]))
            assert current[index] < after <= cp
            assert rules.pool_skips_minors or after[0] - current[index][0] <= 1
            state = (cp, (*current[:index], after, *current[index + 1 :]))
        assert all(state[0][0] - p[0] <= rules.skew_minors for p in state[1])
        assert step.reason
    assert state == (target, (target,) * len(pools))
    assert len(found.steps) == fewest_steps((control_plane, pools), target, rules)
