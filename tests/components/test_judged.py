"""A run without a policy pack is told so, where the command line of the engine can be seen."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from components.program.judged import UNJUDGED, names_packs
from tests.components.test_on_the_engine import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def processes(proc: Path, *lines: str) -> int:
    """Write a /proc in which each process was started by the one before it; return the last one's number."""
    for number, line in enumerate(lines, 2):
        folder = proc / str(number)
        folder.mkdir(parents=True)
        (folder / "cmdline").write_text(line.replace(" ", "\0"))
        (folder / "stat").write_text(f"{number} (a (b) c) S {number - 1} 1 1")
    return len(lines) + 1


@pytest.mark.parametrize(
    ("lines", "judged"),
    [
        (
            ["bash", "pulumi up --policy-pack policies/security", "pulumi-language-python x", "python -u"],
            True,
        ),
        (["/opt/bin/pulumi preview --policy-pack=policies/security", "python"], True),
        (["pulumi preview --stack dev", "pulumi-language-python x", "python -u"], False),
        (["pulumi.exe preview --stack dev", "python"], False),
        (["python -m pytest --policy-pack x", "python"], None),
    ],
)
def test_the_engines_command_line_says_it(lines: list[str], judged: bool | None, tmp_path: Path) -> None:  # noqa: FBT001
    assert names_packs(tmp_path, processes(tmp_path, *lines)) is judged


def test_where_there_is_no_proc_nothing_is_said(tmp_path: Path) -> None:
    assert names_packs(tmp_path, 7) is None


def test_the_remedy_names_every_pack_and_is_a_command_of_the_makefile() -> None:
    packs = sorted(path.parent.name for path in (ROOT / "policies").glob("*/PulumiPolicy.yaml"))
    assert sorted(re.findall(r"--policy-pack policies/(\w+)", UNJUDGED)) == packs
    for target, does in (("azure-preview", "preview"), ("azure-up", "up")):
        assert f"`make {target}`" in UNJUDGED
        dry = subprocess.run(
            ["make", "-n", target, "STACK=prod"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            env=os.environ,
        )
        [line] = [line for line in dry.stdout.splitlines() if "--policy-pack" in line]
        assert line.partition(" pulumi ")[2].split()[:3] == [does, "--stack", "prod"]
        assert sorted(re.findall(r"--policy-pack policies/(\w+)", line)) == packs
        assert "--suppress-outputs" in line.split(), "which are screens full"
