"""A team with a cluster of its own in the stack: nothing of the team is in the first cluster, and nothing of the others in its own."""

import shutil

import pytest

from components.access.table import access_table
from settings.reading.load import load_cluster
from tests.components.helpers import Run
from tests.components.test_apart import named
from tests.components.test_program import ROOT, run_program
from tests.settings.test_own_cluster import LINES

BELOW = "secure-aks:clusters:partners"
SANDBOX = "      isolation: sandbox\n"
WORD = "      isolation: cluster\n"


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """The shipped dev stack, that with the word while the workloads move, and when they have."""
    folder = tmp_path_factory.mktemp("own")
    shutil.copy(ROOT / "Pulumi.yaml", folder)
    text = (ROOT / "Pulumi.dev.yaml").read_text()
    done = []
    for word in (SANDBOX, f"{WORD}      movingFrom: sandbox\n", WORD):
        (folder / "Pulumi.dev.yaml").write_text(
            text.replace(SANDBOX, word) + (LINES if word != SANDBOX else "")
        )
        done.append(run_program(folder, "dev"))
    return folder, done


def halves(run):
    return [[one for one in run.registered if (BELOW in one.urn) is own] for own in (False, True)]


def inside(found):
    """The namespaces that Kubernetes objects are in, with those of teams that are made."""
    objects = [
        one.inputs["metadata"]
        for one in found
        if one.type.startswith("kubernetes:") and "metadata" in one.inputs
    ]
    return {said.get("namespace") or said["name"] for said in objects}


def pools(found):
    return {one.name for one in found if one.type.endswith(":AgentPool")}


def test_until_it_has_moved_the_first_cluster_stays_as_it_is(runs):
    _, (before, moving, _) = runs
    first, own = halves(moving)
    now = {one.urn: one.inputs for one in first}
    assert {one.urn: one.inputs for one in before.registered if one.urn in now} == now
    assert {one.urn for one in before.registered} == set(now)
    assert pools(own) == {"sandbox"}


def test_then_each_is_in_one_cluster(runs):
    _, (before, _, moved) = runs
    first, own = halves(moved)
    gone = {one.urn for one in before.registered} - {one.urn for one in first}
    assert gone
    assert all("TeamAccess" in urn or urn.endswith("::sandbox") for urn in gone), gone
    assert {"partners"} & inside(first) == {"payments", "checkout"} & inside(own) == set()
    assert {"payments", "checkout"} <= inside(first)
    assert "partners" in inside(own)
    assert pools(first).isdisjoint(pools(own))


def test_nothing_of_azure_is_both_clusters(runs):
    _, (_, _, moved) = runs
    first, own = halves(moved)
    names = [
        {row for row in named(Run(half)) if row[0] != "azuread:index/group:Group"} for half in (first, own)
    ]
    assert len(names[1]) > 10
    assert names[0].isdisjoint(names[1])
    kinds = ("ManagedCluster", "VirtualNetwork", "UserAssignedIdentity", "Workspace", "ResourceGroup")
    for kind in kinds:
        assert all(any(one.type.endswith(f":{kind}") for one in half) for half in (first, own)), kind
    assert not any(one.type.endswith(":VirtualNetworkPeering") for one in moved.registered)


def test_the_teams_groups_have_no_right_in_the_first_cluster_nor_the_others_in_its_own(runs):
    folder, (_, _, moved) = runs
    groups = {
        name: {row.group for row in access_table(load_cluster(folder, name))}
        for name in ("dev", "dev/partners")
    }
    assert groups["dev"].isdisjoint(groups["dev/partners"])
    assert groups["dev/partners"] == {"partners-dev-operators", "partners-dev-viewers"}
    outputs = moved.stack_outputs
    assert set(outputs["groups"]).isdisjoint(outputs["clusters"]["partners"]["groups"])
    assert outputs["clusters"]["partners"]["namespaces"] == {"partners": "partners"}
    # The right to fetch a kubeconfig, on either cluster.
    ids = outputs["clusters"]["partners"]["groups"]
    first, own = halves(moved)
    given = [
        {one.inputs.get("principalId") for one in half if one.type.endswith(":RoleAssignment")}
        for half in (first, own)
    ]
    assert set(ids.values()) <= given[1]
    assert given[0].isdisjoint(ids.values())


def test_a_team_that_moves_keeps_its_groups(runs):
    """They are made once for a stack: the group of the first cluster's team is the same one when only its own cluster names it."""
    _, (before, moving, moved) = runs
    made = {one.name: one for one in before.of(":Group") if one.name.startswith("partners-")}
    for run in (moving, moved):
        now = {one.name: one for one in run.of(":Group") if one.name.startswith("partners-")}
        assert now.keys() == made.keys()
