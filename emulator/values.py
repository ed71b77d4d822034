"""The values that pass between the engine and its providers.

They are JSON values (None, bool, int, float, str, list, dict) plus `UNKNOWN`: an output that no one can know before
the resource exists. Secrets never reach a provider: the engine strips them on the way in and marks them on the way out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, final

if TYPE_CHECKING:
    from typing import TypeGuard


@final
class Unknown:
    """The type of `UNKNOWN`; it has one instance, compared by identity and refusing to be used as a truth value."""

    _instance: Unknown | None = None

    def __new__(cls) -> Unknown:
        """Return the one instance."""
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __repr__(self) -> str:
        """Show as it is shown to people."""
        return "UNKNOWN"

    def __bool__(self) -> bool:
        """Refuse: an unknown is neither true nor false."""
        raise TypeError("an unknown value is neither true nor false: compare with `is UNKNOWN`")

    def __copy__(self) -> Unknown:
        """Keep the identity."""
        return self

    def __deepcopy__(self, _memo: dict[int, Any]) -> Unknown:
        """Keep the identity."""
        return self

    def __reduce__(self) -> tuple[type[Unknown], tuple[()]]:
        """Keep the identity across pickling."""
        return (Unknown, ())


UNKNOWN: Final = Unknown()


def is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    """Say whether `value` is a JSON object."""
    return isinstance(value, dict)


def is_list(value: Any) -> TypeGuard[list[Any]]:
    """Say whether `value` is a JSON array."""
    return isinstance(value, list)


def has_unknown(value: Any) -> bool:
    """Say whether `UNKNOWN` stands anywhere inside `value`."""
    if value is UNKNOWN:
        return True
    if is_object(value):
        return any(has_unknown(v) for v in value.values())
    if is_list(value):
        return any(has_unknown(v) for v in value)
    return False
