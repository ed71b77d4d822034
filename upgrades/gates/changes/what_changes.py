"""What else changes with a step, where something in use breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.versions.version import minor_text

from upgrades.gates.base import Finding, Gate
from upgrades.plan.what_changes import coming

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class WhatChanges(Gate):
    """A new minor brings an operating system, a container runtime and defaults of its own: what breaks for this cluster is acknowledged by name."""

    code = "CHANGE001"
    title = "What breaks with the new minor is acknowledged"
    reads = ("uses",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        for change in coming(step, view.uses or ()):
            if change.breaks:
                yield Finding(
                    f"change {change.name}",
                    f"comes with {minor_text(change.minor)}: {change.what}; {change.breaks}",
                    f"{change.instead}; then acknowledge 'change {change.name}' for {self.code} in the ignore file",
                )
