"""The whole life of each shipped stack on the engine, with both packs, in the order of promotion."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pulumi.automation import CommandError

from emulator.cloud.cloud import Cloud
from emulator.cloud.faults import Fault, add
from tests.documented_login import sign_in_with_the_documented_roles
from tests.engine.left_behind import left_behind
from tests.lab_stack import LabStack
from tests.lifecycle.test_shipped_stacks import copy_of, edit

if TYPE_CHECKING:
    from collections.abc import Generator

ROOT = Path(__file__).parents[2]
PACKS = [ROOT / "policies" / name for name in ("security", "lifecycle")]
DAYS = {"dev": "2026-11-01", "staging": "2026-11-12", "prod": "2026-11-23"}
"""When each stack is first up: prod a soak time after staging."""
SCREEN = 24
"""Lines that fit on a screen."""
BEHIND = {
    "dev": ("spot", "1.35.5", "1.35.6"),
    "staging": ("general", "1.34.9", "1.34.10"),
    "prod": ("general", "1.34.9", "1.34.10"),
}
"""The pool that is a patch behind its control plane, and the one line that takes it there."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Generator[Path]:
    """A project folder; in staging and prod all but one pool have the newest patch."""
    folder = copy_of(ROOT, tmp_path_factory.mktemp("life"))
    for name in ("staging", "prod"):
        path = folder / f"Pulumi.{name}.yaml"
        path.write_text(path.read_text().replace("1.34.9", "1.34.10"))
        edit(path, "name: general > version: 1.34.10", "version: 1.34.9")
    for name in DAYS:
        sign_in_with_the_documented_roles(LabStack(name, folder))
    exempt = "{rule: promotion, resource: {name: general}, reason: dev is a minor ahead, until: 2026-12-01}"
    edit(folder / "Pulumi.staging.yaml", "secure-aks:exemptions: []", f"secure-aks:exemptions: [{exempt}]")
    yield folder
    assert left_behind(folder) == []


@pytest.fixture
def stack(project: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> LabStack:
    monkeypatch.setenv("SECURE_AKS_CLOCK", DAYS[name])
    return LabStack(name, project, PACKS)  # signed in to Azure and Entra by its file, see `project`


def changes(result: Any) -> dict[str, int]:
    """How many resources an operation changes, by kind."""
    found = getattr(result, "change_summary", None) or result.summary.resource_changes
    counts = {str(getattr(kind, "value", kind)): count for kind, count in found.items()}
    return {kind: count for kind, count in counts.items() if kind not in {"same", "read"}}


def in_azure_and_inside(stack: LabStack) -> set[str]:
    """The resources that there is something of: no component, no provider."""
    found = (one for one in stack.resources() if one.get("custom"))
    return {one["urn"] for one in found if not one["type"].startswith("pulumi:providers:")}


def failed(stack: LabStack, operation: str) -> str:
    """Run an operation that has to fail; return what was printed."""
    with pytest.raises(CommandError) as error:
        getattr(stack, operation)()
    return str(error.value)


@pytest.mark.parametrize("name", ["dev"])
def test_an_up_that_aks_refuses_half_way_leaves_what_the_next_one_goes_on_from(stack: LabStack) -> None:
    with Cloud(stack.lab_folder / "cloud.json").change() as state:
        add(state, Fault("fails", "*/agentPools/win", "put"))
    assert "AgentPool" in failed(stack, "up")
    made = {one["urn"] for one in stack.resources()}
    assert any(urn.endswith("AgentPool::general") for urn in made)
    assert not any(urn.endswith("AgentPool::sandbox") for urn in made), "pools come one after another"
    assert left_behind(stack.folder) == []

    went_on = changes(stack.up())
    assert set(went_on) <= {"create", "update"}
    assert went_on["create"] < len(stack.resources())


@pytest.mark.parametrize("name", BEHIND)
def test_up_bump_and_refresh(stack: LabStack, name: str) -> None:
    if name != "dev":  # which is up
        assert set(changes(stack.up())) == {"create"}
    assert changes(stack.preview()) == {}

    pool, old, new = BEHIND[name]
    edit(stack.folder / f"Pulumi.{name}.yaml", f"name: {pool} > version: {old}", f"version: {new}")
    bumped = stack.up()
    assert changes(bumped) == {"update": 1}
    assert f"AgentPool {pool} updated" in " ".join(bumped.stdout.split())

    assert len(stack.printed_outputs().splitlines()) < SCREEN

    stack.refresh()
    planned = changes(stack.preview())
    assert set(planned) <= {"update"}
    assert planned.get("update", 0) <= 1
    assert left_behind(stack.folder) == []


@pytest.mark.parametrize("name", ["prod", "staging", "dev"])
def test_destroy(stack: LabStack, name: str) -> None:
    if name == "prod":
        before = in_azure_and_inside(stack)
        assert "protect" in failed(stack, "destroy")
        assert in_azure_and_inside(stack) == before  # nothing was deleted, though nobody looked at a preview
        stack.unprotect()
    assert set(changes(stack.destroy())) <= {"delete", "discard"}  # what was only read is discarded
    assert stack.resources() == []
    assert left_behind(stack.folder) == []
