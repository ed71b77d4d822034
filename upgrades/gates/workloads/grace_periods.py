"""Grace periods longer than the drain time-out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, PoolGate
from upgrades.render.words import MINUTE, span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class GracePeriods(PoolGate):
    """A drain that waits for such a pod runs into its time-out, and the upgrade fails with the node cordoned."""

    code = "POD005"
    title = "No pod may take longer to end than a drain waits"
    reads = ("pods",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        minutes = step.pool.drain_minutes if step.pool else 0
        for pod in view.pods or ():
            if pod.pool == step.target and pod.is_drained and 0 < minutes * MINUTE < pod.grace_seconds:
                yield Finding(
                    f"pod {pod.namespace}/{pod.name}",
                    f"may take {span(-(-pod.grace_seconds // MINUTE))} to end (terminationGracePeriodSeconds), and the drain of a node "
                    f"times out after {span(minutes)}",
                    "lower its grace period, or raise the pool's drainTimeoutMinutes",
                )
