"""What the lab takes out of the environment of what it starts: whatever would lead an SDK past it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from emulator.arm.environment import UNSET
from emulator.errors import OperationError, UsageError
from emulator.session import Session
from upgrades import lab

if TYPE_CHECKING:
    from pathlib import Path

ELSEWHERE = dict.fromkeys(UNSET, "http://elsewhere.example:3128")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project, in a process whose environment leads elsewhere."""
    (tmp_path / "Pulumi.yaml").write_text("name: demo\nruntime: python\n", "utf-8")
    for name, value in ELSEWHERE.items():
        monkeypatch.setenv(name, value)
    return tmp_path


def variables(file: Path) -> set[str]:
    return {line.partition("=")[0] for line in file.read_text("utf-8").splitlines()}


def test_a_command_in_the_lab_finds_nothing_that_leads_past_it(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GRPC_VERBOSITY", raising=False)
    with Session(project) as session:
        assert session.run_command(["sh", "-c", "env > seen"]) == 0
        exported = f"{session.exports()}\nenv > said"
    found = variables(project / "seen")
    assert not found & ELSEWHERE.keys()
    assert {"HTTPS_PROXY", "AZURE_CLIENT_SECRET", "HOME"} <= found
    assert "GRPC_VERBOSITY=NONE" in (project / "seen").read_text("utf-8").splitlines()
    subprocess.run(["sh", "-c", exported], cwd=project, check=True)
    assert not variables(project / "said") & ELSEWHERE.keys()


def test_the_upgrades_tool_leaves_its_environment_as_it_was(project: Path) -> None:
    before = dict(os.environ)
    with lab.entered(project):
        assert not os.environ.keys() & ELSEWHERE.keys()
        assert os.environ["HTTPS_PROXY"].startswith("http://127.0.0.1:")
        assert os.environ[lab.JOURNALS] == str(project / ".upgrades" / "lab")
    assert dict(os.environ) == before


def test_a_home_of_pulumis_that_cannot_be_made_is_told(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_HOME", "/dev/null/home")
    remedy = r"^PULUMI_HOME=/dev/null/home: Not a directory: .*; name another one, or unset it$"
    with pytest.raises(OperationError, match=remedy), Session(project):
        pass
    with pytest.raises(lab.LabError, match=remedy), lab.entered(project):
        pass


DAMAGED = {
    "cloud.json": ('{"schema": "x"}', "its schema is not 1"),
    "backend/.pulumi/stacks/demo/dev.json": (
        '{"version": 3, "checkpoint": {"latest": null}}',
        "checkpoint.latest",
    ),
}
"""Files of the lab: something of another shape, and what is said of it."""


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_told_before_anybody_is_asked(project: Path, name: str) -> None:
    """Else Azure answers a login with 500, and the engine ends in a panic."""
    file = project / ".emulator" / name
    file.parent.mkdir(parents=True)
    file.write_text(DAMAGED[name][0], "utf-8")
    said = rf"^{re.escape(str(file))}: .*{DAMAGED[name][1]}.* to start "
    with pytest.raises(OperationError, match=said), Session(project):
        pass
    with pytest.raises(lab.LabError, match=said), lab.entered(project):
        pass
    assert file.read_text("utf-8") == DAMAGED[name][0]


def test_a_control_plane_is_not_put_under_what_is_up_without_one(project: Path) -> None:
    """Nothing of the stack could be read there, and so not destroyed either."""
    states = project / ".emulator/backend/.pulumi/stacks/demo"
    states.mkdir(parents=True)
    for stack, kinds in (("dev", ["pulumi:pulumi:Stack", "pulumi:providers:kubernetes"]), ("prod", [])):
        latest = {"resources": [{"type": kind} for kind in kinds]}
        (states / f"{stack}.json").write_text(json.dumps({"checkpoint": {"latest": latest}}), "utf-8")
    (states / "new.json").write_text("{", "utf-8")
    with pytest.raises(UsageError, match=r"a control plane: dev\. .* destroy --yes --stack dev$"):
        Session(project, control_plane=True)
    (states / "dev.json").unlink()
    Session(project, control_plane=True)
