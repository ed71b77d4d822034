"""The tour, or a part of another page, in a fresh clone: each command by a shell, as somebody pastes it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from emulator.engine.find import need_cli
from emulator.go_modules import cache_folder

from .page import edit, missing, steps

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]
TOUR = ROOT / "docs/tour.md"
CLOCK = "2026-11-23"
FOLDERS = ("settings", "components", "policies", "profiles", "emulator", "upgrades", "cli")


def clone(folder: Path) -> Path:
    """Fill a folder with what a clone has, set up with this environment, on a machine that has the engine."""
    need_cli(sys.__stderr__ or sys.stderr)
    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info", "build")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=ignore)
    for file in ROOT.iterdir():
        if file.is_file() and file.name not in {
            ".git",
            ".coverage",
        }:  # a work tree's .git leads to its repository
            shutil.copy2(file, folder)
    git = ("git", "-c", "user.name=tour", "-c", "user.email=tour@example.com")
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "Begin")):
        subprocess.run([*git, *words], cwd=folder, env=own | {"GIT_DIR": str(folder / ".git")}, check=True)
    (folder / ".venv").mkdir()
    for part in Path(sys.prefix).iterdir():
        if part.name != ".ready":
            (folder / ".venv" / part.name).symlink_to(part)
    (folder / ".venv/.ready").touch()  # after every file of requirements, so `make` installs nothing
    return folder


def run(folder: Path, script: str) -> tuple[int, str]:
    """Run a block of commands; return the exit code and everything that was printed."""
    unset = {"COLUMNS", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "SECURE_AKS_EMULATOR_DIR", "PYTHONPATH"}
    kept: Mapping[str, str] = {
        name: value for name, value in os.environ.items() if name not in unset and not name.startswith("GIT_")
    }
    done = subprocess.run(
        ["bash", "-euc", script],
        cwd=folder,
        env={**kept, "SECURE_AKS_CLOCK": CLOCK, "SECURE_AKS_CACHE": str(cache_folder()), "COLUMNS": "90"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def walk(folder: Path, path: Path = TOUR, part: str = "") -> dict[str, list[str]]:
    """Walk a page, or a part of it; return what each command printed, time by time. Raises AssertionError where the page is wrong."""
    printed: dict[str, list[str]] = {}
    page = steps(path, part)
    for step, after in zip(page, [*page[1:], None], strict=True):
        where = f"{path.name}:{step.line}"
        if step.kind == "sh":
            code, shown = run(folder, step.text)
            said = after.text if after and after.kind == "text" else ""
            gone = missing(shown, said)
            assert not gone, f"{where}: not shown: {gone}\n{shown}"
            assert code == (2 if "Error 1" in said else 0), f"{where} ended with {code}:\n{shown}"
            assert "Traceback" not in shown, f"{where}:\n{shown}"
            printed.setdefault(step.text.strip(), []).append(shown)
        elif step.kind == "yaml":
            (folder / step.text.splitlines()[0].removeprefix("# ")).write_text(step.text, encoding="utf-8")
        elif step.kind == "diff":
            edit(folder, step.text)
        elif step.kind == "python":
            with (folder / "__main__.py").open("a", encoding="utf-8") as program:
                program.write(step.text)
    return printed
