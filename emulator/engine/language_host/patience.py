"""How long a policy pack is waited for, and how its end is told: the last line says what became of it."""

from __future__ import annotations

import os

VARIABLE = "SECURE_AKS_PACK_SECONDS"
"""Variable with the seconds after which a pack counts as one that does not answer, for a machine that is slower than any."""
_START, _ANSWER, _MOST = 30.0, 60.0, 1e6


def to_start() -> float:
    """Return the seconds that a pack has to name its port, and to answer there for the first time."""
    return _asked() or _START


def to_answer() -> float:
    """Return the seconds that a pack has for one answer."""
    return _asked() or _ANSWER


def told(pack: str, why: str, wrote: str) -> str:
    """Return a message about a pack: what it wrote, and as the last line what became of it."""
    lines = [
        "".join(c if c.isprintable() or c == "\t" else f"\\x{ord(c):02x}" for c in line)
        for line in wrote.splitlines()
    ]
    last = f"the policy pack {pack} {why}"
    return "\n".join([f"{last}; it wrote:", *lines, last]) if lines else f"{last}; it wrote nothing"


def _asked() -> float | None:
    try:
        seconds = float(os.environ.get(VARIABLE, ""))
    except ValueError:
        return None
    return seconds if 0 < seconds < _MOST else None
