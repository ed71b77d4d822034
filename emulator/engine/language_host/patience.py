"""How long a policy pack is waited for, and how its end is told: the last line says what became of it."""

from __future__ import annotations

import os
import re

from secure_aks_lifecycle.ending import TRACE

VARIABLE = "SECURE_AKS_PACK_SECONDS"
"""Variable with the seconds after which a pack counts as one that does not answer, for a machine that is slower than any."""
_TRACEBACK = re.compile(r"(.*\b)?Traceback \(most recent call last\):\s*")
_FRAME = re.compile(r'[\s|]*File "(.*)", line (\d+)')
_GROUP = re.compile(r"  \| (\w[\w.]*Group: .*)")
_CHAIN = re.compile(r"(During handling of the above|The above) exception\b.*:\s*")
_START, _ANSWER, _MOST = 30.0, 60.0, 1e6


def to_start() -> float:
    """Return the seconds that a pack has to name its port, and to answer there for the first time."""
    return _asked() or _START


def to_answer() -> float:
    """Return the seconds that a pack has for one answer."""
    return _asked() or _ANSWER


def told(pack: str, why: str, wrote: str) -> str:
    """Return a message about a pack: what it wrote, a traceback as one line of it, and as the last line what became of it."""
    lines = [
        "".join(c if c.isprintable() or c == "\t" else f"\\x{ord(c):02x}" for c in line)
        for line in (wrote.splitlines() if os.environ.get(TRACE) else _without_traces(wrote.splitlines()))
    ]
    last = f"the policy pack {pack} {why}"
    return "\n".join([f"{last}; it wrote:", *lines, last]) if lines else f"{last}; it wrote nothing"


def _without_traces(lines: list[str]) -> list[str]:
    """Return lines with each traceback of Python as its last one, with the place that it was raised at."""
    kept: list[str] = []
    waiting = list(reversed(lines))
    while waiting:
        line = waiting.pop()
        if not (_TRACEBACK.fullmatch(line) or _FRAME.match(line)):
            kept.append(line)
            continue
        waiting.append(line)
        place, group = "", "an error without words"
        while waiting and (_TRACEBACK.fullmatch(waiting[-1]) or waiting[-1][:1] in {" ", "\t"}):
            line = waiting.pop()
            if frame := _FRAME.match(line):
                place = f" ({os.path.basename(frame[1])}:{frame[2]})"  # noqa: PTH119 - a name, not a file
            elif several := _GROUP.match(line):
                group = several[1]
        raised = group if "+-----" in line else waiting.pop() if waiting else group
        while waiting and not waiting[-1].strip():
            waiting.pop()
        if waiting and _CHAIN.fullmatch(waiting[-1]):  # what came of it is told in its place
            waiting.pop()
            while waiting and not waiting[-1].strip():
                waiting.pop()
            continue
        kept.append(f"{raised}{place}; {TRACE}=1 shows all of it")
    return kept


def _asked() -> float | None:
    try:
        seconds = float(os.environ.get(VARIABLE, ""))
    except ValueError:
        return None
    return seconds if 0 < seconds < _MOST else None
