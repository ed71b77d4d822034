"""A journal that a team shares: the file of this machine, and its copy where the stack's state lives, written under a lease.

Each holder of the lease has an object of its own for the copy, named by the lease's number, and the one with the highest number
counts: what a runner writes that has lost its lease is read by nobody. It looks before and after each line, so it
learns of the loss before it does what the line announces.
"""

from __future__ import annotations

import re
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

from secure_aks_lifecycle import regular_file
from secure_aks_lifecycle.whole_file import PRIVATE, replace

from .file import Entry, Journal
from .lease import BEAT, Lease, highest
from .lines import called, parse
from .place import PlaceError, asked, listed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from obstore.store import ObjectStore

_ASKED = b"asked"
_COPIES, _DONE, _ABORT = "copies", "done", "abort"
_NUMBERED = re.compile(rf"{_COPIES}/([0-9]{{8}}|[1-9][0-9]{{8,}})\.jsonl")


class Shared:
    """A journal's copies in its store; `where` is how that is called in messages."""

    def __init__(self, store: ObjectStore, where: str) -> None:
        self.store, self.where = store, where

    def newest(self) -> bytes | None:
        """Return the copy that counts; None when there is none. Raises PlaceError, also for one that no holder of the lease wrote."""
        found = [_NUMBERED.fullmatch(path) for path in listed(self.store, self.where, _COPIES)]
        number = max((int(one[1]) for one in found if one), default=None)
        if number is None:
            return None
        if number > (held := highest(self.store, self.where)):
            raise PlaceError(
                f"the team's journal at {self.where}: {self._path(number)} was written by nobody who held the lease (the highest is "
                f"{held}), and would hide every later line; take that object away, then run the same command again"
            )
        with asked(self.where):
            return bytes(self.store.get(self._path(number)).bytes())

    def put(self, number: int, data: bytes) -> None:
        """Write the copy of the holder with a number. Raises PlaceError."""
        with asked(self.where):
            self.store.put(self._path(number), data)

    def put_aside(self, name: str, data: bytes) -> None:
        """Keep the journal of a rollout that has ended."""
        with asked(self.where):
            self.store.put(f"{_DONE}/{name}", data)

    def fetch_aside(self, folder: Path, stack: str) -> None:
        """Bring the journals of a stack's ended rollouts into a folder, those that it has not. Raises PlaceError, JournalDamagedError.

        Only what is named as `Journal.archive` names one: another name could take the place of the journal that is open.
        """
        ended = re.compile(rf"{_DONE}/({re.escape(stack)}\.[0-9TZ.+-]+\.jsonl)")
        for path in listed(self.store, self.where, _DONE):
            found = ended.fullmatch(path)
            if found and not (folder / found[1]).exists():
                with asked(self.where):
                    data = bytes(self.store.get(path).bytes())
                whole = data[: parse(f"{self.where}: {path}", data).whole]
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                replace(folder / found[1], whole.decode(), PRIVATE)

    def ask_to_end(self) -> None:
        """Ask the runner, wherever it is, to end at its next boundary."""
        with asked(self.where):
            self.store.put(_ABORT, _ASKED)

    def is_asked_to_end(self) -> bool:
        """Tell whether somebody asked."""
        with asked(self.where):
            try:
                return bytes(self.store.get(_ABORT).bytes()) == _ASKED
            except FileNotFoundError:
                return False

    def forget_asking(self) -> None:
        """Take the request away."""
        if self.is_asked_to_end():
            with asked(self.where):
                self.store.put(_ABORT, b"")

    def _path(self, number: int) -> str:
        return f"{_COPIES}/{number:08d}.jsonl"


def newer(name: str, here: bytes, there: bytes | None) -> bytes:
    """Return which of two copies goes on: the team's, unless this machine's is the same with lines that were not sent any more."""
    if there is None or here.startswith(there):
        return here
    return there[: parse(name, there).whole]  # raises for one that is damaged, before it replaces anything


class SharedJournal(Journal):
    """A journal held for writing here and for the team. Entering raises JournalBusyError and PlaceError, `write` LeaseLostError too."""

    def __init__(self, path: Path, now: Callable[[], datetime], shared: Shared, lease: Lease) -> None:
        super().__init__(path, now)
        self._shared, self._lease = shared, lease
        self._over = threading.Event()
        self._beats = threading.Thread(target=self._live, daemon=True)

    def __enter__(self) -> Self:
        super().__enter__()
        self._beats.start()
        return self

    def _open(self) -> None:
        self._lease.take(self._now())
        here = regular_file.data(self.path) if self.path.exists() else b""
        data = newer(called(self.path), here, self._shared.newest())
        if data != here:
            if here and not data.startswith(
                here
            ):  # lines that the team does not have, written after the lease was lost
                self.path.replace(self.path.with_suffix(".lost"))
            replace(self.path, data.decode(), PRIVATE)
        super()._open()
        self._send()

    def write(self, event: str, **data: Any) -> Entry:
        """Append an entry, here and for the team. Raises OSError, PlaceError, and LeaseLostError: whoever gets one does nothing more."""
        self._lease.hold()
        entry = super().write(event, **data)
        self._send()
        return entry

    def archive(self) -> Path:
        """Put a finished journal aside, here and for the team, and begin an empty one."""
        self._lease.hold()
        aside = super().archive()
        self._shared.put_aside(aside.name, aside.read_bytes())
        self._send()
        return aside

    def is_asked_to_end(self) -> bool:
        """Tell whether somebody asked this rollout to end, here or elsewhere."""
        with suppress(PlaceError):  # the next line that is written tells of it
            return super().is_asked_to_end() or self._shared.is_asked_to_end()
        return False

    def forget_asking(self) -> None:
        """Take the request away."""
        super().forget_asking()
        self._shared.forget_asking()

    def _send(self) -> None:
        self._shared.put(self._lease.number, self.path.read_bytes())
        self._lease.hold()

    def _live(self) -> None:
        while not self._over.wait(BEAT.total_seconds()):
            with suppress(PlaceError):  # the next line that is written tells of it
                self._lease.beat()

    def _close(self) -> None:
        self._over.set()
        if self._beats.is_alive():
            self._beats.join()
        if self._lease.number:
            with suppress(PlaceError):  # it ends by itself
                self._lease.let_go()
        super()._close()
