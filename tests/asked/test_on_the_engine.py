"""The stack files of `stacks`, which together say every setting, on the engine: up with both packs, an unchanged preview, down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import Phase, given, settings

from emulator.cloud.cloud import Cloud
from tests.asked.keys import FOLDER, ROOT, config
from tests.asked.life import stand_there
from tests.asked.random_stacks import ANY_HEALTH, stacks
from tests.emulator.azure_provider import Azure
from tests.lab_stack import LabStack
from tests.project_copy import PACKS, copy_of

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.soak
STACKS = sorted(FOLDER.glob("*.yaml"))


def stack_of(values: dict[str, Any], folder: Path) -> LabStack:
    """A stack file's config as a project's one stack, in an Azure that has what it names by its id.

    Such files say what nobody would, pools in no zone among it: the packs advise here, and refuse in test_peers.py.
    """
    values = values | {
        "secure-aks:policies": {**values.get("secure-aks:policies", {}), "security": {"all": "advisory"}}
    }
    copy_of(ROOT, folder)
    for path in folder.glob("Pulumi*.yaml"):
        path.unlink()
    # Without the config of the shipped one: the files of `stacks` say all by themselves.
    project = yaml.safe_load((ROOT / "Pulumi.yaml").read_text("utf-8"))
    del project["config"]
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump(project), "utf-8")
    name = values["secure-aks:environment"]
    (folder / f"Pulumi.{name}.yaml").write_text(yaml.safe_dump({"config": values}, sort_keys=False), "utf-8")
    stack = LabStack(name, folder, PACKS)
    stack.lab_folder.mkdir()
    stand_there(Azure(Cloud(stack.lab_folder / "cloud.json")), values)
    return stack


def lives(values: dict[str, Any], folder: Path) -> None:
    """Bring a stack up, preview it again, take it down; assert that nothing changes, and that backups alone stay."""
    stack = stack_of(values, folder)
    there = set(Cloud(stack.lab_folder / "cloud.json").view().resources)
    stack.up()
    assert stack.preview().change_summary.keys() == {"same"}
    stack.destroy()
    left = set(Cloud(stack.lab_folder / "cloud.json").view().resources) - there
    assert [id_ for id_ in left if "/backupvaults/" not in id_.lower()] == []


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")


@pytest.mark.parametrize("path", STACKS, ids=lambda path: path.stem)
def test_a_stack_comes_up_stays_and_comes_down(path: Path, tmp_path: Path) -> None:
    lives(config(path), tmp_path / "project")


@settings(max_examples=2, phases=[Phase.generate], suppress_health_check=ANY_HEALTH)
@given(values=stacks())
def test_any_stack_that_the_settings_take_comes_up_stays_and_comes_down(
    values: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    lives(values, tmp_path_factory.mktemp("any") / "project")
