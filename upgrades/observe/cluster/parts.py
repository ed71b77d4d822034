"""The parts of a view as they are read: each is there, or has a reason why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(slots=True)
class Parts:
    """What was read, by the names of `View`; `unread` says why a part is missing."""

    parts: dict[str, Any] = field(default_factory=dict[str, Any])
    unread: dict[str, str] = field(default_factory=dict[str, str])

    def add(self, name: str, ask: Callable[[], Iterable[Any]]) -> None:
        """Ask for a part and note it (a mapping as one, all else as a tuple), or why it could not be read."""
        try:
            answer = ask()
            self.parts[name] = answer if isinstance(answer, Mapping) else tuple(answer)
        except Exception as error:  # noqa: BLE001  # whatever keeps it from being read makes the gate unknown
            self.fail((name,), error)

    def value(self, name: str, ask: Callable[[], Any]) -> None:
        """Ask for a part that is one value, and note it as it is, or why it could not be read."""
        try:
            self.parts[name] = ask()
        except Exception as error:  # noqa: BLE001  # as above
            self.fail((name,), error)

    def miss(self, names: Iterable[str], why: str) -> None:
        """Note in words why parts are not there."""
        for name in names:
            self.parts[name] = None
            self.unread[name] = why

    def fail(self, names: Iterable[str], error: Exception) -> None:
        """Note why parts could not be read."""
        self.miss(names, in_words(error))


def in_words(error: Exception) -> str:
    """Return why something could not be read, in one line."""
    status, reason = getattr(error, "status", None), getattr(error, "reason", None)
    if status:
        return f"the API server answered {status} {reason}"
    said = str(error).strip().partition("\n")[0]
    own = isinstance(error, ValueError) or type(error).__module__.startswith("upgrades.")
    return said if own and said else f"{type(error).__name__}: {said}"
