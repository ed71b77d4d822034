"""Alerts that fire since the step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, Gate, When

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class NewAlerts(Gate):
    """An alert that began with the step was probably caused by it."""

    code = "ALERT002"
    title = "No alert fires that did not before"
    when = When.AFTER
    reads = ("alerts",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        known = {alert.name for alert in (before.alerts or () if before else ())}
        for alert in view.alerts or ():
            if alert.name not in known:
                yield Finding(
                    f"alert {alert.name}", "fires since the step", "resolve it before the next step"
                )
