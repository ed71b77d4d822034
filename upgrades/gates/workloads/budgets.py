"""PodDisruptionBudgets that allow no disruption."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, Gate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View
    from upgrades.model.workloads import Budget


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
            if budget.allowed > 0 or not budget.pods:
                continue
            if step.target not in budget.pools:
                if budget.never:
                    yield _elsewhere(budget)
                continue
            yield Finding(
                f"PodDisruptionBudget {budget.namespace}/{budget.name}",
                f"allows 0 disruptions for its {budget.pods} pods, and pool {step.target} runs some: no drain there can end",
                f"bring {budget.missing} more of its pods to Ready"
                if budget.missing
                else "raise the workload's replicas, or set maxUnavailable: 1",
            )
        yield from _covered_twice(view.budgets or (), step.target)


def _elsewhere(budget: Budget) -> Finding:
    """Return that a budget whose pods this step does not touch stops it all the same, by AKS's own check (UnsatisfiablePDB: Azure/AKS 4839, 5125)."""
    return Finding(
        f"PodDisruptionBudget {budget.namespace}/{budget.name}",
        f"can never allow a disruption ({budget.never}), and AKS begins no upgrade of any pool while the cluster has such a one",
        "raise the workload's replicas, or set maxUnavailable: 1",
    )


def _covered_twice(budgets: Iterable[Budget], pool: str) -> Iterator[Finding]:
    """Yield the pods of a pool that more than one budget holds: the API server never evicts those."""
    holders: dict[tuple[str, str], list[str]] = {}
    for budget in budgets:
        for where, name in budget.holds:
            if where == pool:
                holders.setdefault((budget.namespace, name), []).append(budget.name)
    for (namespace, name), names in sorted(holders.items()):
        if len(names) > 1:
            yield Finding(
                f"pod {namespace}/{name}",
                f"is held by more than one PodDisruptionBudget ({', '.join(sorted(names))}), "
                "and Kubernetes refuses to evict such a pod",
                "narrow the selectors, so that one budget holds it",
            )
