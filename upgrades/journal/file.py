"""The record of a rollout: one JSON line before and after everything, from which it resumes.

A line is on disk before what it announces begins. A line cut off by a kill is dropped when the file is next opened, and the next
entry tells of it as `torn`. Every other damage is refused, by its line (`lines`).
One rollout at a time holds a stack's journal.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

from secure_aks_lifecycle import regular_file

from .lines import Chain, Entries, Entry, JournalDamagedError, Parsed, called, kind_of, parse

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType

__all__ = ["Entries", "Entry", "Journal", "JournalBusyError", "JournalDamagedError", "kind_of", "read"]

_SHOWN = 200
"""Characters of a torn line that the next entry keeps."""


class JournalBusyError(Exception):
    """Another rollout of the same stack is under way."""


def read(path: Path) -> list[Entry]:
    """Return the entries of a journal; none when there is no file.

    Raises JournalDamagedError when a line that was written to its end cannot be used.
    """
    return _parsed(path).entries


class Journal:
    """A journal held for writing. Use it as a context manager; leaving it lets the next rollout in."""

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        """Name the file; `now` gives the time of each entry.

        Raises JournalBusyError on entering when another process holds it, JournalDamagedError when it is damaged.
        """
        self.path = path
        self._now = now
        self._lock: int | None = None
        self._file: int | None = None
        self._chain = Chain()
        self._torn = ""
        self.entries: list[Entry] = []

    def __enter__(self) -> Self:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.pread(self._lock, 100, 0).decode(errors="replace").strip() or "another process"
            os.close(self._lock)
            self._lock = None
            raise JournalBusyError(
                f"{self.path.name}: a rollout of this stack is under way ({holder}); "
                "watch it with `status`, or stop it before you start another"
            ) from None
        with suppress(OSError):  # who holds it is good to know, and no reason to stop
            os.ftruncate(self._lock, 0)
            os.pwrite(self._lock, f"process {os.getpid()}".encode(), 0)
        try:
            self._open()
        except BaseException:
            self._close()
            raise
        return self

    def _open(self) -> None:
        found = _parsed(self.path)
        self.entries, self._chain = found.entries, found.chain
        self._torn = found.torn.decode(errors="replace")[:_SHOWN]
        self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        if found.torn:
            os.ftruncate(self._file, found.whole)
        if not found.ended:
            _append(self._file, b"\n")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _close(self) -> None:
        for handle in (self._file, self._lock):
            if handle is not None:
                os.close(handle)
        self._file = self._lock = None

    def write(self, event: str, **data: Any) -> Entry:
        """Append an entry and wait until it is on disk. Raises OSError when it cannot be written."""
        if self._file is None:
            raise ValueError(f"{self.path.name}: is not held; enter the journal first")
        entry: Entry = {"seq": len(self.entries) + 1, "at": self._now().isoformat(), "event": event, **data}
        if self._torn:
            entry["torn"] = self._torn
        line = self._chain.sealed(entry)
        _append(self._file, line)
        self._chain.take(line)
        self._torn = ""
        self.entries.append(entry)
        return entry

    @property
    def abort_file(self) -> Path:
        """The file by which another process of this machine asks the rollout to end."""
        return self.path.with_suffix(".abort")

    def is_asked_to_end(self) -> bool:
        """Tell whether somebody asked this rollout to end at its next boundary."""
        return self.abort_file.exists()

    def forget_asking(self) -> None:
        """Take the request away."""
        self.abort_file.unlink(missing_ok=True)

    def archive(self) -> Path:
        """Put a finished journal aside, under the time of its last entry, and begin an empty one."""
        stamp = str(self.entries[-1]["at"]).replace(":", "").replace("+0000", "Z")
        aside = self.path.with_name(f"{self.path.stem}.{stamp}{self.path.suffix}")
        self.path.replace(aside)
        if self._file is not None:
            os.close(self._file)
        self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.entries, self._chain = Entries(called(self.path)), Chain()
        return aside


def _parsed(path: Path) -> Parsed:
    data = b""
    with suppress(FileNotFoundError):
        data = regular_file.data(path)
    return parse(called(path), data)


def _append(file: int, data: bytes) -> None:
    """Append bytes and wait until they are on disk; what could not be written whole is taken away again. Raises OSError."""
    before = os.fstat(file).st_size
    try:
        rest = data
        while rest:  # a disk that fills up takes a part, without a word
            rest = rest[os.write(file, rest) :]
        os.fsync(file)
    except OSError:
        with suppress(OSError):
            os.ftruncate(file, before)
        raise
