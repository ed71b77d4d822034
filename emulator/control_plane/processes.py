"""The processes of one control plane, held by a guard that ends them when this process is gone."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

GUARD = Path(__file__).with_name("guard.py")
FOLDER_HELD = 3
"""The guard's exit code where another guard holds the folder."""


class ProcessError(Exception):
    """A process did not start or ended too early; the message holds the end of its log."""


class Processes:
    """Starts processes through a guard of their own; see guard.py for what that is good for.

    `remove`: should this process be killed, the guard deletes the folder too.
    """

    def __init__(self, folder: Path, *, remove: bool) -> None:
        self.folder = folder
        (folder / "logs").mkdir(parents=True, exist_ok=True)
        # A fresh interpreter with nothing imported starts at once; its own session keeps Ctrl-C away from it.
        self._guard = subprocess.Popen(
            [sys.executable, "-IS", GUARD, folder, *(["--remove"] if remove else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        stdin, stdout = self._guard.stdin, self._guard.stdout
        if stdin is None or stdout is None:
            raise ProcessError("the guard has no pipes")
        try:
            stdin.write(json.dumps(request).encode() + b"\n")
            stdin.flush()
            answer = stdout.readline()
        except BrokenPipeError:
            answer = b""
        if not answer:
            if self._guard.wait() == FOLDER_HELD:
                raise ProcessError(
                    f"{self.folder}: another control plane runs here; stop it or use another folder"
                )
            raise ProcessError(f"{self.folder}: the guard of the control plane ended")
        return json.loads(answer)

    def start(self, name: str, command: list[str]) -> int:
        """Start one process and return its id; its output goes to logs/<name>.log."""
        answer = self._ask({"do": "start", "name": name, "command": command})
        if "error" in answer:
            raise ProcessError(answer["error"])
        return answer["pid"]

    def check(self) -> None:
        """Raise ProcessError if one of them has ended."""
        for name, code in self._ask({"do": "check"})["ended"].items():
            raise ProcessError(f"{name} ended with exit code {code}:\n{self.log_tail(name)}")

    def log_tail(self, name: str, lines: int = 15) -> str:
        """Return the last lines that a process wrote."""
        path = self.folder / "logs" / f"{name}.log"
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:]) if path.exists() else ""

    def wait_for(self, ready: Callable[[], bool], what: str, seconds: float) -> None:
        """Poll until `ready`; raise ProcessError when a process ends or the time is over."""
        end = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > end:
                raise ProcessError(f"{what} was not ready within {seconds:.0f} s; see {self.folder / 'logs'}")
            time.sleep(0.05)

    def detach(self) -> None:
        """Let the processes outlive this one; `end_detached` ends them."""
        self._ask({"do": "detach"})
        self._close_pipes()
        self._guard.returncode = 0  # it is not ours to wait for any more

    def end(self) -> None:
        """End them all; when this returns they are gone, and the folder is the caller's."""
        with contextlib.suppress(ProcessError):
            self._ask({"do": "end"})
        self._close_pipes()
        self._guard.wait()

    def _close_pipes(self) -> None:
        for pipe in (self._guard.stdin, self._guard.stdout):
            if pipe:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()


def holder(folder: Path) -> int | None:
    """Return the process id of the guard that holds `folder`, or None. A lock cannot outlive its process."""
    path = folder / "guard.lock"
    if not path.exists():
        return None
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(file.read() or 0) or None
    return None


def end_detached(folder: Path, seconds: float = 30.0) -> None:
    """End what `detach` left running in `folder`; nothing happens when nothing runs there."""
    pid = holder(folder)
    if pid is None:
        return
    os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + seconds
    while holder(folder) is not None:
        if time.monotonic() > end:
            raise ProcessError(f"{folder}: the guard (process {pid}) did not end within {seconds:.0f} s")
        time.sleep(0.05)
