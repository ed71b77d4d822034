"""Several commands at once, each in a process of its own: their lines come out under their names, and a Ctrl-C reaches them all.

A rollout holds a journal, an engine and the signals of its process; so each of a wave's stacks has one to itself.
"""

from __future__ import annotations

import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from upgrades.engine.interrupts import Interrupts


class SideBySide:
    """Runs commands, so many at a time. `said` is called with a name and a line of its output."""

    def __init__(self, said: Callable[[str, str], None], interrupts: Interrupts) -> None:
        self._said, self._interrupts = said, interrupts
        self._running: set[subprocess.Popen[str]] = set()
        self._lock = Lock()

    def run(self, commands: Mapping[str, Sequence[str]], at_once: int) -> dict[str, int]:
        """Run the commands, by their names, and return their exit codes; after a signal those that wait are not begun (130)."""
        with ThreadPoolExecutor(at_once) as pool, self._interrupts.held_back(self._pass_on):
            futures = {name: pool.submit(self._one, name, command) for name, command in commands.items()}
            return {name: future.result() for name, future in futures.items()}

    def _one(self, name: str, command: Sequence[str]) -> int:
        with self._lock:
            if self._interrupts.came:
                return 128 + signal.SIGINT
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",  # a line that is none must not end the others
                start_new_session=True,  # a signal of the terminal reaches it once, through this process
            )
            self._running.add(process)
        with process:
            for line in process.stdout or ():
                self._said(name, line.rstrip())
        with self._lock:
            self._running.discard(process)
        return process.returncode

    def _pass_on(self, _count: int) -> None:
        """Hand a signal on: each ends its step first, and at the second one cancels."""
        for process in list(self._running):
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
