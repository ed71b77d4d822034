"""Drift of a cluster: the pools that a refresh puts into it are told by their own resources, and a pool of nobody's is told here."""

from __future__ import annotations

import pytest
from pulumi.automation import EngineEvent, OpType
from pulumi.automation.events import ResourcePreEvent, StepEventMetadata, StepEventStateMetadata

from cli.review.collect import Review
from cli.review.own_pools import OwnPools
from upgrades.engine.previewed import CLUSTER, POOL


def step(op, kind, name, old, new, *differs):
    urn = f"urn:pulumi:dev::secure-aks::{kind}::{name}"
    before, after = (StepEventStateMetadata(kind, urn, "", "", "", inputs=inputs) for inputs in (old, new))
    found = StepEventMetadata(op, urn, kind, "", before, after, diffs=list(differs))
    return EngineEvent(0, 0, resource_pre_event=ResourcePreEvent(found))


def cluster(there, differs, *, name="cluster", azure="aks"):
    old, new = (
        {"resourceName": azure, "agentPoolProfiles": [{"name": one} for one in pools]}
        for pools in (there, ["system"])
    )
    return step(OpType.UPDATE, CLUSTER, name, old, new, *differs)


def pool(name, azure="aks", op=OpType.SAME, differs=()):
    inputs = {"resourceName": azure, "agentPoolName": name}
    return step(op, POOL, name, inputs, inputs, *differs)


PROFILES = [f"agentPoolProfiles[{number}]" for number in (0, 1, 2)]


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ([cluster(["general", "spot", "system"], PROFILES), pool("general"), pool("spot")], {}),
        (
            [cluster(["general", "mine", "system"], PROFILES), pool("general")],
            {"cluster": ('agentPoolProfiles["mine"]',)},
        ),
        (
            [cluster(["general", "system"], [*PROFILES, "tags.owner"]), pool("general")],
            {"cluster": ("tags.owner",)},
        ),
        (
            [
                cluster(["general", "system"], PROFILES),
                pool("general", op=OpType.UPDATE, differs=["maxCount"]),
            ],
            {"general": ("maxCount",)},
        ),
        # Another cluster's pool of the same name is no reason.
        (
            [
                cluster(["general", "system"], PROFILES),
                cluster(["system"], ["tags"], name="other", azure="b"),
                pool("general", "b"),
            ],
            {"cluster": ('agentPoolProfiles["general"]',), "other": ("tags",)},
        ),
        ([step(OpType.UPDATE, CLUSTER, "cluster", {}, {}, *PROFILES)], {"cluster": tuple(PROFILES)}),
    ],
)
def test_what_is_drift_of_a_cluster(events, told):
    review, pools = Review("dev", drift=True), OwnPools()
    for event in events:
        review(event)
        pools(event)
    clusters = len(review.changes)
    unchanged = review.unchanged
    pools.settle(review)
    assert {change.name: change.properties for change in review.changes} == told
    assert review.unchanged == unchanged + clusters - len(told)
    assert review.exit_code == (2 if told else 0)


@pytest.mark.parametrize(
    ("scales", "told"), [(True, ("orchestratorVersion",)), (False, ("count", "orchestratorVersion"))]
)
def test_a_count_that_is_left_to_the_autoscaler_is_no_change(scales, told):
    """It goes from the state with a pool's first change; Azure is sent none."""
    old, new = {"count": 1}, {"enableAutoScaling": scales, **({} if scales else {"count": 2})}
    review = Review("dev")
    review(step(OpType.UPDATE, POOL, "spot", old, new, "count", "orchestratorVersion"))
    [change] = review.changes
    assert change.properties == told
