"""A fleet moves the versions of a stack on the real engine, with both packs: its `up` takes over what runs, and nothing back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from secure_aks_lifecycle.stack.outputs import from_outputs

from emulator.cloud.cloud import Cloud
from tests.emulator.azure_provider import Azure, Made
from tests.lab_stack import LabStack
from tests.project_copy import PACKS, ROOT, copy_of

if TYPE_CHECKING:
    from pathlib import Path

NEW = "1.35.7"
FLEET = """
  secure-aks:versionRules: {owner: fleet}
  secure-aks:fleet:
    name: shop
    stages:
      - {name: wave-1, groups: [dev], waitMinutes: 60}
      - {name: wave-2, groups: [prod], approval: before}
    autoUpgrade: [{name: patches, channel: Stable}]
"""


def made(stack: LabStack, type_: str, name: str, of: str = "") -> Made:
    """A resource of the stack as its state has it; `of` is its name in Azure, where several clusters have one each."""
    [found] = [
        one
        for one in stack.resources()
        if one["type"] == f"azure-native:{type_}"
        and one["urn"].endswith(f"::{name}")
        and of in {"", one["outputs"].get("name")}
    ]
    return Made(type_, name, found["id"], found["inputs"], found["outputs"])


def updated(stack: LabStack) -> dict[str, Any]:
    """What a preview would change, by the end of its URN; it makes and deletes nothing."""
    events: list[Any] = []
    assert stack.preview(on_event=events.append).change_summary.keys() <= {"same", "update"}
    planned = [event.resource_pre_event.metadata for event in events if event.resource_pre_event]
    return {one.urn.split("::", 2)[2]: one.diffs for one in planned if one.op == "update"}


@pytest.mark.soak
def test_a_run_of_the_fleet_between_two_ups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
    folder = copy_of(ROOT, tmp_path / "project")
    file = folder / "Pulumi.dev.yaml"
    text = file.read_text("utf-8").replace("    bootstrap: true", "    inside: later\n    bootstrap: true")
    file.write_text(text + FLEET, "utf-8")
    dev = LabStack("dev", folder, PACKS)
    dev.up()

    azure = Azure(Cloud(dev.lab_folder / "cloud.json"))
    azure.update(made(dev, "containerservice:ManagedCluster", "cluster"), kubernetesVersion=NEW)
    azure.update(made(dev, "containerservice:AgentPool", "general"), orchestratorVersion=NEW)

    changed = updated(dev)
    assert {urn.rpartition("::")[2]: diffs for urn, diffs in changed.items()} == {
        "cluster": ["kubernetesVersion"],
        "general": ["orchestratorVersion"],
    }
    dev.up()
    [cluster] = from_outputs(dev.outputs())["clusters"].values()
    assert cluster["controlPlane"]["version"] == NEW
    assert cluster["controlPlane"]["earlier"][0]["version"] == "1.35.6"
    assert cluster["pools"]["general"]["version"] == NEW
    assert cluster["pools"]["win"]["version"] == "1.35.6"
    assert dev.preview().change_summary.keys() <= {"same"}
