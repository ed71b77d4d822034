"""The ways that are no minor by minor: long-term support, a minor without support, versions newer than the catalog, holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from secure_aks_lifecycle.facts.catalog import Catalog
from secure_aks_lifecycle.versions.skew import Rules

from tests.upgrades.builders import cluster, pool, v
from upgrades.model.clusters import CONTROL_PLANE
from upgrades.plan.offers import as_offered, narrowed
from upgrades.plan.planner import plan
from upgrades.plan.route import leap

CATALOG = Catalog.load()
AUTUMN = date(2026, 11, 28)


def names(found):
    return [(step.target, str(step.after)) for step in found.steps]


def prod(version="1.34.9", count=5, **changes):
    pools = [pool("system", version, mode="System"), *(pool(f"p{n}", version) for n in range(count))]
    return cluster(version, pools, **changes)


def offered(here, *versions, **pools):
    offers = {CONTROL_PLANE: frozenset(map(v, versions)), **pools}
    return narrowed(here, offers), offers


def test_long_term_support_skips_minors_where_azure_offers_it():
    here, offers = offered(prod(lts=True), "1.34.10", "1.35.7", "1.36.3")
    found = as_offered(plan(here, v("1.36.3"), CATALOG, AUTUMN), offers)
    assert names(found) == [
        (name, "1.36.3") for name in (CONTROL_PLANE, "system", "p0", "p1", "p2", "p3", "p4")
    ]
    assert "Azure lets it skip minors" in found.steps[0].reason


def test_it_skips_no_more_minors_than_its_pools_may_be_behind():
    four = [v(text) for text in ("1.34.10", "1.35.7", "1.36.3", "1.37.3")]
    here = cluster("1.33.13", lts=True, offered=frozenset(four))
    assert str(leap(here, v("1.38.0"))) == "1.36.3"
    assert str(leap(replace(here, rules=Rules(skew_minors=2)), v("1.38.0"))) == "1.35.7"
    assert leap(replace(here, offered=frozenset(four[:1])), v("1.38.0")) is None


@pytest.mark.parametrize(("lts", "versions"), [(True, ("1.34.10", "1.35.7")), (False, ("1.35.7", "1.36.3"))])
def test_without_the_offer_or_the_support_it_goes_minor_by_minor(lts, versions):
    here, _ = offered(prod(lts=lts), *versions)
    found = plan(here, v("1.36.3"), CATALOG, AUTUMN)
    assert [after for target, after in names(found) if target == CONTROL_PLANE] == ["1.35.7", "1.36.3"]
    assert len(found.steps) == 14


def test_pools_that_azure_lets_skip_nothing_go_minor_by_minor_after_a_skip():
    behind = cluster("1.35.7", [pool("old", "1.33.13")], lts=True)
    here, _ = offered(behind, "1.36.3", old=frozenset({v("1.34.10")}))
    assert here.pools_leap is False
    found = plan(here, v("1.35.7"), CATALOG, AUTUMN)
    assert names(found) == [("old", "1.34.10"), ("old", "1.35.7")]


def test_a_skip_leads_as_far_as_it_is_offered_and_the_rest_goes_minor_by_minor():
    here, _ = offered(prod("1.33.13", 0, lts=True), "1.34.10", "1.35.7")
    found = plan(here, v("1.36.3"), CATALOG, AUTUMN)
    assert [after for target, after in names(found) if target == CONTROL_PLANE] == ["1.35.7", "1.36.3"]


def test_a_minor_without_support_and_without_lts_goes_as_a_whole():
    old = prod("1.33.13", 1, resource_group="rg-prod")
    found = plan(old, v("1.35.7"), CATALOG, date(2026, 8, 1))  # the day after the last supported one
    [blocker] = found.blockers
    assert blocker.what == "control plane 1.33.13"
    assert "support ended on 2026-07-31" in blocker.why
    assert blocker.unblock == "python -m upgrades whole-cluster --stack dev --to 1.34.9; then plan again"
    azure = "az aks upgrade --resource-group rg-prod --name aks --kubernetes-version 1.34.9; then "
    fleets = plan(replace(old, owner="fleet"), v("1.35.7"), CATALOG, date(2026, 8, 1)).blockers[0].unblock
    assert fleets == f"{azure}run `up`, which records what runs, and plan again"
    found_there = plan(replace(old, has_stack=False), v("1.35.7"), CATALOG, date(2026, 8, 1)).blockers[0]
    assert found_there.unblock == f"{azure}plan again"
    assert plan(old, v("1.34.9"), CATALOG, date(2026, 7, 31)).steps, (
        "on the last supported day it goes by steps"
    )
    assert plan(replace(old, lts=True), v("1.35.6"), CATALOG, date(2026, 8, 1)).steps


def test_a_much_older_minor_too():
    found = plan(prod("1.31.10", 1), v("1.36.3"), CATALOG, AUTUMN)
    assert [blocker.what for blocker in found.blockers] == ["control plane 1.31.10"]
    assert "whole-cluster --stack dev --to 1.34.10;" in found.blockers[0].unblock


def test_a_patch_newer_than_the_catalog_is_taken_where_azure_offers_it_and_said():
    here, offers = offered(prod("1.35.7", 0), "1.35.9")
    found = as_offered(plan(here, v("1.35.9"), CATALOG, AUTUMN), offers)
    assert names(found) == [(CONTROL_PLANE, "1.35.9"), ("system", "1.35.9")]
    assert "1.35.9 is newer than the version catalog of 2026-09-04" in found.notes[0]


def test_a_minor_newer_than_the_catalog_too():
    here, _ = offered(prod("1.37.1", 0), "1.38.1")
    assert names(plan(here, v("1.38.1"), CATALOG, date(2026, 12, 1)))[0] == (CONTROL_PLANE, "1.38.1")


@pytest.mark.parametrize("versions", [None, (), ("1.35.8",)])
def test_it_is_not_taken_where_azure_does_not_offer_it(versions):
    here = prod("1.35.7", 0) if versions is None else offered(prod("1.35.7", 0), *versions)[0]
    [blocker] = plan(here, v("1.35.9"), CATALOG, AUTUMN).blockers
    assert "does not list it" in blocker.why
    assert ("was not asked" if versions is None else "does not offer it") in blocker.why


def test_a_target_far_beyond_everything_is_one_blocker():
    here = cluster("1.35.7", [pool("system", "1.35.7", os_sku="Ubuntu2404")])
    found = plan(here, v("99.99.99"), CATALOG, AUTUMN)
    assert [blocker.what for blocker in found.blockers] == ["target 99.99.99"]


def test_a_held_version_is_not_taken_again_and_a_newer_one_is():
    held = cluster(
        "1.35.7",
        [pool("system", "1.35.7", mode="System"), pool("spot", "1.35.6")],
        held={"spot": frozenset({v("1.35.7")})},
    )
    stays = plan(held, v("1.35.7"), CATALOG, AUTUMN)
    assert (stays.steps, stays.blockers) == ((), ())
    assert "pool spot stays at 1.35.6: it was rolled back from 1.35.7" in stays.notes[0]
    assert "upgrades rollback --stack dev --pool spot --lift --reason" in stays.notes[0]
    onwards = plan(held, v("1.36.3"), CATALOG, AUTUMN)
    assert ("spot", "1.36.3") in names(onwards)


def test_a_hold_that_the_skew_does_not_allow_blocks():
    behind = pool("spot", "1.32.11")
    held = cluster("1.35.7", [behind], lts=True, held={"spot": frozenset({v("1.33.13")})})
    [blocker] = plan(held, v("1.36.3"), CATALOG, AUTUMN).blockers
    assert "lift the hold" in blocker.unblock
