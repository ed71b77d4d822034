"""The record of a rollout: one JSON line before and after everything, from which it resumes.

A line is on disk before what it announces begins. A line cut off by a kill is dropped when the file is next opened.
One rollout at a time holds a stack's journal.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self, cast

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType

Entry = dict[str, Any]
"""One line: `seq` (from 1), `at` (ISO time, UTC), `event`, and what the event carries."""


class JournalBusyError(Exception):
    """Another rollout of the same stack is under way."""


class JournalDamagedError(Exception):
    """A whole line of the journal cannot be used; the message names the line and what is wrong with it."""

    def __init__(self, name: str, line: int, wrong: str) -> None:
        """Name the file, the line counted from 1, and what is wrong with it."""
        super().__init__(
            f"{name}: line {line} {wrong}; restore the line, or put the file aside and plan again (nothing was changed)"
        )


class Entries(list[Entry]):
    """The lines of a journal, with the name of its file for messages."""

    def __init__(self, name: str) -> None:
        """Begin with none."""
        super().__init__()
        self.name = name


def kind_of(value: object) -> str:
    """Name the kind of a JSON value, for a message."""
    names = ((list, "a list"), (str, "a text"), (bool, "a truth value"), ((int, float), "a number"))
    return next((name for kind, name in names if isinstance(value, kind)), "a mapping" if value else "null")


def read(path: Path) -> list[Entry]:
    """Return the entries of a journal; none when there is no file.

    Raises JournalDamagedError when a line that was written to its end cannot be used.
    """
    return _parse(path)[0]


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
        self.entries: list[Entry] = []

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
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
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, f"process {os.getpid()}".encode(), 0)
        self.entries, whole = _parse(self.path)
        self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.ftruncate(self._file, whole)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for handle in (self._file, self._lock):
            if handle is not None:
                os.close(handle)
        self._file = self._lock = None

    def write(self, event: str, **data: Any) -> Entry:
        """Append an entry and wait until it is on disk. Raises OSError when it cannot be written."""
        if self._file is None:
            raise ValueError(f"{self.path.name}: is not held; enter the journal first")
        entry: Entry = {"seq": len(self.entries) + 1, "at": self._now().isoformat(), "event": event, **data}
        line = json.dumps(entry, ensure_ascii=False) + "\n"
        os.write(self._file, line.encode())
        os.fsync(self._file)
        self.entries.append(entry)
        return entry

    def archive(self) -> Path:
        """Put a finished journal aside, under the time of its last entry, and begin an empty one."""
        stamp = str(self.entries[-1]["at"]).replace(":", "").replace("+0000", "Z")
        aside = self.path.with_name(f"{self.path.stem}.{stamp}{self.path.suffix}")
        self.path.replace(aside)
        if self._file is not None:
            os.close(self._file)
        self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.entries = Entries(self.path.name)
        return aside


def _parse(path: Path) -> tuple[list[Entry], int]:
    """Return the entries and the length in bytes of the whole lines."""
    data = b""
    with suppress(FileNotFoundError):
        data = path.read_bytes()
    entries: list[Entry] = Entries(path.name)
    whole = 0
    for number, line in enumerate(data.splitlines(keepends=True), start=1):
        if not line.endswith(b"\n"):
            break  # the last line, cut off by a kill
        entry: Any = None
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            raise JournalDamagedError(path.name, number, "is no JSON") from None
        if not isinstance(entry, dict):
            raise JournalDamagedError(path.name, number, f"is {kind_of(entry)} and not an entry")
        entries.append(cast("Entry", entry))
        whole += len(line)
    return entries, whole
