"""Which errors of Azure pass by themselves, and how long to wait before each new try."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from . import azure as azure_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NETWORK = re.compile(
    r"cannot be reached|connection (?:was )?(?:reset|refused|aborted)|no such host|i/o timeout|tls handshake timeout|unexpected eof"
    r"|context deadline exceeded|timed? ?out|temporary failure in name resolution|max retries exceeded",
    re.IGNORECASE,
)
"""How the network's own failures read; they come from no service, so they have no code."""

OURS = re.compile(r"policy violation|policy pack|mandatory|is not a valid|exit status", re.IGNORECASE)
"""Refusals of this project's own packs and program, which no waiting changes."""

LABEL = re.compile(r"\s*(code: -?\d+|stdout:|stderr:|error:)\s*")
TELLING = re.compile(
    r"error|fail|Status=|Code=|\b[45]\d\d\b|lock|timed? ?-?out|refused|reset|deadline", re.IGNORECASE
)
EMPTY = re.compile(
    r"(update|preview|resource partially created.*|\d+ errors? occurred:?) ?(failed)?", re.IGNORECASE
)
"""How a CommandError prints what the CLI said; what of it says something; the engine's lines that say nothing new."""

FIRST, FACTOR, LONGEST, TRIES = 30.0, 2.0, 600.0, 6


def is_transient(message: str) -> bool:
    """Tell whether an operation that failed with this message is worth another try: by Azure's codes, not by its words."""
    passes = azure_errors.read(message).passes
    if passes is not None:
        return passes
    return bool(NETWORK.search(message)) and not OURS.search(message)


def complaint(error: Exception, diagnostics: Iterable[str] = ()) -> str:
    """Return what went wrong, a line each: the engine's error diagnostics, else the lines of what it printed that say so."""
    said = [line.strip() for text in diagnostics for line in text.splitlines() if line.strip()]
    lines = said or [line.strip() for line in str(error).splitlines() if line.strip()]
    lines = [LABEL.sub("", line) for line in lines if not LABEL.fullmatch(line)]
    telling = [line for line in lines if TELLING.search(line) and not EMPTY.fullmatch(line)]
    return "\n".join(dict.fromkeys(telling or lines))


def waits() -> Iterator[float]:
    """Yield the seconds to wait before each new try: 30, 60, 120, ... up to 600, then no more."""
    wait = FIRST
    for _ in range(TRIES):
        yield min(wait, LONGEST)
        wait *= FACTOR
