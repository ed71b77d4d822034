"""A first `up` killed while Azure makes the cluster: what docs/interrupted.md says works, word for word."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from emulator.cloud.cloud import Cloud
from emulator.lab import Lab
from tests.components.test_on_the_engine import ROOT, Project
from tests.emulator.arm.wire import PRELUDE
from tests.first_cluster import advice

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

PAGE = ROOT / "docs" / "interrupted.md"
DELETE = 'clusters.begin_delete("{group}", "{name}").result()'
"""What `az resource delete` does."""


def commands(block: int) -> list[list[str]]:
    """The commands of one of the page's blocks of shell."""
    blocks = re.findall(r"(?s)```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"))
    return [shlex.split(line, comments=True) for line in blocks[block].splitlines()]


class Shell:
    """Runs commands in the project's folder and the lab's environment."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder, self.environment = folder, {**os.environ, **environment}

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        with (self.folder / "said").open("wb") as said:
            return subprocess.Popen(command, cwd=self.folder, env=self.environment, stdout=said, stderr=said)

    def run(self, command: list[str], named: str = "") -> str:
        """Run one command of the page; return what it printed, its exit code first."""
        if command[0] == "az":
            found = re.fullmatch(
                r"/subscriptions/.*/resourceGroups/(.*)/providers/.*/managedClusters/(.*)", named
            )
            assert command[:-1] == ["az", "resource", "delete", "--ids"]
            assert found
            command = [sys.executable, "-c", PRELUDE + DELETE.format(group=found[1], name=found[2])]
        if command[:2] == ["pulumi", "up"]:
            # Nobody is there to ask; the packs are where their environment is.
            command = [str(ROOT / part) if part.startswith("policies/") else part for part in command]
            command += ["--yes", "--skip-preview"]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        return f"{done.returncode} {done.stdout} {done.stderr}"


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            after = stat.read_text().rpartition(")")[2]
        except OSError:  # it is gone
            continue
        parents[int(stat.parent.name)] = int(after.split()[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


@pytest.fixture
def killed(tmp_path: Path) -> Generator[Shell]:
    """A project whose first `up` was killed while the cluster was being made; by now Azure has made it."""
    project = Project(tmp_path)
    with Lab(project.stack.lab_folder) as lab:
        shell, cloud = Shell(tmp_path, lab.environment), Cloud(project.stack.lab_folder / "cloud.json")
        assert shell.run(["pulumi", "stack", "init", "dev"]).startswith("0")
        cloud.configure(operation_seconds=3600)
        up = shell.start("pulumi", "up", "--yes", "--skip-preview", "--stack", "dev")
        while not (accepted := [e["id"] for e in cloud.events() if e["action"] == "accepted"]):
            assert up.poll() is None, (tmp_path / "said").read_text()
            time.sleep(0.1)
        for one in family(up.pid):
            os.kill(one, signal.SIGKILL)
        up.wait()
        cloud.configure(operation_seconds=0)
        cloud.release(accepted[0])
        yield shell


@pytest.mark.soak
def test_what_the_page_says_brings_it_up(killed: Shell) -> None:
    up = ["pulumi", "up", "--stack", "dev"]
    assert "`pulumi cancel`" in advice(killed.run(up))
    *first, last = commands(0)
    for command in first:
        assert killed.run(command).startswith("0"), command
    said = killed.run(last)
    found = re.search(r"cannot create already existing resource '(.*?)'", said)
    assert found, said
    assert "`pulumi refresh`" in advice(said)
    for command in commands(1):
        said = killed.run(command, found[1])
        assert said.startswith("0"), said
    assert "unchanged" in (planned := killed.run(["pulumi", "preview", "--stack", "dev"]))
    assert not re.search(r"to (create|update|replace|delete)", planned)
