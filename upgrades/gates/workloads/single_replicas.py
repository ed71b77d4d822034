"""Workloads that stand on one replica."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, Gate, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class SingleReplicas(Gate):
    """A workload of one replica is down while its only pod moves."""

    code = "POD003"
    title = "Workloads have more than one replica"
    level = Level.RECOMMENDED
    reads = ("workloads",)

    def applies(self, step: Step) -> bool:
        """Only a pool's step drains nodes."""
        return not step.is_control_plane

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        for workload in view.workloads or ():
            if workload.is_system or workload.kind == "DaemonSet":  # a DaemonSet has one pod a node by design
                continue
            if workload.desired == 1 and step.target in workload.pools:
                yield Finding(
                    f"{workload.kind} {workload.namespace}/{workload.name}",
                    "has a single replica and is down while it moves",
                    "raise replicas to 2 or more and spread them over nodes",
                )
