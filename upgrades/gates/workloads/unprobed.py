"""Workloads without readiness probes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, Level, PoolGate

from .replicated import replicated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class Unprobed(PoolGate):
    """Without a probe a budget counts a pod that only just started, and the next one goes too early."""

    code = "POD008"
    title = "Workloads have readiness probes"
    level = Level.RECOMMENDED
    reads = ("workloads",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        for one in replicated(view, step):
            if not one.probed:
                yield Finding(
                    f"{one.kind} {one.namespace}/{one.name}",
                    "has a container without a readiness probe: a new pod counts as ready before it is",
                    "add a readinessProbe to each container",
                )
