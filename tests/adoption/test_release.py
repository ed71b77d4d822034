"""The release workflow's steps, in their order, on a clone with the tag; of them CI's own test is left out, and the host is a stand-in."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.adoption.test_habits import VERSION
from tests.adoption.workflows import ROOT, load, scripts

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.soak
HOST = """#!/usr/bin/env bash
[ "$GH_TOKEN" = of-the-job ] && printf '%s\\n' "$@" > "$RELEASED"
"""
WORKFLOW = ROOT / ".github/workflows/release.yml"


def git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.com"]
    done = subprocess.run(["git", *who, *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone as a checkout of the tag leaves it, set up as CI's tests leave it."""
    folder = tmp_path / "clone"
    git(ROOT, "clone", "--quiet", "--no-local", "--depth", "1", f"file://{ROOT}", str(folder))
    git(folder, "tag", f"v{VERSION}")
    git(folder, "checkout", "--quiet", "--detach", f"v{VERSION}")
    (folder / ".venv").symlink_to(ROOT / ".venv")
    os.utime(ROOT / ".venv/.ready")  # newer than what the clone has just written
    return folder


def test_a_pushed_tag_is_all_that_a_release_takes(clone: Path, tmp_path: Path) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "gh").write_text(HOST)
    (programs / "gh").chmod(0o755)
    [job] = load(WORKFLOW)["jobs"].values()
    assert job["env"] == {"VERSION": "${{ github.ref_name }}"}
    ran = [step["run"] for step in job["steps"] if "run" in step]
    assert ran == [script.text for script in scripts(WORKFLOW)]
    assert ran.count(".ci/run") == 1
    environment = {
        **os.environ,
        "VERSION": f"v{VERSION}",
        "GH_TOKEN": "of-the-job",
        "RELEASED": str(tmp_path / "released"),
        "PATH": f"{programs}:{os.environ['PATH']}",
    }
    for script in ran:
        if script != ".ci/run":
            done = subprocess.run(
                ["bash", "-eo", "pipefail", "-c", script],
                cwd=clone,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"

    words = (tmp_path / "released").read_text().splitlines()
    assert words[:4] == ["release", "create", f"v{VERSION}", "--verify-tag"]
    notes = (clone / words[words.index("--notes-file") + 1]).read_text()
    assert notes.lstrip().startswith("#")
    assert f"## {VERSION}" not in notes
    archives = {name: clone / name for name in words if (clone / name).is_file() and name != "notes.md"}
    [wheel] = [path for path in archives.values() if path.suffix == ".whl"]
    assert f"-{VERSION}-" in wheel.name
    assert any(name.endswith("cluster.py") for name in zipfile.ZipFile(wheel).namelist())
    parts = json.loads(archives["sbom.cdx.json"].read_text())
    assert {"pulumi", "pulumi-azure-native", "pulumi-kubernetes"} <= {
        one["name"] for one in parts["components"]
    }
    with tarfile.open(archives[f"secure-aks-v{VERSION}.tar.gz"]) as source:
        assert f"secure-aks-v{VERSION}/Pulumi.yaml" in source.getnames()
    for pack in ("security", "lifecycle"):
        with tarfile.open(archives[f"{pack}-pack-v{VERSION}.tar.gz"]) as archive:
            archive.extractall(tmp_path, filter="data")
        runtime = yaml.safe_load((tmp_path / pack / "PulumiPolicy.yaml").read_text())["runtime"]
        assert runtime == {"name": "python", "options": {"toolchain": "pip"}}
    shutil.rmtree(clone)
