"""StatefulSets whose pods get no time to end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, Level, PoolGate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class NoTime(PoolGate):
    """A pod that is killed at once may still write while its successor of the same name starts (Kubernetes, "Force delete StatefulSet pods")."""

    code = "POD010"
    title = "Pods of StatefulSets have time to end"
    level = Level.RECOMMENDED
    reads = ("pods",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        for pod in view.pods or ():
            ours = pod.pool == step.target and pod.is_drained and pod.owner.startswith("StatefulSet/")
            if ours and pod.grace_seconds == 0 and not pod.is_system:
                yield Finding(
                    f"pod {pod.namespace}/{pod.name}",
                    "is killed at once when it is evicted (terminationGracePeriodSeconds: 0)",
                    "give its StatefulSet a grace period",
                )
