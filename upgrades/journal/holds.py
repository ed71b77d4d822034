"""Versions that no plan takes again: held back when a pool is rolled back, until a person lifts that with a reason.

Kept as entries of a journal of the stack's own (`hold_entry`, `lift_entry`), so that each has a time and stays to be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle.versions.version import Version

from .file import JournalDamagedError, read
from .lines import called

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from .file import Entry

HELD, LIFTED = "held", "lifted"
SHORTEST_REASON = 10
"""Characters of a reason: as many as the ignore file asks for."""


class HoldError(Exception):
    """A hold that cannot be set or lifted; the message says why and what to write."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A version that a pool does not take again: why, since when (ISO time), and by whom."""

    pool: str
    version: Version
    reason: str
    at: str
    by: str = ""


def holds(entries: Iterable[Entry]) -> list[Hold]:
    """Return the holds that stand, in the order in which they were set. Raises ValueError for an entry of another shape."""
    found: dict[tuple[str, Version], Hold] = {}
    for entry in entries:
        event: object = entry.get("event")
        if not isinstance(event, str):
            raise ValueError(f"its event is {event!r}")  # noqa: TRY004  # told as every other shape is
        if event not in {HELD, LIFTED}:
            continue
        pool, version = str(entry["pool"]), Version.parse(str(entry["version"]))
        if entry["event"] == LIFTED:
            found.pop((pool, version), None)
        else:
            found[pool, version] = Hold(
                pool, version, str(entry.get("reason", "")), str(entry["at"]), str(entry.get("by", ""))
            )
    return list(found.values())


def standing_in(path: Path) -> list[Hold]:
    """Return the holds that stand by a file; none when there is none. Raises JournalDamagedError."""
    return standing(called(path), read(path))


def standing(name: str, entries: list[Entry]) -> list[Hold]:
    """Return the holds that stand by the entries of a file. Raises JournalDamagedError."""
    try:
        return holds(entries)
    except (KeyError, ValueError) as error:
        raise JournalDamagedError(name, len(entries), f"or one before it names no hold ({error})") from None


def held(standing: Iterable[Hold]) -> Mapping[str, frozenset[Version]]:
    """Return what a cluster's plan leaves out (`Cluster.held`)."""
    found: dict[str, set[Version]] = {}
    for hold in standing:
        found.setdefault(hold.pool, set()).add(hold.version)
    return {pool: frozenset(versions) for pool, versions in found.items()}


def hold_entry(pool: str, version: Version, reason: str, by: str) -> dict[str, Any]:
    """Return what `Journal.write(HELD, **...)` takes."""
    return {"pool": pool, "version": str(version), "reason": reason, "by": by}


def lift_entry(
    cluster: str, standing: Iterable[Hold], pool: str, reason: str, by: str
) -> list[dict[str, Any]]:
    """Return what `Journal.write(LIFTED, **...)` takes for each version that a pool is held back from. Raises HoldError."""
    found = [hold for hold in standing if hold.pool == pool]
    if len(reason.strip()) < SHORTEST_REASON:
        raise HoldError(
            f"--reason: '{reason}' is too short; say in {SHORTEST_REASON} characters or more why the version is good now"
        )
    if not found:
        names = ", ".join(sorted({hold.pool for hold in standing})) or "none"
        raise HoldError(f"pool {pool} of {cluster}: nothing is held; the pools with a hold are: {names}")
    return [
        {"pool": pool, "version": str(hold.version), "reason": reason.strip(), "by": by} for hold in found
    ]
