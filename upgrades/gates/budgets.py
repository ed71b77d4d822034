"""PodDisruptionBudgets that allow no disruption."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .base import Finding, Gate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.fleet import Step
    from upgrades.view import View


class Budgets(Gate):
    """A drain waits for its budgets until it times out; the node then stays cordoned (Azure/AKS 3439, 4860)."""

    code = "PDB001"
    title = "PodDisruptionBudgets allow a disruption"
    reads = ("budgets",)

    def applies(self, step: Step) -> bool:
        """Only a pool's step drains nodes."""
        return not step.is_control_plane

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        for budget in view.budgets or ():
            if budget.allowed > 0 or not budget.pods or step.target not in budget.pools:
                continue
            yield Finding(
                f"PodDisruptionBudget {budget.namespace}/{budget.name}",
                f"allows 0 disruptions for its {budget.pods} pods on pool {step.target}, so no drain can end",
                "raise the workload's replicas, or set maxUnavailable: 1",
            )
