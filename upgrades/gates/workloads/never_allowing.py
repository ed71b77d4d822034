"""PodDisruptionBudgets that can never allow a disruption, before a control plane's step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, Gate, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class NeverAllowing(Gate):
    """AKS begins no pool's upgrade while there is one; that it lets a control plane alone pass (UnsatisfiablePDB: Azure/AKS 4805) nobody says."""

    code = "PDB002"
    title = "No PodDisruptionBudget stops what follows a control plane"
    level = Level.RECOMMENDED
    reads = ("budgets",)

    def applies(self, step: Step) -> bool:
        """Only a control plane's step: PDB001 stops a pool's."""
        return step.is_control_plane

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        for budget in view.budgets or ():
            if budget.never and budget.pods and not budget.allowed:
                yield Finding(
                    f"PodDisruptionBudget {budget.namespace}/{budget.name}",
                    f"can never allow a disruption ({budget.never}): AKS may refuse this step, and begins no upgrade of any pool after it",
                    "raise the workload's replicas, or set maxUnavailable: 1",
                )
