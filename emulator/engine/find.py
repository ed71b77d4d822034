"""Where the engine is: the Pulumi CLI of PATH where it is new enough, else the one that `make engine` builds."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, TextIO

from emulator.engine.programs import CLI, KUBERNETES, cli_module, kubernetes_module

if TYPE_CHECKING:
    from pathlib import Path

Version = tuple[int, int, int]


@dataclass(frozen=True)
class Found:
    """A program, and why it is this one: a line for people."""

    path: Path
    why: str


def cli() -> Found | None:
    """Return the Pulumi CLI to use; None where PATH has none that is new enough and none is built."""
    on_path = _on_path()
    if isinstance(on_path, Found):
        return on_path
    module = cli_module()
    return Found(module.bin / CLI, f"the built Pulumi CLI: {on_path}") if module.is_built() else None


def need_cli(out: TextIO) -> Found:
    """Return the Pulumi CLI to use, built now where there is none; progress goes to `out`. Raises BuildError."""
    if found := cli():
        return found
    out.write(f"engine: {_on_path()}, so it is built here\n")
    return Found(cli_module().build(out) / CLI, "the built Pulumi CLI")


def need_kubernetes_provider(out: TextIO) -> Path | None:
    """Return the folder of the Kubernetes provider, built now where PATH has none (then None). Raises BuildError."""
    return None if shutil.which(KUBERNETES) else kubernetes_module().build(out)


def sdk_version() -> Version:
    """Return the version of the Python SDK that is installed."""
    return _parsed(version("pulumi")) or (0, 0, 0)


def _on_path() -> Found | str:
    """Return the CLI of PATH, or why it is not used."""
    from pathlib import Path  # noqa: PLC0415 - with what needs it

    which = shutil.which(CLI)
    if which is None:
        return "PATH has no Pulumi CLI"
    try:
        said = subprocess.run([which, "version"], capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return f"{which} does not run"
    found = _parsed(said.stdout.strip().removeprefix("v"))
    wanted = sdk_version()
    if found is None or found < wanted:
        is_ = ".".join(map(str, found)) if found else "of no known version"
        return f"{which} is {is_}, older than the SDK ({'.'.join(map(str, wanted))})"
    return Found(Path(which), f"{which} {'.'.join(map(str, found))}")


def _parsed(text: str) -> Version | None:
    found = re.match(r"(\d+)\.(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None
