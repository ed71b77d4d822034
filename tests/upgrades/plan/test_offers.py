"""Azure's upgrade profiles and a plan: they forbid, and never allow more than the stack does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.upgrades.builders import TODAY, catalog, cluster, pool, v
from tests.upgrades.check.arm import REGION, SUBSCRIPTION, azure
from tests.upgrades.check.arm import cluster as arm_cluster
from tests.upgrades.check.arm import pool as arm_pool
from upgrades.commands import common
from upgrades.model.clusters import CONTROL_PLANE
from upgrades.observe.azure.catalog import catalog_of
from upgrades.plan.offers import as_offered, narrowed
from upgrades.plan.planner import plan
from upgrades.session.session import Session

ROOT = Path(__file__).parents[3]

SKIPPING = replace(cluster().rules, pool_skips_minors=True)
BEHIND = cluster("1.36.7", [pool("old", "1.34.7"), pool("new", "1.35.7")], rules=SKIPPING)


@pytest.mark.parametrize(
    ("offers", "skips"),
    [
        ({}, True),
        ({"old": {v("1.35.7"), v("1.36.7")}}, True),
        ({"old": {v("1.34.9"), v("1.35.7")}}, False),
        ({"old": frozenset()}, False),
        ({"new": {v("1.36.7")}}, True),  # a minor behind: it has nothing to skip, and shows nothing
    ],
)
def test_a_pool_skips_minors_only_where_azure_offers_it(offers, skips):
    assert narrowed(BEHIND, offers).rules.pool_skips_minors is skips
    plain = replace(BEHIND, rules=replace(SKIPPING, pool_skips_minors=False))
    assert narrowed(plain, offers).pools_leap is skips


def test_the_plan_goes_the_way_that_azure_offers():
    def steps(offers):
        made = plan(narrowed(BEHIND, offers), v("1.36.7"), catalog(), TODAY)
        return [str(step.after) for step in made.steps if step.target == "old"]

    assert steps({}) == ["1.36.7"]
    assert steps({"old": {v("1.35.7")}}) == ["1.35.7", "1.36.7"]


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from(["1.34.9", "1.35.3", "1.35.7", "1.36.7"])))
def test_a_first_step_stands_only_when_azure_takes_it(names):
    made = plan(cluster(), v("1.35.7"), catalog(), TODAY)
    found = as_offered(made, {CONTROL_PLANE: frozenset(map(v, names))})
    assert found.steps == (made.steps if "1.35.7" in names else ())
    assert [blocker.what for blocker in found.blockers] == (
        [] if "1.35.7" in names else ["control plane to 1.35.7"]
    )
    if found.blockers:
        assert ("write one of those" in found.blockers[0].unblock) == bool(names)
    assert as_offered(made, {}) is made


POOLS = ("system", "general", "spot", "win", "sandbox")


class UpOnAzure(Session):
    """A stack that is up, with an Azure that answers what it is told to."""

    def __init__(self, arm):
        super().__init__(ROOT, "dev")
        self.arm = arm

    def outputs(self):
        pools = {name: {"version": "1.34.7"} for name in POOLS}
        cluster = {"controlPlane": {"version": "1.34.7"}, "pools": pools}
        return {
            "versions": {"schema": 1, "clusters": {"aks-dev": cluster}},
            "cluster": {"id": arm_cluster("aks", "1.34.7")["id"], "location": "westeurope"},
        }

    @cached_property
    def azure(self):
        return azure(self.arm)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
    monkeypatch.setattr(
        "upgrades.session.looks._recorded_if_there", lambda *_: {}
    )  # the other stacks are not up


def running(version):
    pools = [arm_pool(name, version) for name in POOLS]
    return arm_cluster("aks", version, *pools)


def test_a_plan_starts_from_what_azure_runs_and_offers(arm, capsys):
    item = running("1.34.7")
    arm.has(item)
    arm.offers(item, ["1.35.5"], system=[], general=[], spot=[], win=[], sandbox=[])
    blocked = common.plan_of(UpOnAzure(arm), "1.35.6")
    assert [blocker.why for blocker in blocked.blockers] == ["Azure offers it these versions now: 1.35.5"]
    arm.offers(item, ["1.35.6"])
    assert str(common.plan_of(UpOnAzure(arm), "1.35.6").steps[0].before) == "1.34.7"
    moved = running("1.34.9")
    arm.has(moved)
    made = common.plan_of(UpOnAzure(arm), "1.35.6")
    assert str(made.steps[0].before) == "1.34.9", "somebody moved it, and nobody told the stack"
    assert all(SUBSCRIPTION in path for path in arm.asked)
    assert capsys.readouterr().err == ""


def test_a_channel_that_moves_versions_is_seen_in_azure(arm):
    item = running("1.34.7")
    item["properties"]["autoUpgradeProfile"] = {"upgradeChannel": "stable"}
    arm.has(item)
    arm.offers(item, ["1.35.6"], system=[], general=[], spot=[], win=[], sandbox=[])
    assert "auto-upgrade channel 'stable'" in [
        item.what for item in common.plan_of(UpOnAzure(arm), "1.35.6").blockers
    ]


def test_what_azure_does_not_tell_is_said_and_the_catalog_decides(arm, monkeypatch):
    said = []
    monkeypatch.setattr(common.err, "print", lambda text, **_: said.append(text))
    arm.has(running("1.34.7"))
    arm.put(
        f"{arm_cluster('aks', '1.34.7')['id']}/upgradeProfiles/default",
        (403, {"error": {"message": "no right"}}),
    )
    assert common.plan_of(UpOnAzure(arm), "1.35.6").steps
    assert "dev: the upgrades of the control plane could not be read: Azure answered 403: no right" in said[0]
    assert "dev: the upgrades of pool general could not be read: Azure answered 404" in "\n".join(said)


def test_azure_that_cannot_be_asked_leaves_the_stacks_own_record_and_says_so(monkeypatch):
    said = []
    monkeypatch.setattr(common.err, "print", lambda text, **_: said.append(text))
    assert common.plan_of(UpOnAzure("http://127.0.0.1:9"), "1.35.6").steps
    assert said == [
        (
            "dev: Azure (the stack's own record stands in) could not be read: "
            "Azure cannot be reached: the connection was refused; is the network (or its proxy) up?"
        )
    ]


def test_a_target_further_than_azure_offers_now_is_looked_up_in_its_region(arm, capsys, monkeypatch):
    """By no catalog yet: of its region's versions, the released ones go, and the plan says that their support is unknown."""
    item = running("1.36.3")
    arm.has(item)
    arm.offers(item, ["1.37.2"], system=[], general=[], spot=[], win=[], sandbox=[])
    arm.region(**{"1.36": ["1.36.3"], "1.37": ["1.37.2"], "1.38": ["1.38.1"]})
    made = common.plan_of(UpOnAzure(arm), "1.38.1")
    assert made.blockers == ()
    assert [str(step.after) for step in made.steps if step.is_control_plane] == ["1.37.2", "1.38.1"]
    [note] = [note for note in made.notes if "1.38.1" in note]
    assert "so its support is unknown" in note
    for absent in ("1.38.0", "1.39.0"):
        [blocker] = common.plan_of(UpOnAzure(arm), absent).blockers
        assert "does not list it, and Azure does not offer it (1.37.2)" in blocker.why
    said = []
    monkeypatch.setattr(common.err, "print", lambda text, **_: said.append(text))
    arm.put(REGION, (403, {"error": {"message": "no right"}}))
    assert common.plan_of(UpOnAzure(arm), "1.38.1").blockers
    assert "westeurope: what it offers could not be read" in said[-1]


def test_a_preview_of_the_region_is_no_target(arm):
    item = running("1.36.3")
    arm.has(item)
    arm.offers(item, [], system=[], general=[], spot=[], win=[], sandbox=[])
    arm.put(REGION, {"values": [{"version": "1.37", "isPreview": True, "patchVersions": {"1.37.0": {}}}]})
    assert common.plan_of(UpOnAzure(arm), "1.37.0").blockers
    found = catalog_of(UpOnAzure(arm).azure, "westeurope", date(2026, 11, 23))
    assert found.support(v("1.37.0"), date(2026, 11, 23)).state == "preview"
