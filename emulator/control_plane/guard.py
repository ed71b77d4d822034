"""The guard: the parent of one control plane's processes, which ends them when its own parent is gone.

It is started as a plain script, `python -IS guard.py <folder> [--remove]`, and reads one JSON request a line
on stdin, answering each with one JSON line. The end of stdin, which also comes when the parent is killed with
SIGKILL, ends everything; on Linux the kernel moreover kills the children if the guard itself is killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
"""prctl(2): the signal a process gets when its parent ends."""
ENDS_WITH = "SECURE_AKS_LAB_ENDS_WITH"
"""Variable with the id of the process that a detached guard does not outlive."""


def _die_with_parent(parent: int) -> None:
    """Run in a child before exec; not called on systems without prctl."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the call above
        os._exit(1)


class Owner:
    """The process whose end ends a detached guard; none where nobody is named."""

    def __init__(self, named: str | None) -> None:
        self.pid = int(named) if named else None
        self._handle: int | None = None
        # A handle knows the end of a process that nobody has waited for, and is no other's when the id is used again.
        if self.pid and hasattr(os, "pidfd_open"):
            with contextlib.suppress(OSError):
                self._handle = os.pidfd_open(self.pid)

    def is_gone(self) -> bool:
        """Say whether it has ended."""
        if self.pid is None:
            return False
        if self._handle is not None:
            return bool(select.select([self._handle], [], [], 0)[0])
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        return False


class Guard:
    """Holds the folder's lock and the processes; `serve` returns when they are to end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.detached = False
        self.parent = os.getppid()
        self.owner = Owner(os.environ.get(ENDS_WITH))
        self.ending = False
        self.kept = False
        self.lock = (folder / "guard.lock").open("a+")
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def _end(self, *_: object) -> None:
        self.ending = True

    def take_lock(self) -> bool:
        """Lock the folder and write our process id into the lock file."""
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        self.lock.truncate(0)
        self.lock.write(str(os.getpid()))
        self.lock.flush()
        return True

    def serve(self) -> None:
        """Answer requests until stdin ends, the parent is gone or SIGTERM comes."""
        buffered = b""
        while not self.ending:
            watched = [] if self.detached else [sys.stdin.fileno()]
            ready, _, _ = select.select(watched, [], [], 0.5)
            if self.owner.is_gone() if self.detached else os.getppid() != self.parent:
                return
            if not self.folder.exists():  # a detached one whose folder was thrown away serves nobody
                return
            for process in self.processes.values():
                process.poll()  # reaps what ended
            if not ready:
                continue
            chunk = os.read(sys.stdin.fileno(), 65536)
            if not chunk:
                return
            *lines, buffered = (buffered + chunk).split(b"\n")
            for line in lines:
                sys.stdout.write(json.dumps(self._answer(json.loads(line))) + "\n")
                sys.stdout.flush()

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        if request["do"] == "start":
            return self._start(request["name"], request["command"])
        if request["do"] == "detach":
            self.detached = True
            # Whoever reads our starter's output must not wait for us.
            with Path(os.devnull).open("wb") as nowhere:
                os.dup2(nowhere.fileno(), sys.stderr.fileno())
        if request["do"] == "end":
            self.ending = self.kept = True
        ended = {name: process.poll() for name, process in self.processes.items()}
        return {"ended": {name: code for name, code in ended.items() if code is not None}}

    def _start(self, name: str, command: list[str]) -> dict[str, Any]:
        parent = os.getpid()
        with (self.folder / "logs" / f"{name}.log").open("ab") as log:
            try:
                self.processes[name] = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd=self.folder,
                    # This process has one thread, so running code between fork and exec is safe.
                    preexec_fn=(lambda: _die_with_parent(parent)) if sys.platform == "linux" else None,  # noqa: PLW1509
                )
            except OSError as error:
                return {"error": f"{name}: {error}"}
        return {"pid": self.processes[name].pid}

    def end(self) -> None:
        """Kill the processes, the last started first; their data is thrown away or crash-safe."""
        for process in reversed(self.processes.values()):
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        for process in self.processes.values():
            process.wait()


def main() -> int:
    """Serve the folder named on the command line; 3 means another guard holds it."""
    guard = Guard(Path(sys.argv[1]))
    if not guard.take_lock():
        return 3
    try:
        guard.serve()
    finally:
        guard.end()
        if "--remove" in sys.argv and not guard.kept:
            shutil.rmtree(guard.folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
