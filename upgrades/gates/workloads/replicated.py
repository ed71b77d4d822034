"""The workloads that a step may take several pods of: what the gates about replicas ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View
    from upgrades.model.workloads import Workload


def replicated(view: View, step: Step) -> Iterator[Workload]:
    """Yield the workloads on the step's pool with more than one replica; what has one is told by POD003."""
    for one in view.workloads or ():
        if not (one.is_system or one.kind == "DaemonSet" or step.target not in one.pools or one.desired <= 1):
            yield one
