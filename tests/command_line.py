"""`python -m upgrades` as people run it: a process in a folder with the shipped stack files."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def stack_files(folder: Path) -> Path:
    """Copy the shipped project and stack files, with the profiles they name, into a folder."""
    for path in (ROOT / "Pulumi.yaml", *ROOT.glob("Pulumi.*.yaml")):
        shutil.copy(path, folder)
    shutil.copytree(ROOT / "profiles", folder / "profiles")
    return folder


def upgrades(folder: Path, *words: str, clock: str = "2026-11-23", columns: int = 160) -> tuple[int, str]:
    """Run a command; return its exit code and all that it printed, in which there is no traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "upgrades", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "SECURE_AKS_CLOCK": clock, "COLUMNS": str(columns)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr
