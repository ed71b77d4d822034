"""VM sizes, their families and capabilities (`vm_sizes.json` names its sources)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Size:
    """One VM size."""

    name: str
    family: str
    vcpus: int
    memory_gb: float
    encryption_at_host: bool
    disk_gb: float
    cpu: str
    gpus: int


@cache
def _data() -> dict[str, Any]:
    return json.loads(Path(__file__).with_name("vm_sizes.json").read_text(encoding="utf-8"))


def zones(location: str) -> list[str]:
    """Return the availability zones of a region; empty for one that has none."""
    return [] if location in _data()["withoutZones"] else ["1", "2", "3"]


@cache
def sizes() -> dict[str, Size]:
    """Return the known sizes by name in lower case."""
    found = [
        Size(
            row["name"].format(n=vcpus),
            row["family"],
            vcpus,
            round(vcpus * row["memory"], 1),
            row["encryption"],
            vcpus * row.get("disk", 0),
            row.get("cpu", "x64"),
            vcpus // row["gpus"] if "gpus" in row else 0,
        )
        for row in _data()["families"]
        for vcpus in row["vcpus"]
    ]
    return {size.name.lower(): size for size in found}
