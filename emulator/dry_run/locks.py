"""One operation at a time on a stack. The lock is the kernel's: it ends with the process that holds it."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from emulator.dry_run.state import timestamp
from emulator.errors import LockedError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


@contextmanager
def locked(folder: Path, stack: str, operation: str) -> Generator[None]:
    """Hold the stack's lock. Raises LockedError, naming who holds it, when another operation is under way."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{stack}.lock"
    with path.open("a+", encoding="utf-8") as lock:
        if holder := _taken(lock):
            raise LockedError(
                f"the stack is currently locked by {holder}: one operation at a time on stack {stack!r}. "
                "Wait for it to end; the lock ends with that process."
            )
        lock.truncate(0)
        lock.write(f"process {os.getpid()} ({operation} since {timestamp()})")
        lock.flush()
        yield


def held_elsewhere(folder: Path, stack: str) -> str:
    """Return which other process has an operation under way on the stack, "" for none."""
    path = folder / f"{stack}.lock"
    if not path.is_file():
        return ""
    with path.open("a+", encoding="utf-8") as lock:
        holder = _taken(lock)
    return "" if holder.startswith(f"process {os.getpid()} ") else holder


def _taken(lock: TextIO) -> str:
    """Take an open lock file; return who has it when it cannot be had."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        return lock.read().strip() or "another process"
    return ""
