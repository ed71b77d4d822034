"""The Kubernetes versions that this Azure offers: its own small data, apart from the project's version catalog.

On purpose: the emulator stands for Azure, and has to be able to catch a mistake of ours.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

Version = tuple[int, int, int]
_FULL = re.compile(r"^(\d+)\.(\d+)\.(\d+)$")
_ALIAS = re.compile(r"^(\d+)\.(\d+)$")


@dataclass(frozen=True)
class Minor:
    """One minor version of Kubernetes on AKS; the dates are the first and the last day it is offered."""

    name: str
    ga: date
    end_of_life: date
    lts_until: date
    patches: tuple[Version, ...]

    def offered(self, on: date, *, lts: bool) -> bool:
        """Say whether new clusters and upgrades may have this minor on a day."""
        return self.ga <= on <= (self.lts_until if lts else self.end_of_life)


@cache
def minors() -> tuple[Minor, ...]:
    """Return every minor that the data knows, oldest first (`versions.json` names its source and date)."""
    return tuple(
        Minor(
            row["minor"],
            date.fromisoformat(row["ga"]),
            date.fromisoformat(row["endOfLife"]),
            date.fromisoformat(row["ltsUntil"]),
            tuple(sorted(full(p) for p in row["patches"])),
        )
        for row in _data()["minors"]
    )


@cache
def _data() -> dict[str, Any]:
    return json.loads(Path(__file__).with_name("versions.json").read_text(encoding="utf-8"))


def full(text: str) -> Version:
    """Read a full version. Raises ValueError when it is not x.y.z."""
    found = _FULL.match(text)
    if not found:
        raise ValueError(f"{text!r} is not a version in full (x.y.z)")
    return int(found[1]), int(found[2]), int(found[3])


def show(version: Version) -> str:
    """Write a version."""
    return ".".join(map(str, version))


def minor_of(text: str) -> int:
    """Return the minor of a version: 35 of "1.35.6" or "1.35"."""
    return int(text.split(".")[1])


def resolve(text: str, running: str | None) -> str | None:
    """Return the full version that a request means, None for what is no version.

    "1.35" is the newest patch of it, or the one that runs already: naming the minor again upgrades nothing.
    """
    if _FULL.match(text):
        return text
    alias = _ALIAS.match(text)
    if alias is None:
        return None
    if running and full(running)[:2] == (int(alias[1]), int(alias[2])):
        return running
    found = next((m for m in minors() if m.name == text), None)
    return show(found.patches[-1]) if found else text + ".0"


def offered(text: str, on: date, *, lts: bool) -> bool:
    """Say whether AKS offers this full version on a day; `lts`: to a cluster with long-term support."""
    version = full(text)
    return any(version in m.patches and m.offered(on, lts=lts) for m in minors())


def offered_list(on: date, *, lts: bool) -> str:
    """Return the minors on offer with their newest patch, for messages."""
    return ", ".join(show(m.patches[-1]) for m in minors() if m.offered(on, lts=lts))


def windows_range(os_sku: str) -> tuple[int, int] | None:
    """Return the first and the last minor that a Windows OS SKU runs on, None for a SKU that is not Windows."""
    row = _data()["windows"].get(os_sku)
    return (minor_of(row.get("from", "1.0")), minor_of(row.get("until", "1.999"))) if row else None
