"""What an `up` is about to change: the properties of the program's `VersionChange`, registered before anything else.

`previous`: the stack's own last record (absent on the first `up`); `current`: the same shape, as it is to be;
`follows` and `followed`: the stack that goes first, by name, and its record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle.judging.plain import Unknown
from secure_aks_lifecycle.stack.record import Versions, parse_versions

if TYPE_CHECKING:
    from secure_aks_lifecycle.judging.resource import Resource


@dataclass(frozen=True, slots=True)
class Change:
    """Versions before (None: a first `up`) and after, and those of the stack that goes first (None: it has none yet)."""

    before: Versions | None
    after: Versions
    follows: str | None
    followed: Versions | None


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


def holds_unknown(value: Any) -> bool:
    """Tell whether a plain value is, or holds, one that is not known yet."""
    if isinstance(value, dict):
        return any(holds_unknown(item) for item in value.values())  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]  # plain data
    if isinstance(value, list):
        return any(holds_unknown(item) for item in value)  # pyright: ignore[reportUnknownVariableType]  # plain data
    return isinstance(value, Unknown)
