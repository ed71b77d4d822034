"""Pods that fail since the step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, Gate, When

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class NewFailures(Gate):
    """A pod that ran before the step and fails after it was broken by it."""

    code = "POD004"
    title = "No pod fails that ran before"
    when = When.AFTER
    reads = ("pods",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        known = {
            (pod.namespace, pod.owner or pod.name)
            for pod in (before.pods or () if before else ())
            if not pod.runs
        }
        for pod in view.pods or ():
            if not pod.runs and (pod.namespace, pod.owner or pod.name) not in known:
                yield Finding(
                    f"pod {pod.namespace}/{pod.name}",
                    f"is {pod.phase}{'' if pod.ready else ' and not ready'} since the step",
                    f"kubectl describe pod -n {pod.namespace} {pod.name}",
                )
