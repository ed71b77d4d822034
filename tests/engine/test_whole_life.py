"""The whole life of each shipped stack on the engine, with both packs, from its first `up` to its end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

import pytest
import yaml

from components.parts.team_marks import teams_made
from tests.engine.left_behind import left_behind
from tests.lab_stack import LabStack
from tests.project_copy import PACKS, copy_of, edit
from tests.shipped_up import BEHIND, TODAY, ShippedUp, changes, failed, let_off_promotion
from tests.terminal import in_a_terminal, lines_of

if TYPE_CHECKING:
    from collections.abc import Generator

SCREEN = 24
"""Lines that fit on a screen."""


def test_an_up_that_aks_refuses_half_way_leaves_what_the_next_one_goes_on_from(shipped_up: ShippedUp) -> None:
    first = shipped_up.seen
    assert "AgentPool" in first.refused
    assert any(urn.endswith("AgentPool::general") for urn in first.made)
    assert not any(urn.endswith("AgentPool::sandbox") for urn in first.made), "pools come one after another"
    assert first.left == []
    went_on = first.changes["dev"]
    assert set(went_on) <= {"create", "update"}
    assert went_on["create"] < len(LabStack("dev", shipped_up.folder, PACKS).resources())


def test_a_team_of_an_up_that_failed_half_way_does_not_go_untold(shipped_up: ShippedUp) -> None:
    assert any(urn.endswith("TeamAccess::payments") for urn in shipped_up.seen.made)
    assert re.search(
        r"deletion-told \S+VersionChange: version-change\) A team or a node pool that goes is told before it goes\. "
        r"team payments is no longer in the stack file, and with that goes .*payments-dev-developers",
        shipped_up.seen.told,
    )


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_outputs_fit_on_the_smallest_screen(shipped_up: ShippedUp, stack: str) -> None:
    code, shown = in_a_terminal(shipped_up.folder, 80, stack, command="outputs")
    lines = lines_of(shown)
    assert code == 0, shown
    assert len(lines) < SCREEN
    [whole] = [number for number, line in enumerate(lines) if line.startswith("whole: ")]
    assert all(len(line) < 80 for line in lines[:whole])
    names = {line.partition(":")[0] for line in lines if not line.startswith(" ")}
    assert names >= {"cluster", "kubeconfig", "versions", "shape", "namespaces", "groups"}
    secret = {line for line in lines if "[secret]" in line}
    assert secret == {"kubeconfig: [secret]", "shape: [secret]"}, "so that no `pulumi up` ends with all of it"
    assert "".join(lines[whole:]).endswith(f" outputs --stack {stack} cluster")


def test_the_state_has_every_team_as_the_record_has_it(shipped_up: ShippedUp) -> None:
    dev = LabStack("dev", shipped_up.folder, PACKS)
    state = {one["urn"]: one.get("outputs", {}) for one in dev.resources()}
    teams = yaml.safe_load((dev.folder / "Pulumi.dev.yaml").read_text("utf-8"))["config"]["secure-aks:teams"]
    assert {name: (one["namespaces"], sorted(one["groups"])) for name, one in teams_made(state).items()} == {
        team["name"]: ([team["name"]], sorted(group["name"] for group in team["groups"])) for team in teams
    }


@pytest.fixture(scope="class")
def stack(
    request: pytest.FixtureRequest, shipped_up: ShippedUp, tmp_path_factory: pytest.TempPathFactory
) -> Generator[LabStack]:
    """A class's stack, on a copy of its own, so that the stacks can live side by side."""
    folder = copy_of(shipped_up.folder, tmp_path_factory.mktemp("life"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECURE_AKS_CLOCK", TODAY)
        yield LabStack(request.node.cls.name, folder, PACKS)
    assert left_behind(folder) == []


def in_azure_and_inside(stack: LabStack) -> set[str]:
    """The resources that there is something of: no component, no provider."""
    found = (one for one in stack.resources() if one.get("custom"))
    return {one["urn"] for one in found if not one["type"].startswith("pulumi:providers:")}


class Life:
    """The rest of a stack's life."""

    name: ClassVar[str]

    def test_up_bump_and_refresh(self, shipped_up: ShippedUp, stack: LabStack) -> None:
        if self.name != "dev":
            assert set(shipped_up.seen.changes[self.name]) == {"create"}
        assert changes(stack.preview()) == {}

        pool, old, new = BEHIND[self.name]
        if self.name == "prod":  # staging, whose life is another copy's, has not taken this line here
            let_off_promotion(stack.folder / "Pulumi.prod.yaml", pool, "staging has it elsewhere")
        edit(stack.folder / f"Pulumi.{self.name}.yaml", f"name: {pool} > version: {old}", f"version: {new}")
        bumped = stack.up()
        assert changes(bumped) == {"update": 1}
        assert f"AgentPool {pool} updated" in " ".join(bumped.stdout.split())

        assert len(stack.printed_outputs().splitlines()) < SCREEN

        stack.refresh()
        planned = changes(stack.preview())
        assert set(planned) <= {"update"}
        assert planned.get("update", 0) <= 1
        assert left_behind(stack.folder) == []

    def test_destroy(self, stack: LabStack) -> None:
        if self.name == "prod":
            before = in_azure_and_inside(stack)
            assert "protect" in failed(stack, "destroy")
            assert in_azure_and_inside(stack) == before, (
                "nothing is deleted, though nobody looked at a preview"
            )
            stack.unprotect()
        assert set(changes(stack.destroy())) <= {"delete", "discard"}  # what was only read is discarded
        assert stack.resources() == []
        assert left_behind(stack.folder) == []


class Destroyed(Life):
    """A life of which the everyday run has the first `up` and the end; the rest is as in prod's, which has more of everything."""

    @pytest.mark.soak
    def test_up_bump_and_refresh(self, shipped_up: ShippedUp, stack: LabStack) -> None:
        super().test_up_bump_and_refresh(shipped_up, stack)


class TestDev(Destroyed):
    name = "dev"


class TestStaging(Destroyed):
    name = "staging"


class TestProd(Life):
    name = "prod"
