"""One operation at a time on a stack. The lock is the kernel's: it ends with the process that holds it."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from emulator.errors import LockedError
from emulator.state import timestamp

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


@contextmanager
def locked(folder: Path, stack: str, operation: str) -> Generator[None]:
    """Hold the stack's lock. Raises LockedError, naming who holds it, when another operation is under way."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{stack}.lock"
    with path.open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "another process"
            raise LockedError(
                f"the stack is currently locked by {holder}: one operation at a time on stack {stack!r}. "
                "Wait for it to end; the lock ends with that process."
            ) from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()} ({operation} since {timestamp()})")
        lock.flush()
        yield
