"""Alerts that fire before a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .base import Finding, Gate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class Alerts(Gate):
    """Changing a cluster in trouble hides the cause and makes it worse."""

    code = "ALERT001"
    title = "No alert is firing"
    reads = ("alerts",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        for alert in view.alerts or ():
            yield Finding(
                f"alert {alert.name}",
                f"is firing{f' ({alert.severity})' if alert.severity else ''}",
                "resolve it, or ignore it by name in the ignore file",
            )
