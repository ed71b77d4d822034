"""A fleet moves the versions of two clusters of a stack on the real engine, with both packs; one of them then gets another key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from secure_aks_lifecycle.stack.outputs import from_outputs

from emulator.cloud.cloud import Cloud
from tests.emulator.azure_provider import Azure
from tests.engine.test_version_owner import made, updated
from tests.lab_stack import LabStack
from tests.project_copy import PACKS, ROOT, copy_of

if TYPE_CHECKING:
    from pathlib import Path

NEW = "1.35.7"
PAGE = (ROOT / "docs" / "several-clusters.md").read_text("utf-8")
FURTHER, FLEET, *_ = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
OWNER = "\n  secure-aks:versionRules: {owner: fleet}\n"
MEMBER = "Microsoft.ContainerService/fleets/members"


@pytest.mark.soak
def test_a_fleet_of_two_clusters_of_a_stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
    folder = copy_of(ROOT, tmp_path / "project")
    file = folder / "Pulumi.dev.yaml"
    text = file.read_text("utf-8").replace("    bootstrap: true", "    inside: later\n    bootstrap: true")
    stages = FLEET.replace("prod", "dev")
    assert "dev-blue" in stages
    file.write_text(f"{text.rstrip()}\n{FURTHER}{OWNER}{stages}", "utf-8")
    dev = LabStack("dev", folder, PACKS)
    dev.up()

    cloud = Cloud(dev.lab_folder / "cloud.json")
    groups = {one.name: one.properties["group"] for one in cloud.view().of_type(MEMBER)}
    assert groups == {"aks-dev": "dev", "aks-blue": "dev-blue"}

    azure = Azure(cloud)
    first = made(dev, "containerservice:ManagedCluster", "cluster", of="aks-dev")
    blue = made(dev, "containerservice:ManagedCluster", "cluster", of="aks-blue")
    azure.update(first, kubernetesVersion=NEW)
    azure.update(blue, kubernetesVersion=NEW)
    changed = updated(dev)
    assert sorted(changed.values()) == [["kubernetesVersion"]] * 2, changed
    dev.up()
    recorded = from_outputs(dev.outputs())["clusters"]
    assert {name: one["controlPlane"]["version"] for name, one in recorded.items()} == {
        "aks-dev": NEW,
        "aks-blue": NEW,
    }
    assert updated(dev) == {}

    known = {one["urn"] for one in dev.resources()}
    renamed = file.read_text("utf-8").replace("    blue:\n", "    green:\n").replace("dev-blue", "dev-green")
    file.write_text(renamed, "utf-8")
    changed = updated(dev)
    assert {urn.rpartition("$")[2]: diffs for urn, diffs in changed.items()} == {
        "azure-native:containerservice:FleetMember::fleet-member": ["group"],
        "azure-native:resources:Deployment::fleet-strategy": ["properties"],
    }
    dev.up()
    moved = {one["urn"] for one in dev.resources()}
    assert {
        urn.replace("clusters:green", "clusters:blue").replace("::green", "::blue") for urn in moved
    } == known
    assert dev.outputs()["clusters"]["green"]["cluster"]["name"] == "aks-blue"
    assert {one.name for one in cloud.view().of_type(MEMBER)} == groups.keys()
    assert updated(dev) == {}
