"""Azure's upgrade profiles and a plan: they forbid, and never allow more than the stack does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.upgrades.builders import TODAY, catalog, cluster, pool, v
from tests.upgrades.check.arm import SUBSCRIPTION, Arm
from tests.upgrades.check.arm import cluster as arm_cluster
from tests.upgrades.check.arm import pool as arm_pool
from upgrades.commands import common
from upgrades.fleet import CONTROL_PLANE
from upgrades.observe import azure as azure_module
from upgrades.offers import as_offered, narrowed
from upgrades.plan import plan

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
    assert narrowed(plain, offers) == replace(plain, pools_leap=skips)


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
    assert as_offered(made, {}) is made


class UpOnAzure:
    """A stack that is up and not emulated."""

    emulated, is_up, name = False, True, "dev"

    def cluster_id(self):
        return arm_cluster("aks", "1.34.7")["id"]

    def cluster(self):
        return cluster()

    planned_cluster = cluster


@pytest.fixture
def arm(monkeypatch):
    server = Arm()
    connect = azure_module.Azure
    monkeypatch.setattr(azure_module, "Azure", lambda subscription: connect(subscription, server.url))
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
    yield server
    server.stop()


def test_a_plan_asks_azure_over_http(arm, capsys):
    item = arm_cluster("aks", "1.34.7", arm_pool("system", "1.34.7"), arm_pool("general", "1.34.7"))
    arm.offers(item, ["1.35.5"], system=[], general=[])
    blocked = common.plan_of(UpOnAzure(), "1.35.6")  # pyright: ignore[reportArgumentType]  # what a plan asks of a session
    assert [blocker.why for blocker in blocked.blockers] == ["Azure offers it these versions now: 1.35.5"]
    arm.offers(item, ["1.35.6"], system=[], general=[])
    assert common.plan_of(UpOnAzure(), "1.35.6").steps  # pyright: ignore[reportArgumentType]
    assert all(SUBSCRIPTION in path for path in arm.asked)
    assert capsys.readouterr().err == ""


def test_what_azure_does_not_tell_is_said_and_the_catalog_decides(arm, capsys):
    arm.put(
        f"{arm_cluster('aks', '1.34.7')['id']}/upgradeProfiles/default",
        (403, {"error": {"message": "no right"}}),
    )
    assert common.plan_of(UpOnAzure(), "1.35.6").steps  # pyright: ignore[reportArgumentType]
    said = capsys.readouterr().err
    assert "dev: the upgrades of the control plane could not be read: Azure answered 403" in said
    assert "dev: the upgrades of pool general could not be read: Azure answered 404" in said
