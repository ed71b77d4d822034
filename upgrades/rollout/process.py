"""Which process runs a rollout, and whether it still lives; and a file that the engine holds for as long as it lives."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping


def this_process() -> dict[str, Any]:
    """Return what tells this process from every other: host, process id and when it began."""
    return {"host": socket.gethostname(), "pid": os.getpid(), "began": _began(os.getpid())}


def lives(process: Mapping[str, Any] | None) -> bool | None:
    """Tell whether a process still lives; None when that cannot be seen from here (another host, an old journal)."""
    if not process or process.get("host") != socket.gethostname():
        return None
    began = _began(int(process["pid"]))
    return bool(began) and began == process.get("began")


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


class Held:
    """A lock that an engine inherits: the system lets it go when the engine, and all that it started, has ended.

    So the next run can tell whether the engine of a run that was killed still works.
    """

    def __init__(self, path: Path) -> None:
        """Name the file."""
        self.path = path

    @contextmanager
    def handed_on(self) -> Generator[int]:
        """Hold the lock and yield its descriptor, to be passed to a child. Raises BlockingIOError when an engine works."""
        handle = self._open()
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.set_inheritable(handle, True)  # noqa: FBT003 - its one argument
            yield handle
        finally:
            os.close(handle)  # not unlocked: that would take it from the child

    def is_held(self) -> bool:
        """Tell whether an engine that some run began still works."""
        if not self.path.exists():
            return False
        handle = self._open()
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        else:
            return False
        finally:
            os.close(handle)

    def _open(self) -> int:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
