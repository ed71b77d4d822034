"""The maintenance window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .base import Finding, Gate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.fleet import Step
    from upgrades.view import View


class Window(Gate):
    """A change outside the window that the stack names surprises the people who rely on it."""

    code = "WINDOW001"
    title = "The maintenance window is open"
    reads = ("window_open",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        if not view.window_open:
            opens = (
                view.next_window.isoformat(timespec="minutes")
                if view.next_window
                else "not within the next 8 weeks"
            )
            yield Finding("maintenance window", "is closed", f"wait; it opens {opens}")
