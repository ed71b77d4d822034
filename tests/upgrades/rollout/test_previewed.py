"""What counts as exactly one step of a preview."""

from dataclasses import replace

import pytest
from pulumi.automation import EngineEvent
from pulumi.automation.events import OpType, ResourcePreEvent, StepEventMetadata, StepEventStateMetadata

from tests.upgrades.builders import v
from upgrades.engine.of_step import CONFIG_MAP
from upgrades.engine.previewed import CLUSTER, DEPLOYMENT, POOL, Change, Previewed
from upgrades.model.clusters import CONTROL_PLANE
from upgrades.model.moves import Kind, Move
from upgrades.model.steps import Duration, Step

URN = f"urn:pulumi:dev::secure-aks::{POOL}::it"
BUMP = Change("update", CLUSTER, "cluster", ("kubernetesVersion",), CONTROL_PLANE, "1.35.7", "aks")
DEPLOYED = Change("update", DEPLOYMENT, "system-pool-version", (), "system", "1.35.7", "aks")
SET_RIGHT = replace(DEPLOYED, properties=("properties.template.metadata.clusterState",))
SYSTEM = replace(DEPLOYED, properties=("properties.template.resources[0].properties.orchestratorVersion",))
MINOR = Change("update", CONFIG_MAP, "admission-parameters", ("data.kubernetesMinor",))
GENERAL = Change("update", POOL, "general", ("orchestratorVersion",), "general", "1.35.7", "aks")


def beyond(target, *changes):
    step = Step("dev", "aks", target, v("1.34.7"), v("1.35.7"), "next", Duration(15, 60))
    return Previewed(list(changes)).beyond(step)


@pytest.mark.parametrize(
    ("target", "changes"),
    [
        (CONTROL_PLANE, [BUMP]),
        # Every change of the cluster sets its system pool right again.
        (CONTROL_PLANE, [BUMP, SET_RIGHT]),
        # Its admission policies judge by its minor.
        (CONTROL_PLANE, [BUMP, SET_RIGHT, MINOR]),
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
        (CONTROL_PLANE, [MINOR]),
        (CONTROL_PLANE, [BUMP, replace(MINOR, properties=("data.kubernetesMinor", "data.teamNamespaces"))]),
        (CONTROL_PLANE, [BUMP, replace(MINOR, op="replace")]),
        (CONTROL_PLANE, [BUMP, replace(MINOR, name="profiles")]),
        ("general", [GENERAL, MINOR]),
        ("system", [SET_RIGHT]),
        (CONTROL_PLANE, [replace(BUMP, properties=("kubernetesVersion", "sku"))]),
        (CONTROL_PLANE, [replace(BUMP, version="1.35.3")]),
        ("general", [replace(GENERAL, op="replace")]),
        ("general", [replace(GENERAL, target="memory")]),
        ("general", [replace(GENERAL, version="1.35.3")]),
        # The same of another cluster of the stack.
        ("general", [replace(GENERAL, cluster="aks-blue")]),
        ("general", [replace(GENERAL, cluster="")]),
        (CONTROL_PLANE, [replace(BUMP, cluster="aks-blue")]),
        (CONTROL_PLANE, [BUMP, replace(SET_RIGHT, cluster="aks-blue")]),
        ("system", [replace(SYSTEM, cluster="aks-blue")]),
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


def event(kind, old, new, *differs):
    sides = [StepEventStateMetadata(kind, URN, "id", "", "p", inputs=inputs) for inputs in (old, new)]
    step = StepEventMetadata(OpType.UPDATE, URN, kind, "p", old=sides[0], new=sides[1], diffs=list(differs))
    return EngineEvent(1, 1, resource_pre_event=ResourcePreEvent(step))


@pytest.mark.parametrize(
    ("target", "kind", "version", "pool", "within", "path"),
    [
        ("general", POOL, "orchestratorVersion", {"agentPoolName": "general"}, lambda pool: pool, "count"),
        (
            CONTROL_PLANE,
            CLUSTER,
            "kubernetesVersion",
            {},
            lambda pool: {"agentPoolProfiles": [pool]},
            "agentPoolProfiles[0].count",
        ),
    ],
)
def test_the_count_of_the_beginning_goes_along_where_a_pool_scales_by_itself(
    target, kind, version, pool, within, path
):
    def change(**after):
        old, new = ({**pool, "enableAutoScaling": True, **more} for more in ({"count": 2}, after))
        seen = Previewed()
        seen(
            event(
                kind,
                {"resourceName": "aks", **within(old), version: "1.34.7"},
                {"resourceName": "aks", **within(new), version: "1.35.7"},
                path,
                version,
            )
        )
        return beyond(target, *seen.changes)

    assert change() == []
    assert change(count=3)
    assert change(enableAutoScaling=False)


def test_after_a_kill_only_what_follows_the_step_may_be_left():
    step = Step("dev", "aks", CONTROL_PLANE, v("1.34.7"), v("1.35.7"), "next", Duration(15, 60))
    assert Previewed([SET_RIGHT]).beyond(step, reached=True) == []
    assert Previewed([SET_RIGHT]).beyond(step) == ["aks: control plane 1.34.7 -> 1.35.7: missing"]
    assert Previewed([GENERAL]).beyond(step, reached=True)


NETWORK = "azure-native:network"
SUBNET_OF_IT = [
    Change("create", f"{NETWORK}:Subnet", "nodes-general2"),
    Change("create", f"{NETWORK}:NetworkSecurityGroup", "nodes-general2"),
    Change("create", "azure-native:authorization:RoleAssignment", "cluster-nodes-general2"),
]


def moved(kind, *changes):
    step = Step("dev", "aks", "general2", v("1.35.7"), v("1.35.7"), "next", Duration(15, 60))
    move = Move(kind, "general2" if kind is Kind.REMOVE else "general", "general2")
    return Previewed(list(changes)).beyond(replace(step, move=move))


def test_a_pool_comes_and_goes_with_its_own_subnet_and_with_no_other():
    pool = Change("create", POOL, "general2", (), "general2", cluster="aks")
    gone = [replace(one, op="delete") for one in (pool, *SUBNET_OF_IT)]
    assert moved(Kind.ADD, pool, *SUBNET_OF_IT) == moved(Kind.REMOVE, *gone) == []
    for change in (
        replace(SUBNET_OF_IT[0], name="nodes-spot"),
        replace(SUBNET_OF_IT[0], op="update", properties=("addressPrefix",)),
        replace(SUBNET_OF_IT[0], op="delete"),
        replace(SUBNET_OF_IT[2], name="team-general2"),
        Change("create", f"{NETWORK}:VirtualNetwork", "nodes-general2"),
    ):
        assert moved(Kind.ADD, pool, *SUBNET_OF_IT, change) == [str(change)]
    assert moved(Kind.ADD, *SUBNET_OF_IT)[-1].endswith("missing"), "the subnet alone is not the step"
    empty = Change("update", POOL, "general2", ("count",), "general2", cluster="aks")
    step_of_nothing = moved(Kind.EMPTY, replace(empty, target="general"), *SUBNET_OF_IT)
    assert len(step_of_nothing) == len(SUBNET_OF_IT)
