"""What an operation must not leave behind: processes, locks, operations that the state calls pending."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


def left_behind(folder: Path) -> list[str]:
    """List what is left of operations on the lab in `folder/.emulator`."""
    backend = folder / ".emulator" / "backend" / ".pulumi"
    locks = [f"lock {path}" for path in backend.glob("locks/**/*.json")]
    pending = [
        f"{path.stem}: pending {operation['type']} of {operation['resource']['urn']}"
        for path in backend.glob("stacks/*/*.json")
        for operation in checkpoint(path).get("pending_operations") or []
    ]
    return [*locks, *pending, *processes(folder)]


def checkpoint(path: Path) -> dict[str, Any]:
    """Return the newest state in a file of the backend."""
    return json.loads(path.read_text(encoding="utf-8"))["checkpoint"].get("latest") or {}


def state_file(folder: Path, stack: str) -> Path:
    """Return the file of a stack's state."""
    [path] = (folder / ".emulator" / "backend" / ".pulumi" / "stacks").glob(f"*/{stack}.json")
    return path


def processes(folder: Path) -> list[str]:
    """List the processes, other than this one, that were started in the lab of a folder: their environment names it."""
    found: list[str] = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            environment = (entry / "environ").read_bytes()
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # gone meanwhile, or somebody else's
            continue
        if str(folder).encode() in environment and int(entry.name) != os.getpid():
            found.append(f"process {entry.name}: {command}")
    return found
