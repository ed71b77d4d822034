"""Which errors of Azure pass by themselves, and how long to wait before each new try."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PASSING = re.compile(
    r"\b(409|429|50[0234])\b"
    r"|OperationNotAllowed|AnotherOperationInProgress|TooManyRequests|SubscriptionRequestsThrottled"
    r"|InternalServerError|InternalOperationError|ServerTimeout|ServiceUnavailable|GatewayTimeout|BadGateway"
    r"|RetryableError|cannot be reached|connection reset|connection refused|timed? ?-?out|context deadline exceeded",
    re.IGNORECASE,
)
"""ARM's status codes and error codes for a busy, throttled or failing service, and the network's own."""

REFUSED = re.compile(
    r"\b(400|401|403|404)\b|BadRequest|InvalidParameter|AuthorizationFailed|NotFound|QuotaExceeded"
    r"|UpgradeVersionNotAllowed|policy violation|policy pack|is not a valid",
    re.IGNORECASE,
)
"""Answers that stay the same however often they are asked for; they win where both kinds appear."""

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
    """Tell whether an operation that failed with this message is worth another try."""
    return bool(PASSING.search(message)) and not REFUSED.search(message)


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
