"""Workloads without a PodDisruptionBudget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, Level, PoolGate

from .replicated import replicated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class Unbudgeted(PoolGate):
    """Without a budget a drain takes as many pods of a workload as it meets, all at once."""

    code = "POD007"
    title = "Workloads have a PodDisruptionBudget"
    level = Level.RECOMMENDED
    reads = ("workloads",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        for one in replicated(view, step):
            if not one.budgeted:
                yield Finding(
                    f"{one.kind} {one.namespace}/{one.name}",
                    "has no PodDisruptionBudget: a drain may take all its pods at once",
                    "add one with maxUnavailable: 1",
                )
