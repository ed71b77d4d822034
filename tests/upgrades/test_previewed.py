"""What counts as exactly one step of a preview."""

import pytest

from tests.upgrades.builders import v
from upgrades.fleet import CONTROL_PLANE, Duration, Step
from upgrades.previewed import CLUSTER, DEPLOYMENT, POOL, Change, Previewed

BUMP = Change("update", CLUSTER, "cluster", ("kubernetesVersion",))
SET_RIGHT = Change(
    "update", DEPLOYMENT, "system-pool-version", ("properties.template.metadata.clusterState",)
)
SYSTEM = Change(
    "update",
    DEPLOYMENT,
    "system-pool-version",
    ("properties.template.resources[0].properties.orchestratorVersion",),
)


def beyond(target, *changes):
    step = Step("dev", "aks", target, v("1.34.7"), v("1.35.7"), "next", Duration(15, 60))
    return Previewed(list(changes)).beyond(step)


@pytest.mark.parametrize(
    ("target", "changes"),
    [
        (CONTROL_PLANE, [BUMP]),
        # Every change of the cluster sets its system pool right again.
        (CONTROL_PLANE, [BUMP, SET_RIGHT]),
        ("system", [SYSTEM]),
        ("general", [Change("update", POOL, "general", ("orchestratorVersion",))]),
    ],
)
def test_exactly_the_step(target, changes):
    assert beyond(target, *changes) == []


@pytest.mark.parametrize(
    ("target", "changes"),
    [
        (CONTROL_PLANE, [BUMP, SYSTEM]),
        (CONTROL_PLANE, [SET_RIGHT]),
        ("system", [SET_RIGHT]),
        (CONTROL_PLANE, [Change("update", CLUSTER, "cluster", ("kubernetesVersion", "sku"))]),
        ("general", [Change("replace", POOL, "general", ("orchestratorVersion",))]),
        ("general", [Change("update", POOL, "memory", ("orchestratorVersion",))]),
    ],
)
def test_anything_else(target, changes):
    assert beyond(target, *changes)
