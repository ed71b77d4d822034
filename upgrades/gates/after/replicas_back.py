"""Workloads after a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, Gate, When

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class ReplicasBack(Gate):
    """The next step takes more nodes away: a workload that has not come back would lose more."""

    code = "WORK001"
    title = "Workloads are back to their replicas"
    when = When.AFTER
    reads = ("workloads",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        earlier = {
            (workload.kind, workload.namespace, workload.name): workload.ready
            for workload in (before.workloads or () if before else ())
        }
        for workload in view.workloads or ():
            had = earlier.get((workload.kind, workload.namespace, workload.name), workload.desired)
            if workload.ready < min(had, workload.desired):
                yield Finding(
                    f"{workload.kind} {workload.namespace}/{workload.name}",
                    f"has {workload.ready} of {workload.desired} replicas ready; it had {had} before",
                    f"kubectl describe {workload.kind.lower()} -n {workload.namespace} {workload.name}",
                )
