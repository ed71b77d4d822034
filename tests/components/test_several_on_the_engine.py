"""docs/several-clusters.md on the real engine: a second cluster comes up, changes alone, and does not go by a deleted line."""

import re
from pathlib import Path

import pytest
from pulumi.automation.errors import CommandError

from emulator.cloud.cloud import Cloud
from tests.components.test_on_the_engine import ROOT, Project

PAGE = (ROOT / "docs" / "several-clusters.md").read_text(encoding="utf-8")
[FURTHER] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
SPOT = r"(poolVersions: .*spot: )1\.35\.5"


@pytest.mark.soak
def test_a_second_cluster_of_a_stack(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.stack.packs = [str(ROOT / "policies" / name) for name in ("security", "lifecycle")]
    alone = project.file.read_text()
    project.stack.up()
    first = {one["urn"] for one in project.stack.resources()}

    project.file.write_text(f"{alone.rstrip()}\n{FURTHER}")
    changes = project.stack.up().summary.resource_changes
    assert set(changes) <= {"create", "same", "update", "read"}
    assert first <= {one["urn"] for one in project.stack.resources()}
    with Cloud(project.stack.lab_folder / "cloud.json").change() as state:
        clusters = {one.name for one in state.of_type("Microsoft.ContainerService/managedClusters")}
    assert clusters == {"aks-dev", "aks-blue"}
    outputs = project.stack.outputs()
    assert outputs["clusters"]["blue"]["cluster"]["name"] == "aks-blue"
    assert set(project.stack.preview().change_summary) == {"same"}

    project.write(SPOT, r"\g<1>1.35.6")
    assert project.stack.preview().change_summary["update"] == 1
    project.write(r"(kubernetesVersion: )1\.35\.6(?=\})", r"\g<1>1.36.2")
    with pytest.raises(CommandError, match="only one control plane or one pool may change at a time"):
        project.stack.preview()

    project.file.write_text(alone)
    with pytest.raises(CommandError, match="cluster aks-blue would be deleted"):
        project.stack.preview()
