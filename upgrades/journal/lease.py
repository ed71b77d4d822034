"""Who may write a team's journal: a lease that one runner holds, that ends when the runner does, and that another takes over then.

It needs one thing of a store, which all of them have: to create an object only where there is none (Azure Blob Storage, S3 and
Google Cloud Storage by `If-None-Match: *` or a like header, files by `O_EXCL`). Each holder creates the lease with the next number, and the
highest number holds: of two that create the same one the store lets one in. Nothing is ever deleted, so no number is given twice. A holder says that it lives by writing its own object anew; whether it has been silent for too long is
told by the store's own clock, from the times that it gives that object and one that is written to compare, so no machine's clock counts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from upgrades import typed
from upgrades.engine.process import lives, this_process

from .file import JournalBusyError
from .place import PlaceError, asked, listed

if TYPE_CHECKING:
    from obstore.store import ObjectStore

SILENT = timedelta(minutes=5)
"""How long a holder may be silent before another takes over. A beat that fails once or twice must not cost the lease."""
BEAT = timedelta(minutes=1)
_LEASES, _CLOCK = "leases", "clock"
_RACES = 8


class LeaseLostError(Exception):
    """Another runner has taken the rollout over; this one must not go on."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lease: `since` as its own clock says (ISO time), `heard` and `now` as the store's clock says."""

    number: int
    by: str
    process: dict[str, Any]
    since: str
    machine: str
    is_free: bool
    heard: datetime
    now: datetime

    @property
    def is_gone(self) -> bool:
        """Tell whether another may take over: silent for too long, or a process of this machine that has ended."""
        is_here = bool(self.machine) and self.machine == _machine()
        return self.is_free or self.now - self.heard >= SILENT or (is_here and lives(self.process) is False)

    def __str__(self) -> str:
        where = f"process {self.process.get('pid')} on {self.process.get('host')}"
        return (
            f"{self.by} ({where}) since {self.since}, last heard {self.heard.isoformat(timespec='seconds')}"
        )


class Lease:
    """A stack's lease in a store. Its methods raise PlaceError when the store does not answer."""

    def __init__(self, store: ObjectStore, where: str, stack: str, by: str) -> None:
        """Name the store, and how it, the stack and the person are called in messages."""
        self.store, self.where, self.stack, self.by = store, where, stack, by
        self.number = 0
        self._since = ""

    def holder(self) -> Holder | None:
        """Return who has the highest number; None when nobody ever had one."""
        number = self._highest()
        if not number:
            return None
        with asked(self.where):
            got = self.store.get(_name(number))
            data: dict[str, Any] = json.loads(bytes(got.bytes()))
        now = self._store_time()
        process = dict(data.get("process") or {})
        machine, is_free = str(data.get("machine", "")), bool(data.get("free"))
        return Holder(
            number,
            str(data.get("by")),
            process,
            str(data.get("since")),
            machine,
            is_free,
            got.meta["last_modified"],
            now,
        )

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
        highest = self._highest()
        if highest == self.number:
            return
        other = self.holder() if highest > self.number else None
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
            "machine": _machine(),
            "since": self._since,
            "free": free,
        }
        return json.dumps(said).encode()

    def _refusal(self, holder: Holder) -> str:
        until = (holder.heard + SILENT).isoformat(timespec="seconds")
        return (
            f"{self.stack}: a rollout of this stack is held by {holder}; watch it: "
            f"{typed.command('status', self.stack)}; if that runner is gone, this takes over from {until} on: "
            f"{typed.command('resume', self.stack)}"
        )

    def _highest(self) -> int:
        found = listed(self.store, self.where, _LEASES)
        numbers = [path.rpartition("/")[2].removesuffix(".json") for path in found]
        return max((int(number) for number in numbers if number.isdecimal()), default=0)

    def _store_time(self) -> datetime:
        """Return the time by the store's clock: that of an object which is written now."""
        with asked(self.where):
            self.store.put(_CLOCK, b"")
            return self.store.head(_CLOCK)["last_modified"]


def _machine() -> str:
    """Return what tells this machine, and this container on it, from every other; empty where the system does not say.

    A host's name will not do: containers of a pipeline may share one, and number their processes alike.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""


def _name(number: int) -> str:
    return f"{_LEASES}/{number:08d}.json"
