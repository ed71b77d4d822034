"""A pool whose OS has no image at the target: what to put in its place, and in which order, so that each step works."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from secure_aks_lifecycle.facts.catalog import Catalog
from secure_aks_lifecycle.versions.os_successor import Successor, successor

from tests.upgrades.builders import cluster, pool, v
from upgrades.plan.os_images import image
from upgrades.plan.planner import plan

CATALOG = Catalog.load()
ON = date(2026, 8, 1)
WINDOWS = {"os_type": "Windows", "os_sku": "Windows2019"}


def advice(control_plane, pool_version, target, *, sku=None, **changes):
    one = pool("win", pool_version, **({"os_sku": sku} if sku else WINDOWS))
    [found] = image(cluster(control_plane, [one], **changes), one, v(target), CATALOG, ON)
    return found.unblock


def test_windows_2019_goes_to_the_minor_at_which_its_successor_begins_first():
    said = advice("1.31.10", "1.31.10", "1.34.9")
    patch = CATALOG.newest_patch((1, 32), ON)
    assert patch
    assert said == (
        f"Windows2025 begins at 1.32: take the pool there first (python -m upgrades rollout --stack dev --to {patch.version}), and there "
        "put a pool with osSku Windows2025 in its place (a Windows OS never changes in place): "
        "python -m upgrades replace-pool --stack dev --pool win --set osSku=Windows2025"
    )


def test_under_a_newer_control_plane_the_pool_alone_steps():
    assert "(write `version: 1.32." in advice("1.33.13", "1.31.10", "1.34.9")


@pytest.mark.parametrize(
    ("at", "target", "sku", "words"),
    [
        ("1.32.11", "1.34.9", "Windows2019", "--set osSku=Windows2025"),
        ("1.34.9", "1.37.0", "Windows2022", "--set osSku=Windows2025"),
        ("1.34.9", "1.37.0", "Ubuntu2204", "set osSku: Ubuntu2404 and run `up`"),
        ("1.31.10", "1.37.0", "Ubuntu2204", "Ubuntu2404 begins at 1.32: take the pool there first"),
    ],
)
def test_what_can_be_had_now_is_had_now(at, target, sku, words):
    one = pool("one", at, os_sku=sku, os_type="Windows" if "Win" in sku else "Linux")
    [found] = image(cluster(at, [one]), one, v(target), CATALOG, ON)
    assert words in found.unblock


def test_a_plan_is_blocked_by_it_and_the_step_before_is_not():
    """What is advised works: a plan to the minor at which the successor begins has steps, and the pool is among them."""
    here = cluster("1.31.10", [pool("win", "1.31.10", **WINDOWS)], lts=True)
    [blocker] = [
        one for one in plan(here, v("1.34.9"), CATALOG, date(2026, 2, 1)).blockers if one.what == "pool win"
    ]
    assert "rollout --stack dev --to 1.32." in blocker.unblock
    to = blocker.unblock.partition("--to ")[2].partition(")")[0]
    steps = plan(here, v(to), CATALOG, date(2026, 2, 1)).steps
    assert [(step.target, str(step.after)) for step in steps] == [("control plane", to), ("win", to)]


@given(
    sku=st.sampled_from(sorted({one.sku for one in CATALOG.os_images})),
    at=st.integers(25, 38),
    more=st.integers(0, 6),
    steps=st.booleans(),
)
def test_a_successor_exists_where_it_is_said_to(sku, at, more, steps):
    minor, target = (1, at), (1, at + more)
    images = CATALOG.images(sku)
    found = successor(images, minor, target, CATALOG, ON, steps=steps)
    if found is None:
        assert not any(one.instead for one in images)
        return
    if found.first is None:
        alike = [one for one in CATALOG.images(found.sku) if one.fits(minor)]
        assert alike or found == Successor(next(one.instead for one in images if one.instead))
        return
    assert steps
    assert minor < found.first <= target
    assert any(one.fits(found.first) for one in images), "the pool can get there"
    assert any(one.fits(found.first) for one in CATALOG.images(found.sku)), "and has its next OS there"
