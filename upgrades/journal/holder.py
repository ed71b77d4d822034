"""Who holds a lease, by what its object in the store says: anybody who may write the state may have written that."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from settings.words import shown
from upgrades.engine.process import lives

SILENT = timedelta(minutes=5)
"""How long a holder may be silent before another takes over. A beat that fails once or twice must not cost the lease."""
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lease: `since` as its own clock says (ISO time), `heard` and `now` as the store's clock says.

    One whose object cannot be read holds it too, by no name: it has been heard of, and is waited for as long as any other.
    """

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
        is_here = bool(self.machine) and self.machine == machine()
        return self.is_free or self.now - self.heard >= SILENT or (is_here and lives(self.process) is False)

    @property
    def is_elsewhere(self) -> bool:
        """Tell whether it runs on another machine for sure, though the host's name may be the same."""
        return bool(self.machine) and self.machine != machine()

    def __str__(self) -> str:
        where = f" (process {self.process.get('pid')} on {self.process.get('host')})" if self.process else ""
        return f"{self.by}{where} since {self.since}, last heard {self.heard.isoformat(timespec='seconds')}"


def read(name: str, number: int, data: bytes, heard: datetime, now: datetime) -> Holder:
    """Return the holder that the object of a name and number tells of; one that it does not tell of is a holder all the same."""
    said = _said(data)
    by = _text(said, "by") or f"somebody (what {name} says cannot be read)"
    since = _text(said, "since") or "nobody knows when"
    return Holder(
        number, by, _process(said.get("process")), since, _text(said, "machine"), said.get("free") is True, heard, now
    )  # fmt: skip


def _said(data: bytes) -> dict[str, Any]:
    try:
        found: Any = json.loads(data)
    except (ValueError, RecursionError):
        found = None
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _text(said: dict[str, Any], key: str) -> str:
    found = said.get(key)
    return " ".join(shown(found, _SHOWN).split()) if isinstance(found, str) else ""


def _process(found: Any) -> dict[str, Any]:
    """Return a process that can be looked for; of any other nothing."""
    process = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    host, pid = process.get("host"), process.get("pid")
    if not isinstance(host, str) or type(pid) is not int or not 0 < pid < 2**31:
        return {}
    return {**process, "host": _text(process, "host")}


def machine() -> str:
    """Return what tells this machine, and this container on it, from every other; empty where the system does not say.

    A host's name will not do: containers of a pipeline may share one, and number their processes alike.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""
