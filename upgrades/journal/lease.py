"""Who may write a team's journal: a lease that one runner holds, that ends when the runner does, and that another takes over then.

It needs one thing of a store, which all of them have: to create an object only where there is none (Azure Blob Storage, S3 and
Google Cloud Storage by `If-None-Match: *` or a like header, files by `O_EXCL`). Each holder creates the lease with the next number, and the
highest number holds: of two that create the same one the store lets one in. Nothing is ever deleted, so no number is given twice. A holder says that it lives by writing its own object anew; whether it has been silent for too long is
told by the store's own clock, from the times that it gives that object and one that is written to compare, so no machine's clock counts.
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from upgrades import typed
from upgrades.engine.process import this_process

from . import holder
from .file import JournalBusyError
from .holder import SILENT, Holder
from .place import PlaceError, asked, listed

if TYPE_CHECKING:
    from obstore.store import ObjectStore

BEAT = timedelta(minutes=1)
_LEASES, _CLOCK = "leases", "clock"
_RACES = 8
_NUMBERED = re.compile(rf"{_LEASES}/([0-9]{{8}}|[1-9][0-9]{{8,}})\.json")


class LeaseLostError(Exception):
    """Another runner has taken the rollout over; this one must not go on."""


class Lease:
    """A stack's lease in a store. Its methods raise PlaceError when the store does not answer."""

    def __init__(self, store: ObjectStore, where: str, stack: str, by: str) -> None:
        """Name the store, and how it, the stack and the person are called in messages."""
        self.store, self.where, self.stack, self.by = store, where, stack, by
        self.number = 0
        self._since = ""

    def holder(self) -> Holder | None:
        """Return who has the highest number; None when nobody ever had one."""
        number = highest(self.store, self.where)
        if not number:
            return None
        with asked(self.where):
            got = self.store.get(_name(number))
            data = bytes(got.bytes())
        return holder.read(_name(number), number, data, got.meta["last_modified"], self._store_time())

    def take(self, since: datetime) -> None:
        """Become the holder. Raises JournalBusyError, which names the one that is."""
        from obstore.exceptions import AlreadyExistsError  # noqa: PLC0415

        self._since = since.isoformat(timespec="seconds")
        for _ in range(_RACES):
            before = self.holder()
            if before is not None and not before.is_gone:
                raise JournalBusyError(self._refusal(before))
            number = before.number + 1 if before else 1
            try:
                with asked(self.where):
                    self.store.put(_name(number), self._said(), mode="create")
            except AlreadyExistsError:
                continue  # another came first: look who
            self.number = number
            self.hold()
            return
        raise PlaceError(f"the team's journal at {self.where} is fought over; try again in a minute")

    def hold(self) -> None:
        """See that the lease is still this runner's. Raises LeaseLostError."""
        last = highest(self.store, self.where)
        if last == self.number:
            return
        other = self.holder() if last > self.number else None
        who = f"taken over by {other}" if other else "lost: its object was deleted from the store"
        raise LeaseLostError(
            f"{self.stack}: this rollout was {who}; this process stops here and writes nothing more; "
            f"look who runs it: {typed.command('status', self.stack)}"
        )

    def beat(self) -> None:
        """Say that this runner lives."""
        with asked(self.where):
            self.store.put(_name(self.number), self._said())

    def let_go(self) -> None:
        """Let the next one in at once."""
        with asked(self.where):
            self.store.put(_name(self.number), self._said(free=True))
        self.number = 0

    def _said(self, *, free: bool = False) -> bytes:
        said = {
            "by": self.by,
            "process": this_process(),
            "machine": holder.machine(),
            "since": self._since,
            "free": free,
        }
        return json.dumps(said).encode()

    def _refusal(self, other: Holder) -> str:
        until = (other.heard + SILENT).isoformat(timespec="seconds")
        return (
            f"{self.stack}: a rollout of this stack is held by {other}; watch it: "
            f"{typed.command('status', self.stack)}; if that runner is gone, this takes over from {until} on: "
            f"{typed.command('resume', self.stack)}"
        )

    def _store_time(self) -> datetime:
        """Return the time by the store's clock: that of an object which is written now."""
        with asked(self.where):
            self.store.put(_CLOCK, b"")
            return self.store.head(_CLOCK)["last_modified"]


def highest(store: ObjectStore, where: str) -> int:
    """Return the highest number that anybody ever took; 0 when nobody did. Raises PlaceError."""
    numbers = [_NUMBERED.fullmatch(path) for path in listed(store, where, _LEASES)]
    return max((int(found[1]) for found in numbers if found), default=0)


def _name(number: int) -> str:
    return f"{_LEASES}/{number:08d}.json"
