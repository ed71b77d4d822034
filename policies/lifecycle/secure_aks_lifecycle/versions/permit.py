"""A permit for one change that is no legal step: a rollback that Azure allows, or what was done outside and is written down.

Whoever runs the `up` hands it over in the environment, as JSON: `{"id", "why", "until": <ISO time>, "moves": [{"cluster",
"target", "from", "to"}]}`; `target` is "control plane" or a pool. The upgrades tool writes each one in its journal, under
its `id`, and hands it to one `up`. It covers exactly its moves: anything beside them is judged as ever.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle.versions.version import Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from secure_aks_lifecycle.versions.steps import Step

VARIABLE = "SECURE_AKS_VERSION_PERMIT"
"""The environment variable that holds it."""
CONTROL_PLANE = "control plane"


@dataclass(frozen=True, slots=True)
class Move:
    """One change of a version that a permit covers."""

    cluster: str
    target: str
    before: Version
    after: Version


@dataclass(frozen=True, slots=True)
class Permit:
    """What is let pass: exactly these moves, until a moment; `id` is its entry in the journal."""

    id: str
    why: str
    until: datetime
    moves: frozenset[Move]

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Permit | None:
        """Read the permit of this run; None when there is none. Raises ValueError, saying what is wrong with it."""
        text = (os.environ if environment is None else environment).get(VARIABLE, "")
        if not text:
            return None
        try:
            return cls.parse(json.loads(text))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(
                f"{VARIABLE}: is no permit ({_why(error)}); unset it, or let the upgrades tool write it"
            ) from None

    @classmethod
    def parse(cls, data: Any) -> Permit:
        """Make a permit from plain data. Raises KeyError, TypeError or ValueError for another shape."""
        until = datetime.fromisoformat(data["until"])
        moves = frozenset(
            Move(one["cluster"], one["target"], Version.parse(one["from"]), Version.parse(one["to"]))
            for one in data["moves"]
        )
        if not moves:
            raise ValueError("names no move")
        return cls(
            id=str(data["id"]),
            why=str(data["why"]),
            until=until.replace(tzinfo=UTC) if until.tzinfo is None else until,
            moves=moves,
        )

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON values, in the order of targets."""
        return {
            "id": self.id,
            "why": self.why,
            "until": self.until.isoformat(),
            "moves": [
                {"cluster": one.cluster, "target": one.target, "from": str(one.before), "to": str(one.after)}
                for one in sorted(self.moves, key=lambda one: (one.cluster, one.target))
            ],
        }

    def text(self) -> str:
        """Return it as the environment variable holds it."""
        return json.dumps(self.as_data())

    def covers(self, steps: Iterable[Step], now: datetime) -> bool:
        """Tell whether these are its moves, all of them and nothing else, and its time has not run out."""
        asked = frozenset(
            Move(one.cluster, one.pool or CONTROL_PLANE, one.before, one.after) for one in steps
        )
        return bool(asked) and asked == self.moves and now <= self.until


def _why(error: Exception) -> str:
    """Return what is wrong, in words of ours."""
    if isinstance(error, json.JSONDecodeError):
        return "it is no JSON"
    if isinstance(error, KeyError):
        return f"{error.args[0]} is missing"
    return str(error) if isinstance(error, ValueError) else "a value is of another kind than it should be"
