"""What counts as exactly one step of a preview."""

from dataclasses import replace

import pytest

from tests.upgrades.builders import v
from upgrades.engine.previewed import CLUSTER, DEPLOYMENT, POOL, Change, Previewed
from upgrades.model.clusters import CONTROL_PLANE
from upgrades.model.steps import Duration, Step

BUMP = Change("update", CLUSTER, "cluster", ("kubernetesVersion",), CONTROL_PLANE, "1.35.7")
DEPLOYED = Change("update", DEPLOYMENT, "system-pool-version", (), "system", "1.35.7")
SET_RIGHT = replace(DEPLOYED, properties=("properties.template.metadata.clusterState",))
SYSTEM = replace(DEPLOYED, properties=("properties.template.resources[0].properties.orchestratorVersion",))
GENERAL = Change("update", POOL, "general", ("orchestratorVersion",), "general", "1.35.7")


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
        ("system", [replace(SYSTEM, properties=(*SYSTEM.properties, *SET_RIGHT.properties))]),
        ("general", [GENERAL]),
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
        (CONTROL_PLANE, [replace(BUMP, properties=("kubernetesVersion", "sku"))]),
        (CONTROL_PLANE, [replace(BUMP, version="1.35.3")]),
        ("general", [replace(GENERAL, op="replace")]),
        ("general", [replace(GENERAL, target="memory")]),
        ("general", [replace(GENERAL, version="1.35.3")]),
        ("general", [GENERAL, SYSTEM]),
        (
            "system",
            [
                replace(
                    SYSTEM,
                    properties=(*SYSTEM.properties, "properties.template.resources[0].properties.count"),
                )
            ],
        ),
    ],
)
def test_anything_else(target, changes):
    assert beyond(target, *changes)


def test_after_a_kill_only_what_follows_the_step_may_be_left():
    step = Step("dev", "aks", CONTROL_PLANE, v("1.34.7"), v("1.35.7"), "next", Duration(15, 60))
    assert Previewed([SET_RIGHT]).beyond(step, reached=True) == []
    assert Previewed([SET_RIGHT]).beyond(step) == ["aks: control plane 1.34.7 -> 1.35.7: missing"]
    assert Previewed([GENERAL]).beyond(step, reached=True)
