"""What else changes with a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.versions.version import minor_text

from upgrades.gates.base import Finding, Gate, Level
from upgrades.plan.what_changes import coming

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class AlsoChanges(Gate):
    """An upgrade moves more than Kubernetes: whoever answers for the workloads reads it before."""

    code = "CHANGE002"
    title = "What else changes with the step is known"
    level = Level.RECOMMENDED
    reads = ("uses",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        for change in coming(step, view.uses or ()):
            if not change.breaks:
                yield Finding(
                    f"change {change.name}",
                    f"comes with {minor_text(change.minor)}: {change.what}",
                    change.instead,
                )
