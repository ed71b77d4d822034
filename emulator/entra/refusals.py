"""Refusals in Entra's words: OAuth's error, an AADSTS number, a sentence (`refusals.json` names its sources)."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from emulator.https.messages import Reply

_BUSY = {
    "throttled": (429, "temporarily_unavailable"),
    "serverError": (500, "server_error"),
    "unavailable": (503, "temporarily_unavailable"),
}


@cache
def _rows() -> dict[int, dict[str, Any]]:
    data = json.loads(Path(__file__).with_name("refusals.json").read_text(encoding="utf-8"))
    return {row["number"]: row for row in data["refusals"]}


class RefusedError(Exception):
    """A login that is refused, by the number of its reason; `said` fills in the sentence."""

    def __init__(self, number: int, **said: str) -> None:
        self.row = _rows()[number]
        super().__init__(self.row["sentence"].format(**said))

    def reply(self) -> Reply:
        """Return the answer that says so."""
        return _reply(self.row["status"], self.row["error"], self.row["number"], str(self))


def busy(fault: str, retry_after: int) -> Reply | None:
    """Return the answer of a token service that an ordered fault keeps from answering, None for another fault."""
    if fault not in _BUSY:
        return None
    told = _reply(*_BUSY[fault], 90033, "A transient error has occurred. Please try again.")
    return Reply(told.status, told.body, {"Retry-After": str(retry_after)})


def _reply(status: int, error: str, number: int, sentence: str) -> Reply:
    trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
    stamp = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%SZ}"
    text = f"AADSTS{number}: {sentence} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {stamp}"
    body = {
        "error": error,
        "error_description": text,
        "error_codes": [number],
        "timestamp": stamp,
        "trace_id": trace,
        "correlation_id": correlation,
        "error_uri": f"https://login.microsoftonline.com/error?code={number}",
    }
    return Reply(status, body, {"Cache-Control": "no-store"})
