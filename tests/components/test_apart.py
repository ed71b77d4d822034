"""`isolation: cluster`: the stack of a team alone, made as docs/isolation.md says, shares nothing with the one it came from."""

from __future__ import annotations

import copy
import shutil
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from settings.reading.load import load_file
from tests.components.test_program import ROOT, run_program

if TYPE_CHECKING:
    from pathlib import Path

    from tests.components.helpers import Run

TEAM = "partners"
NAMES = (
    "resourceName",
    "workspaceName",
    "virtualNetworkName",
    "networkSecurityGroupName",
    "displayName",
    "deploymentName",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped dev stack, and beside it the one for the team alone."""
    made = tmp_path_factory.mktemp("apart")
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml"):
        shutil.copy(ROOT / name, made)
    stack = YAML(typ="safe").load(made / "Pulumi.dev.yaml")
    config = copy.deepcopy(stack["config"])
    cluster = config["secure-aks:cluster"]
    cluster["name"] = "aks-partners"
    for key in ("breakGlass", "deployers", "readers"):
        for group in cluster[key]:
            group["name"] = group["name"].replace("aks-dev", "aks-partners")
    [team] = [team for team in config["secure-aks:teams"] if team["name"] == TEAM]
    for group in team["groups"]:
        group["name"] += "-alone"
    config["secure-aks:teams"] = [{**team, "isolation": "cluster"}]
    config["secure-aks:network"]["addressSpace"] = "10.63.0.0/16"
    with (made / "Pulumi.dev-partners.yaml").open("w", encoding="utf-8") as file:
        YAML().dump({"config": config}, file)
    return made


@pytest.fixture(scope="module")
def both(folder: Path) -> tuple[Run, Run]:
    return run_program(folder, "dev"), run_program(folder, "dev-partners")


def named(done: Run) -> set[tuple[str, Any]]:
    """What Azure and Entra know of a stack's resources by name: type, and group with name."""
    return {
        (one.type, (one.inputs.get("resourceGroupName"), key, one.inputs[key]))
        for one in done.registered
        if one.type.startswith(("azure-native:", "azuread:"))
        for key in (*NAMES, *[key for key in one.inputs if key.endswith("Name") and key not in NAMES])
        if key in one.inputs and key != "resourceGroupName"
    }


def test_the_stack_of_the_team_alone_is_a_stack(folder: Path) -> None:
    stack = load_file(folder / "Pulumi.dev-partners.yaml")
    assert [team.isolation for team in stack.teams] == ["cluster"]


def test_no_resource_group_or_name_is_in_both(both: tuple[Run, Run]) -> None:
    shared, own = both
    groups = [
        {one.inputs["resourceGroupName"] for one in done.registered if "resourceGroupName" in one.inputs}
        for done in both
    ]
    assert groups[0].isdisjoint(groups[1])
    assert len(named(own)) > 10
    assert named(shared).isdisjoint(named(own))


@pytest.mark.parametrize(
    "kind",
    ["managedidentity:UserAssignedIdentity", "network:VirtualNetwork", "operationalinsights:Workspace", "containerservice:ManagedCluster", "azuread:index/group:Group"],
)  # fmt: skip
def test_each_has_one_of_its_own(kind: str, both: tuple[Run, Run]) -> None:
    for done in both:
        assert done.of(kind), kind


def test_no_address_is_in_both(folder: Path) -> None:
    spaces = [
        ip_network(str(load_file(folder / f"Pulumi.{name}.yaml").network.address_space))
        for name in ("dev", "dev-partners")
    ]
    assert not spaces[0].overlaps(spaces[1])


def test_no_group_of_people_is_in_both(both: tuple[Run, Run]) -> None:
    own = {one.inputs["displayName"] for one in both[1].of("azuread:index/group:Group")}
    there = {one.inputs["displayName"] for one in both[0].of("azuread:index/group:Group")}
    assert own
    assert own.isdisjoint(there)
