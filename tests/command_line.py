"""`python -m upgrades` as people run it: a process in a folder with the shipped stack files."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from tests import forked

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[1]


def stack_files(folder: Path) -> Path:
    """Copy the shipped project and stack files, with the profiles they name, into a folder."""
    for path in (ROOT / "Pulumi.yaml", *ROOT.glob("Pulumi.*.yaml")):
        shutil.copy(path, folder)
    shutil.copytree(ROOT / "profiles", folder / "profiles")
    return folder


def upgrades(
    folder: Path,
    *words: str,
    clock: str = "2026-11-23",
    columns: int = 160,
    environment: Mapping[str, str] | None = None,
) -> tuple[int, str]:
    """Run a command, in the environment of a lab; return its exit code and all that it printed, in which there is no traceback."""
    variables = {
        **os.environ,
        **(environment or {}),
        "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
        "SECURE_AKS_CLOCK": clock,
        "COLUMNS": str(columns),
    }
    done = forked.run(["upgrades", *words], folder, variables)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr
