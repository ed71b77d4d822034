"""*Bring it up* and *A private cluster* of docs/first-cluster.md, run as they stand on the real engine: what is edited is what the page says to edit.

Nobody is there to be asked, so confirmations are skipped; the ones who are signed in have the documented roles and no other.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from emulator.lab import Lab
from tests.documented_login import sign_in_with_the_documented_roles
from tests.engine.test_role_taken_away import PROMOTION
from tests.first_cluster import PAGE
from tests.lab_stack import LabStack
from tests.project_copy import ROOT, copy_of
from tests.shipped_up import UP_DAYS

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.soak
KUBECTL = "#!/bin/sh\nprintf '%s\\n' \"$@\" > asked\n"
UP = "pulumi up --stack {} --policy-pack policies/security --policy-pack policies/lifecycle"
"""The page's command, which a test below finds there."""


def block(language: str, words: str) -> str:
    """The one block of the page with these words."""
    blocks = [textwrap.dedent(one) for one in re.findall(rf"(?s)```{language}\n(.*?)```", PAGE)]
    [found] = [one for one in blocks if words in one]
    return found


def changed(said: str) -> dict[str, int]:
    """How many resources an `up` changed, by what its last lines say."""
    counts = re.findall(r"(?m)^ +\S+ (\d+) (\w+)$", said.rpartition("\nResources:")[2])
    return {kind: int(count) for count, kind in counts}


class Walk:
    """A clone of the project, and somebody with the documented roles who pastes from the page."""

    def __init__(self, folder: Path, name: str, patch: pytest.MonkeyPatch) -> None:
        patch.setenv("SECURE_AKS_CLOCK", UP_DAYS[name])
        self.name, self.folder = name, copy_of(ROOT, folder)
        (self.folder / ".venv").symlink_to(sys.prefix)  # as `make setup` makes one
        self.stack = LabStack(name, self.folder)
        self.file = self.folder / f"Pulumi.{name}.yaml"
        sign_in_with_the_documented_roles(self.stack)

    def paste(self, commands: str, *, refused: bool = False) -> str:
        """Run commands in a shell that ends at the first fault, there being one or not; return what was printed."""
        with Lab(self.stack.lab_folder) as lab:
            kubectl = self.stack.lab_folder / "bin" / "kubectl"
            kubectl.write_text(KUBECTL)
            kubectl.chmod(0o755)
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", commands],
                cwd=self.folder,
                env=lab.around(os.environ) | dict(self.stack.login) | {"PULUMI_SKIP_CONFIRMATIONS": "true"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
        assert bool(done.returncode) is refused, done.stdout + done.stderr
        return done.stdout

    def types(self) -> set[str]:
        """What there is in the state, but for what was only read."""
        return {one["type"] for one in self.stack.resources() if one.get("custom")}

    def write(self, snippet: dict[str, Any]) -> None:
        """Write what a snippet of the page has into the stack file."""
        said = yaml.safe_load(self.file.read_text("utf-8"))
        for section, more in snippet.items():
            said["config"][section] |= more
        self.file.write_text(yaml.safe_dump(said, sort_keys=False), "utf-8")


def test_dev_is_brought_up_and_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = Walk(tmp_path / "project", "dev", monkeypatch)
    commands = block("sh", "pulumi stack init dev")
    assert commands.splitlines()[-1] == UP.format("dev")
    assert changed(walk.paste(commands)).keys() == {"created"}

    walk.file.write_text(re.sub(r"(?m)^    bootstrap: true.*\n", "", walk.file.read_text("utf-8")), "utf-8")
    assert changed(walk.paste(UP.format("dev"))) == {"updated": 1}

    walk.paste(block("sh", "pulumi stack output kubeconfig"))
    kubeconfig = json.loads((walk.folder / "kubeconfig.json").read_text("utf-8"))
    assert [one["user"].keys() for one in kubeconfig["users"]] == [{"exec"}], "no credential"
    assert (walk.folder / "asked").read_text().split() == [
        "--kubeconfig",
        "kubeconfig.json",
        "get",
        "namespaces",
    ]


def test_prod_comes_up_in_two_halves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = Walk(tmp_path / "project", "prod", monkeypatch)
    walk.file.write_text(PROMOTION.sub("", walk.file.read_text("utf-8")), "utf-8")
    walk.write(yaml.safe_load(block("yaml", "runnerSubnet")))
    walk.write(yaml.safe_load(block("yaml", "inside: later")))
    walk.paste("pulumi stack init prod")
    assert "only Azure's half" in " ".join(walk.paste(UP.format("prod")).split())
    made = walk.types()
    assert {one for one in made if one.startswith("kubernetes:")} == set()
    subnets = {
        one["inputs"].get("subnetName") for one in walk.stack.resources() if one["type"].endswith(":Subnet")
    }
    assert "runners" in subnets

    walk.write({"secure-aks:cluster": {"inside": "now"}})
    assert changed(walk.paste(UP.format("prod"))).keys() == {"created"}
    more = walk.types() - made
    assert more
    assert {
        one for one in more if not one.startswith(("kubernetes:", "pulumi:providers:kubernetes"))
    } == set()

    there = {one["urn"] for one in walk.stack.resources()}
    walk.write({"secure-aks:cluster": {"inside": "later"}})
    for command in ("pulumi preview --stack prod", "pulumi up --stack prod --skip-preview"):
        assert "this one would delete it, the namespaces" in walk.paste(command, refused=True)
    assert {one["urn"] for one in walk.stack.resources()} == there
