"""Previews and ups of a rollout: Azure's errors that pass are tried again, with growing waits; the others end it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi.automation import CommandError, ConcurrentUpdateError

from .edges import Stopped
from upgrades.previewed import Previewed
from upgrades.transient import complaint, is_transient, waits

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi.automation import EngineEvent

    from .edges import Edges
    from upgrades.journal import Journal

ROLLBACK = (
    "Azure never lowers a control plane; a pool can be rolled back within 7 days "
    "(az aks nodepool rollback), and `abort` leaves everything as it is now"
)
"""What can be undone (facts of AKS, 2026-07)."""


class Engine:
    """Runs previews and ups of one stack, and notes each new try in the journal."""

    def __init__(self, edges: Edges, journal: Journal) -> None:
        self.edges, self.journal = edges, journal

    def preview(self) -> Previewed:
        """Return what an `up` would do; an error that does not pass is part of it."""
        for wait in [*waits(), None]:
            seen = Previewed()
            try:
                self.edges.stack.preview(on_event=seen)
            except CommandError as error:
                text = self._text(error, seen.errors)
                if wait is not None and is_transient(text):
                    self._again("preview", text, wait)
                    continue
                if not seen.errors:
                    seen.errors.append(text)
            return seen
        raise AssertionError("the last round returns")

    def up(self, title: str) -> None:
        """Bring the stack up. Raises Stopped."""
        for wait in [*waits(), None]:
            seen = _Errors(self.edges.reporter.event)
            try:
                self.edges.stack.up(on_event=seen)
            except CommandError as error:
                text = self._text(error, seen.errors)
                if wait is None or not is_transient(text):
                    why = f"`up` of {title} failed:\n  " + text.replace("\n", "\n  ")
                    raise Stopped(why, _remedy(error)) from None
                self._again(f"up of {title}", text, wait)
            else:
                return

    def _text(self, error: CommandError, said: list[str]) -> str:
        """Return what went wrong. Raises KeyboardInterrupt when that was Ctrl-C."""
        if self.edges.interrupted():
            raise KeyboardInterrupt from None
        return complaint(error, said)

    def _again(self, what: str, text: str, wait: float) -> None:
        self.journal.write("retry", what=what, error=text, seconds=wait)
        self.edges.reporter.note(f"{what} failed, which may pass: {text}; again in {wait:.0f} s")
        self.edges.reporter.waiting("new try", wait)
        self.edges.sleep(wait)


class _Errors:
    """Hands events on and keeps the errors among them."""

    def __init__(self, then: Callable[[EngineEvent], Any]) -> None:
        self.then = then
        self.errors: list[str] = []

    def __call__(self, event: EngineEvent) -> None:
        if event.diagnostic_event and event.diagnostic_event.severity == "error":
            self.errors.append(event.diagnostic_event.message.strip())
        self.then(event)


def _remedy(error: CommandError) -> str:
    if isinstance(error, ConcurrentUpdateError):
        return "wait for the other update; when none runs (a killed one left its lock): `pulumi cancel`, then `resume`"
    return f"mend what it names, then `resume`; {ROLLBACK}"
