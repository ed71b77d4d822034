"""What Azure offers and the version catalog does not list, and clusters that are older than all that it lists."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from secure_aks_lifecycle.facts.catalog import Catalog

from tests.upgrades.builders import cluster, pool, v
from upgrades.check.upcoming import upcoming
from upgrades.check.values import Observed
from upgrades.model.clusters import CONTROL_PLANE
from upgrades.plan.offers import as_offered, narrowed
from upgrades.plan.planner import plan

CATALOG = Catalog.load()
ON = date(2026, 11, 28)


def planned(here, to, *versions):
    offers = {CONTROL_PLANE: frozenset(map(v, versions))} if versions else {}
    return as_offered(plan(narrowed(here, offers), v(to), CATALOG, ON), offers)


@pytest.mark.parametrize("patches", [["1.35.8", "1.35.9"], ["1.35.6"]])
def test_the_way_leads_through_the_newest_patch_that_azure_offers(patches):
    """Above all that the catalog lists, or before the region has its newest."""
    found = planned(cluster("1.34.9"), "1.36.3", *patches)
    assert found.blockers == ()
    assert str(found.steps[0].after) == patches[-1]


def test_without_azure_the_way_leads_through_the_newest_patch_of_the_catalog():
    assert str(planned(cluster("1.34.9"), "1.36.3").steps[0].after) == "1.35.7"


def test_a_minor_that_was_a_preview_goes_once_azure_offers_it_and_says_so():
    found = planned(cluster("1.36.3"), "1.37.0", "1.37.0")
    assert [str(step.after) for step in found.steps] == ["1.37.0"] * 3
    [note] = found.notes
    assert "newer than the version catalog of" in note
    assert "catalog --location" in note
    [blocker] = planned(cluster("1.36.3"), "1.37.0").blockers
    assert "does not list it as released, and Azure was not asked" in blocker.why
    early = date(2026, 9, 30)  # before the day that was announced
    [blocker] = plan(cluster("1.36.3"), v("1.37.0"), CATALOG, early).blockers
    assert "not generally available" in blocker.why


@pytest.mark.parametrize(
    ("runs", "offered", "after"),
    [("1.35.7", ["1.35.9"], "1.35.9"), ("1.36.3", ["1.37.1"], "1.37.1"), ("1.37.1", ["1.38.0"], "1.38.0")],
)
def test_a_check_takes_what_azure_offers_for_the_next_step(runs, offered, after):
    seen = Observed(cluster(runs), "here", offered={CONTROL_PLANE: frozenset(map(v, offered))})
    following = upcoming(seen, CATALOG, ON)
    assert following
    assert str(following.steps[0].after) == after


@pytest.mark.parametrize("version", ["1.26.3", "1.20.1"])
def test_a_cluster_that_is_older_than_the_catalog_goes_as_a_whole(version):
    old = replace(cluster(version), resource_group="rg-old")
    [blocker] = planned(old, "1.36.3").blockers
    assert blocker.what == f"control plane {version}"
    assert "its support ended long ago; without long-term support" in blocker.why
    assert "whole-cluster" in blocker.unblock
    assert planned(replace(old, lts=True), "1.36.3").blockers[0].what != blocker.what


def test_a_pool_that_cannot_go_minor_by_minor_leaves_no_cluster_behind():
    here = cluster("1.34.9", [pool("system", "1.34.9", mode="System"), pool("general", "1.31.10")])
    found = planned(here, "1.35.7")
    assert [blocker.what for blocker in found.blockers] == ["minor 1.32", "minor 1.33"]
    for blocker in found.blockers:
        assert "put a pool at 1.34.9 beside each that is behind" in blocker.unblock
        assert "poolSkipsMinors: true" in blocker.unblock
        assert "new cluster" not in blocker.unblock


@pytest.mark.parametrize(
    ("offered", "after"),
    [(["1.35.5"], "1.35.5"), (["1.35.5", "1.35.6"], "1.35.6"), (["1.35.9"], "1.35.9"), ([], "1.35.7")],
)
@pytest.mark.parametrize("skew", [3, 2])
def test_a_pool_stops_at_a_patch_of_its_own_profile(offered, after, skew):
    """Which differs from its control plane's and from the catalog; where it holds none of that minor, the catalog decides."""
    old, system = pool("old", "1.34.9"), pool("system", "1.36.3", mode="System")
    here = cluster("1.36.3", [system, old])
    here = replace(here, rules=replace(here.rules, skew_minors=skew))
    offers = {CONTROL_PLANE: frozenset({v("1.37.0")}), "old": frozenset(map(v, offered))}
    made = plan(narrowed(here, offers), v("1.37.0"), CATALOG, ON)
    assert made.blockers == ()
    assert next(str(step.after) for step in made.steps if step.target == "old") == after


def test_a_pool_passes_a_minor_of_which_its_own_profile_alone_knows_a_patch():
    catalog = replace(CATALOG, minors=tuple(one for one in CATALOG.minors if one.minor != (1, 35)))
    here = cluster("1.36.2", [pool("old", "1.34.9"), pool("older", "1.34.8")])
    known = {name: frozenset({v("1.35.8")}) for name in ("old", "older")}
    assert plan(narrowed(here, known), v("1.36.3"), catalog, ON).blockers == ()
    [blocker] = plan(narrowed(here, {"old": known["old"]}), v("1.36.3"), catalog, ON).blockers
    assert "knows no patch of it" in blocker.why


def test_of_what_is_proven_a_stop_takes_what_azure_still_offers():
    here = replace(cluster("1.34.9"), proven=frozenset({v("1.35.5"), v("1.35.6"), v("1.36.3")}))
    assert str(planned(here, "1.36.3", "1.35.5", "1.35.7").steps[0].after) == "1.35.5"


def test_a_pool_that_only_makes_room_takes_what_its_own_profile_has():
    here = cluster("1.35.7", [pool("old", "1.34.9")])
    here = replace(here, rules=replace(here.rules, skew_minors=1))
    offers = {"old": frozenset({v("1.35.6")})}
    made = as_offered(plan(narrowed(here, offers), v("1.36.3"), CATALOG, ON), offers)
    assert [str(step.after) for step in made.steps] == ["1.35.6", "1.36.3", "1.36.3"]
    [blocker] = as_offered(plan(narrowed(here, offers), v("1.35.7"), CATALOG, ON), offers).blockers
    assert "1.35.6" in blocker.why
