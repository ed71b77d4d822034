"""The answer of `windows` as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from .passes import Pass
    from .view import StackView


def as_data(views: Sequence[StackView], begin: datetime, weeks: int) -> dict[str, Any]:
    """Return plain data; times are ISO 8601 in UTC, lengths minutes."""
    return {"from": begin.isoformat(), "weeks": weeks, "stacks": [_stack(view) for view in views]}


def _stack(view: StackView) -> dict[str, Any]:
    updates = view.settings.node_updates
    return {
        "stack": view.stack,
        "mode": updates.mode,
        "channel": updates.channel,
        "openings": [
            {
                "kind": one.kind,
                "begin": one.begin.isoformat(),
                "end": one.end.isoformat(),
                "allowed": one.allowed,
            }
            for one in view.entries
        ],
        "pass": _pass(view.whole) if view.whole else None,
        "warnings": list(view.warnings),
    }


def _pass(whole: Pass) -> dict[str, Any]:
    return {
        "nodes": whole.nodes,
        "atOnce": whole.at_once,
        "minutes": {"expected": whole.whole.expected, "longest": whole.whole.longest},
        "openingMinutes": whole.opening_minutes,
        "openings": {"expected": whole.openings[0], "longest": whole.openings[1]} if whole.openings else None,
    }
