"""Which process runs a rollout, and whether it still lives; the same of the engine of its last `up`."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle import regular_file
from secure_aks_lifecycle.whole_file import PRIVATE, replace

if TYPE_CHECKING:
    from collections.abc import Mapping


def this_process() -> dict[str, Any]:
    """Return what tells this process from every other: host, process id and when it began."""
    return _process(os.getpid())


def _process(pid: int) -> dict[str, Any]:
    return {"host": socket.gethostname(), "pid": pid, "began": _began(pid)}


def lives(process: Mapping[str, Any] | None) -> bool | None:
    """Tell whether a process still lives; None when that cannot be seen from here (another host, an old journal)."""
    if not process or process.get("host") != socket.gethostname():
        return None
    began = _began(int(process["pid"]))
    return bool(began) and began == process.get("began")


def runs(pid: int) -> bool:
    """Tell whether this machine has such a process; one that has ended and waits for its parent does not count."""
    return bool(_began(pid))


def _began(pid: int) -> str:
    """Return when a process began, as the system tells it; empty when there is none (or it has ended and waits for its parent)."""
    try:
        fields = (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        )
    except FileNotFoundError:
        if Path("/proc/self/stat").exists():
            return ""
    except OSError:
        return ""
    else:
        return "" if fields[0] in {"Z", "X"} else fields[19]  # state; starttime: see proc(5)
    asked = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip()


class EngineRecord:
    """A file that names the process of the last `up`: its engine outlives a tool that is killed, and ends what it has begun."""

    def __init__(self, path: Path) -> None:
        """Name the file."""
        self.path = path

    def note(self, pid: int) -> None:
        """Write a process down, as soon as it has been started."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace(self.path, json.dumps(_process(pid)), PRIVATE)

    def works(self) -> bool:
        """Tell whether it still works, as far as can be seen from here."""
        try:
            return lives(json.loads(regular_file.text(self.path))) is True
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return False  # never written, or damaged: the engine's own lock on the stack is left to tell
