"""What the steps of a pool's replacement do: each is one change, and none of them moves a version."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(StrEnum):
    """The steps in their order."""

    ADD = "add"
    DRAIN = "drain"
    EMPTY = "empty"
    REMOVE = "remove"


ENDS = {
    Kind.ADD: ("not there", "there"),
    Kind.DRAIN: ("in use", "drained"),
    Kind.EMPTY: ("drained", "without nodes"),
    Kind.REMOVE: ("without nodes", "removed"),
}
"""What a pool is before and after, as a person reads it."""


@dataclass(frozen=True, slots=True)
class Move:
    """One step of the replacement of pool `old` by pool `new`. `values` are the stack file's keys that `new` has otherwise.

    `further` is how `clusters:` calls the cluster that has the pool; empty for the first one of a stack.
    """

    kind: Kind
    old: str
    new: str
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    further: str = ""

    @property
    def target(self) -> str:
        """The pool that the step changes."""
        return self.new if self.kind is Kind.ADD else self.old

    @property
    def edits(self) -> bool:
        """Tell whether the step is a change of the stack file, which an `up` carries out."""
        return self.kind is not Kind.DRAIN


def move_data(move: Move | None) -> dict[str, Any] | None:
    """Return a move as JSON values."""
    if move is None:
        return None
    values = dict(move.values)
    return {
        "kind": str(move.kind),
        "old": move.old,
        "new": move.new,
        "values": values,
        "further": move.further,
    }


def move_from(data: Mapping[str, Any] | None) -> Move | None:
    """Read a move back. Raises KeyError for what is missing, ValueError for another kind."""
    if data is None:
        return None
    old, new, values = data["old"], data["new"], data["values"]
    if not (isinstance(old, str) and isinstance(new, str) and isinstance(values, dict)):
        raise ValueError("move names no two pools with values")  # noqa: TRY004  # one kind of error for bad data
    return Move(Kind(data["kind"]), old, new, values, str(data.get("further", "")))  # pyright: ignore[reportUnknownArgumentType]  # JSON
