"""The values that pass between the engine and its providers.

They are JSON values (None, bool, int, float, str, list, dict) plus `UNKNOWN`: an output that no one can know before
the resource exists. Secrets never reach a provider: the engine strips them on the way in and marks them on the way out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeGuard

Props = dict[str, Any]
"""The properties of one resource: camelCase names to values."""


class Unknown(Enum):
    """The type of `UNKNOWN`; it has one instance, compared by identity and refusing to be used as a truth value."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        """Show as it is shown to people."""
        return "UNKNOWN"

    def __bool__(self) -> bool:
        """Refuse: an unknown is neither true nor false."""
        raise TypeError("an unknown value is neither true nor false: compare with `is UNKNOWN`")


UNKNOWN: Final = Unknown.UNKNOWN


def is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    """Say whether `value` is a JSON object."""
    return isinstance(value, dict)


def is_list(value: Any) -> TypeGuard[list[Any]]:
    """Say whether `value` is a JSON array."""
    return isinstance(value, list)


def has_unknown(value: Any) -> bool:
    """Say whether `UNKNOWN` stands anywhere inside `value`."""
    return value is UNKNOWN or any(map(has_unknown, _inside(value)))


def _inside(value: Any) -> Iterable[Any]:
    return value.values() if is_object(value) else value if is_list(value) else ()


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that must not be shown; only the engine handles it, providers get `value`."""

    value: Any

    def __repr__(self) -> str:
        """Hide the value."""
        return "[secret]"


def reveal(value: Any) -> Any:
    """Return `value` without its secret marks, at every depth."""
    if isinstance(value, Secret):
        return reveal(value.value)
    if is_object(value):
        return {k: reveal(v) for k, v in value.items()}
    if is_list(value):
        return [reveal(v) for v in value]
    return value


def without_nulls(value: Any) -> Any:
    """Return `value` without the keys that are null, at every depth: Azure does not see them."""
    if is_object(value):
        return {k: without_nulls(v) for k, v in value.items() if v is not None}
    return [without_nulls(v) for v in value] if is_list(value) else value


def mask(value: Any) -> Any:
    """Return `value` for people's eyes: secrets as "[secret]", unknowns as "[unknown]"."""
    if isinstance(value, Secret):
        return "[secret]"
    if value is UNKNOWN:
        return "[unknown]"
    if is_object(value):
        return {k: mask(v) for k, v in value.items()}
    if is_list(value):
        return [mask(v) for v in value]
    return value


def has_secret(value: Any) -> bool:
    """Say whether a secret stands anywhere inside `value`."""
    return isinstance(value, Secret) or any(map(has_secret, _inside(value)))


def mark_secrets(outputs: Any, inputs: Any) -> Any:
    """Mark in `outputs` what is secret at the same place in `inputs`; a list with a secret element is secret whole.

    A provider that was given plain values answers with plain values, and what was secret must stay so.
    """
    if isinstance(inputs, Secret):
        return outputs if isinstance(outputs, Secret) else Secret(outputs)
    if is_object(inputs) and is_object(outputs):
        return {k: mark_secrets(v, inputs[k]) if k in inputs else v for k, v in outputs.items()}
    if is_list(inputs) and has_secret(inputs):
        return Secret(outputs)
    return outputs
