"""The same as the page, as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .result import Result


def as_data(done: Result) -> dict[str, Any]:
    """Return it: what would change with its risk, what the first preview shows, what is kept and what nobody can say."""
    return {
        "cluster": done.found.id,
        "stack": done.stack,
        "refused": list(done.refused),
        "changes": [
            {
                "of": f"{one.kind} {one.name}",
                "property": one.path,
                "is": one.there,
                "wouldBe": one.wanted,
                "risk": one.risk.level,
                "why": one.risk.why,
            }
            for one in done.differences
        ],
        "preview": [
            {
                "urn": one.urn,
                "op": one.op,
                "changes": list(one.changes),
                "restated": list(one.restated),
            }
            for one in done.preview
        ],
        "exempted": list(done.draft.exempted),
        "untold": done.untold,
        "agreed": list(done.agreed),
        "teams": done.teams,
    }
