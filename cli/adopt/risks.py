"""What a difference means for what runs: data with its sources, and *unknown* for what nobody has looked up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
LEVELS = ("none", "restart", "reimage", "unknown", "replace")
"""From the least to the gravest."""


@dataclass(frozen=True)
class Risk:
    """A level of LEVELS, and what happens in words."""

    level: str
    why: str


def risk_of(kind: str, path: str) -> Risk:
    """Return the risk of a change at a dotted path of a cluster, pool or other kind of resource."""
    known: dict[str, list[str]] = data("risks").get(kind, {})
    around = path.partition("[")[0]
    while around:
        if around in known:
            return Risk(*known[around])
        around = around.rpartition(".")[0]
    return Risk("unknown", "what Azure does for it has not been looked up; ask its documentation first")


@cache
def data(name: str) -> dict[str, Any]:
    """Return one of the data files of this folder."""
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
