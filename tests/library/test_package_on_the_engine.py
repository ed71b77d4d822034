"""docs/package.md on the real engine: the CLI reads the package's schema, and the page's program in YAML comes up, judged by both packs."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from pulumi.automation.errors import CommandError

from emulator.cloud.cloud import Cloud
from emulator.engine.programs import yaml_module
from emulator.lab import Lab
from tests.emulator.azure_provider import Azure
from tests.lab_stack import LabStack
from tests.library.conftest import ROOT, Installed

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs" / "package.md").read_text("utf-8")
PROGRAM, CONFIG = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
PACKS = [ROOT / "policies" / name for name in ("security", "lifecycle")]


@pytest.fixture
def clone(installed: Installed, tmp_path: Path) -> Path:
    """A clone of this project beside the program's folder, as far as the package goes: its environment has the wheel."""
    package = tmp_path / "secure-aks" / "package"
    shutil.copytree(ROOT / "package", package, ignore=shutil.ignore_patterns("venv", "__pycache__"))
    (package / "venv").symlink_to(installed.python.parents[1])
    return package


def _add(stack: LabStack, around: Path) -> None:
    """Run the page's command beside a program that has no package yet: the CLI reads the schema and makes an SDK of it.

    The host for YAML that comes as a Go module writes nothing into Pulumi.yaml; the page says what to write then.
    """
    folder = around / "without"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: yaml\n")
    [words] = re.findall(r"```sh\n(pulumi package add .*)\n```", PAGE)
    with Lab(stack.lab_folder) as lab:
        done = subprocess.run(
            words.split(), env=lab.around(os.environ), cwd=folder, capture_output=True, text=True, check=False
        )
    assert "Successfully generated an SDK for the secure-aks package" in done.stdout, done.stderr
    assert list((folder / "sdks").iterdir())
    unlinked = "linking package: method Link not implemented"
    assert done.returncode == 0 or unlinked in done.stderr, done.stderr
    assert f"`{unlinked}`" in PAGE


@pytest.mark.soak
def test_a_program_in_yaml(clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{yaml_module().build(sys.stderr)}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text(PROGRAM)
    (folder / "hardened.json").write_text((ROOT / "profiles" / "seccomp" / "hardened.json").read_text())
    (folder / "Pulumi.dev.yaml").write_text(f"{CONFIG}  azure-native:location: westeurope\n")
    stack = LabStack("dev", folder, PACKS)

    _add(stack, tmp_path)

    with Lab(stack.lab_folder) as lab:
        words = ["pulumi", "package", "get-schema", str(clone)]
        said = subprocess.run(
            words, env=lab.around(os.environ), cwd=folder, capture_output=True, text=True, check=True
        )
        kept = tmp_path / "schema.json"
        kept.write_text(said.stdout)
        subprocess.run(
            ["pulumi", "schema", "check", str(kept)], env=lab.around(os.environ), cwd=folder, check=True
        )
    ours = json.loads((clone / "schema.json").read_text())
    for part in ("resources", "types"):
        assert json.loads(said.stdout)[part].keys() == ours[part].keys()

    Azure(Cloud(stack.lab_folder / "cloud.json")).create(
        "resources:ResourceGroup", "group", resourceGroupName="rg-shop"
    )
    stack.up()
    state = Cloud(stack.lab_folder / "cloud.json").view()
    [cluster] = state.of_type("Microsoft.ContainerService/managedClusters")
    assert cluster.properties["apiServerAccessProfile"]["enablePrivateCluster"] is True
    pools = {one.name: one for one in state.of_type("Microsoft.ContainerService/managedClusters/agentPools")}
    assert pools["general"].properties["maxCount"] == 12
    assert len(state.of_type("Microsoft.ContainerService/managedClusters/maintenanceConfigurations")) == 2
    assert json.loads(json.dumps(stack.outputs()["kubeconfig"]))
    assert stack.outputs()["groups"].keys() == {"payments-developers"}
    made = {one["urn"].split("::", 2)[2] for one in stack.resources()}
    for kind, name in (
        ("TeamAccess$kubernetes:networking.k8s.io/v1:NetworkPolicy", "payments-default-deny"),
        ("TeamAccess$azure-native:authorization:RoleAssignment", "payments-developers-cluster-user"),
        ("NodeReboots$kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "kured-ClusterRole"),
        ("SecurityProfiles$kubernetes:apps/v1:DaemonSet", "seccomp-loader"),
    ):
        assert any(one.endswith(f"{kind}::{name}") for one in made), (name, sorted(made))
    assert set(stack.preview().change_summary) == {"same"}

    open_to_all = PROGRAM.replace("kubernetesVersion: 1.35.6", "kubernetesVersion: 1.35.6\n        apiServer: {access: public}")  # fmt: skip
    (folder / "Pulumi.yaml").write_text(open_to_all)
    with pytest.raises(CommandError, match="cluster-api-server"):
        stack.preview()
    (folder / "Pulumi.yaml").write_text(PROGRAM.replace("day: Sunday", "day: Sonntag"))
    with pytest.raises(CommandError, match="Allowed values are Monday"):
        stack.preview()
