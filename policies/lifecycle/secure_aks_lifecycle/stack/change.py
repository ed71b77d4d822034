"""What an `up` is about to change: the properties of the program's `VersionChange`, registered before anything else.

`previous`: the stack's own last record (absent on the first `up`); `made`: the teams that the stack's state has, by name, each with its
`namespaces` and `groups`, those of an `up` that failed half-way too; `current`: the record as it is to be;
`follows` and `followed`: the stack that goes first, by name, and its record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle.judging.plain import Unknown
from secure_aks_lifecycle.stack.record import TeamState, Versions, parse_versions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secure_aks_lifecycle.judging.resource import Resource


@dataclass(frozen=True, slots=True)
class Change:
    """Versions before (None: a first `up`) and after, and those of the stack that goes first (None: it has none yet)."""

    before: Versions | None
    after: Versions
    follows: str | None
    followed: Versions | None
    made: Sequence[tuple[str, TeamState]] = ()
    """Teams by name, an entry for each namespace, as the state has them."""


class NotKnownError(Exception):
    """A part of the change is not known yet; the message says which."""


def read_change(resource: Resource) -> Change:
    """Read a `VersionChange`. Raises NotKnownError for what is not known yet, ValueError for what has another shape."""
    props = resource.props
    follows = props.get("follows")
    after = _versions(props, "current")
    if after is None:
        raise ValueError("current: is missing; register VersionChange with the versions the stack asks for")
    return Change(
        before=_versions(props, "previous"),
        after=after,
        follows=follows if isinstance(follows, str) else None,
        followed=_versions(props, "followed"),
        made=_made(props.get("made")),
    )


def _versions(props: dict[str, Any], part: str) -> Versions | None:
    data = props.get(part)
    if holds_unknown(data):
        raise NotKnownError(f"{part} is not known yet")
    if data is None:
        return None
    try:
        return parse_versions(data) or None
    except ValueError as error:
        raise ValueError(f"{part}: {error}") from None


def _made(data: Any) -> list[tuple[str, TeamState]]:
    if holds_unknown(data):
        raise NotKnownError("made is not known yet")
    teams: dict[str, dict[str, list[str]]] = data or {}
    try:
        return [
            (name, TeamState(namespace, () if number else tuple(team["groups"])))
            for name, team in teams.items()
            for number, namespace in enumerate(team["namespaces"] or [""])
        ]
    except (AttributeError, KeyError, TypeError):
        raise ValueError("made: has no `namespaces` and `groups` by the teams' names") from None


def holds_unknown(value: Any) -> bool:
    """Tell whether a plain value is, or holds, one that is not known yet."""
    if isinstance(value, dict):
        return any(holds_unknown(item) for item in value.values())  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]  # plain data
    if isinstance(value, list):
        return any(holds_unknown(item) for item in value)  # pyright: ignore[reportUnknownVariableType]  # plain data
    return isinstance(value, Unknown)
