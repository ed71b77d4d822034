"""How a cluster stands: support, patches, images, the next legal step, and the exit code a job goes by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from secure_aks_lifecycle.facts.catalog import Catalog
from secure_aks_lifecycle.stack.record import ClusterState, PoolState
from secure_aks_lifecycle.versions.skew import Rules
from secure_aks_lifecycle.versions.steps import illegal

from tests.upgrades.builders import v
from upgrades.check.assess import assess
from upgrades.check.upcoming import upcoming
from upgrades.check.values import Check, Observed, Unseen
from upgrades.check.words import following
from upgrades.model.clusters import CONTROL_PLANE, Cluster, Pool

CATALOG = Catalog.load()
TODAY = date(2026, 11, 23)


def observed(control_plane, *, lts=False, offered=None, **pools):
    made = tuple(Pool(name, v(version)) for name, version in pools.items())
    return Observed(Cluster("aks", "stack", v(control_plane), made, lts=lts), "here", offered=offered or {})


def found(seen, within=60, on=TODAY):
    report = assess(seen, upcoming(seen, CATALOG, on), None, CATALOG, on, within)
    return report, {(finding.rule.id, finding.target) for finding in report.findings}


def code(*reports, unseen=()):
    return Check(TODAY, 60, CATALOG.date, reports, unseen).exit_code


@pytest.mark.parametrize(
    ("version", "lts", "rule"),
    [
        ("1.36.2", False, None),
        ("1.35.6", False, None),
        ("1.34.9", False, "UPG002"),  # ends on 2026-11-30
        ("1.34.9", True, None),
        ("1.33.13", False, "UPG001"),
        ("1.33.13", True, None),
        ("1.30.14", False, "UPG001"),
        ("1.20.1", False, "UPG003"),
        ("1.36.99", False, "UPG003"),
        ("1.37.0", False, "UPG003"),  # a preview, announced for a day that has come
    ],
)
def test_support_of_every_kind(version, lts, rule):
    seen = observed(version, lts=lts)
    report, rules = found(seen)
    supports = {(id_, target) for id_, target in rules if id_ in {"UPG001", "UPG002", "UPG003"}}
    assert supports == ({(rule, CONTROL_PLANE)} if rule else set())
    assert code(report) == {"UPG001": 1, "UPG002": 1, "UPG003": 2, None: 0}[rule]


def test_each_pool_counts_by_itself():
    _, rules = found(observed("1.35.6", general="1.33.13", memory="1.35.6"))
    assert ("UPG001", "general") in rules
    assert not [target for id_, target in rules if id_ == "UPG001" and target != "general"]


def test_the_days_given_are_the_border():
    seen, days = observed("1.35.6"), (date(2027, 3, 31) - TODAY).days
    assert ("UPG002", CONTROL_PLANE) in found(seen, within=days)[1]
    assert ("UPG002", CONTROL_PLANE) not in found(seen, within=days - 1)[1]


def test_a_newer_patch_and_a_newer_image():
    seen = replace(
        observed("1.35.7", general="1.35.5"),
        images={"general": "AKSUbuntu-202610.01.0"},
        newest_images={"general": "AKSUbuntu-202611.20.0"},
    )
    _, rules = found(seen)
    assert {("UPG004", "general"), ("UPG005", "general")} <= rules
    assert ("UPG004", CONTROL_PLANE) not in rules


def test_what_azure_offers_decides_the_newest_patch():
    seen = observed("1.35.5", offered={CONTROL_PLANE: frozenset({v("1.36.3")})})
    assert ("UPG004", CONTROL_PLANE) not in found(seen)[1]


@pytest.mark.parametrize(
    ("seen", "step"),
    [
        (observed("1.35.7", general="1.35.5"), "general 1.35.5 1.35.7"),
        (observed("1.35.5", general="1.35.5"), "control plane 1.35.5 1.35.7"),
        (observed("1.35.7", general="1.35.7"), "control plane 1.35.7 1.36.3"),
        (observed("1.36.3", general="1.34.9"), "general 1.34.9 1.35.7"),
        (observed("1.36.3", general="1.36.3"), None),
        (
            observed("1.35.5", general="1.35.5", offered={CONTROL_PLANE: frozenset({v("1.36.3")})}),
            "control plane 1.35.5 1.36.3",
        ),
    ],
)
def test_the_next_step(seen, step):
    following = upcoming(seen, CATALOG, TODAY)
    steps = following.steps if following else ()
    said = f"{steps[0].target} {steps[0].before} {steps[0].after}" if steps else None
    assert said == step


def test_a_step_that_azure_does_not_offer_is_blocked_with_what_it_offers():
    seen = observed("1.36.3", general="1.35.5", offered={"general": frozenset({v("1.35.7")})})
    report, _ = found(seen)
    assert report.step is None
    (blocker,) = report.blockers
    assert "general to 1.36.3" in blocker.what
    assert "1.35.7" in blocker.why


def test_what_is_unread_or_unseen_could_not_be_told():
    seen = replace(observed("1.36.2"), unread={"the upgrades of pool general": "403"})
    report, rules = found(seen)
    assert ("UPG003", "") in rules
    assert code(report) == 2
    assert code(found(observed("1.36.2"))[0], unseen=[Unseen("x", "y", "z")]) == 2
    assert code(found(observed("1.33.13"))[0], report) == 1


VERSIONS = st.sampled_from(
    [patch.version for release in CATALOG.minors if release.minor >= (1, 33) for patch in release.patches]
)


@settings(max_examples=300, deadline=None)
@given(VERSIONS, st.lists(VERSIONS, max_size=3), st.booleans())
def test_the_next_step_is_always_legal(control_plane, pools, lts):
    named = {f"pool{index}": str(min(version, control_plane)) for index, version in enumerate(pools)}
    seen = observed(str(control_plane), lts=lts, **named)
    following = upcoming(seen, CATALOG, TODAY)
    if not following or not following.steps:
        return
    step = following.steps[0]
    before = ClusterState(control_plane, {p.name: PoolState(p.version) for p in seen.cluster.pools})
    after = (
        replace(before, control_plane=step.after)
        if step.is_control_plane
        else replace(
            before,
            pools={**before.pools, step.target: replace(before.pools[step.target], version=step.after)},
        )
    )
    assert list(illegal({"aks": before}, {"aks": after}, Rules())) == []


def test_a_catalog_that_is_too_old_tells_nothing():
    report, rules = found(observed("1.36.3"), on=date(2027, 3, 3))
    assert ("UPG003", "") not in rules, "180 days after it was written"
    report, rules = found(observed("1.36.3"), on=date(2027, 9, 4), within=0)
    assert ("UPG003", "") in rules
    report, rules = found(observed("1.36.3"), on=date(2027, 3, 4))
    assert ("UPG003", "") in rules
    assert code(report) == 2
    assert any("is 181 days old" in finding.message for finding in report.findings)


def test_a_pool_that_was_rolled_back_outside_is_known():
    recorded = ClusterState(v("1.35.7"), {"spot": PoolState(v("1.35.7"))})
    report, rules = found(replace(observed("1.35.7", spot="1.35.6"), recorded=recorded))
    assert ("UPG007", "spot") in rules
    [finding] = [one for one in report.findings if one.rule.id == "UPG007"]
    assert "it was rolled back outside" in finding.message
    assert "upgrades rollback --stack stack --pool spot" in finding.remedy


def test_a_held_version_is_told_and_not_advised():
    seen = observed("1.35.7", spot="1.35.6", offered={CONTROL_PLANE: frozenset()})
    seen = replace(seen, cluster=replace(seen.cluster, held={"spot": frozenset({v("1.35.7")})}))
    report, rules = found(seen)
    assert (report.step, report.blockers) == (None, ())
    assert ("UPG008", "") in rules
    assert ("UPG004", "spot") not in rules, "which says: take it"
    assert following(report).startswith("pool spot stays at 1.35.6: it was rolled back from 1.35.7")


def test_out_of_support_no_patch_is_advised_but_the_way_out():
    """One that came after the catalog was written too: its minor has ended, whatever the patch."""
    for version in ("1.32.7", "1.32.99"):
        report, rules = found(observed(version))
        assert ("UPG001", CONTROL_PLANE) in rules
        assert not {"UPG003", "UPG004"} & {rule for rule, _ in rules}
        assert "whole-cluster --stack stack --to 1.34.10" in report.blockers[0].unblock
    _, rules = found(observed("1.32.99", lts=True))
    assert ("UPG003", CONTROL_PLANE) in rules, "a newer patch of what still has long-term support"


def test_an_old_patch_of_an_lts_minor_says_which_patch_has_support():
    report, rules = found(observed("1.33.11", lts=True))
    assert ("UPG001", CONTROL_PLANE) in rules
    [finding] = [one for one in report.findings if one.rule.id == "UPG001"]
    assert "only the two newest patches" in finding.message
    assert finding.remedy == "upgrade it"
