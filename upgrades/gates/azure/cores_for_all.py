"""Core quota for all surge nodes at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, Level, PoolGate
from upgrades.plan.cost import load_now
from upgrades.plan.room import at_least, per_node

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class CoresForAll(PoolGate):
    """Where AKS falls back to a surge of one, a quota without room for all makes the upgrade slow."""

    code = "QUOTA002"
    title = "The quota has cores for the whole surge"
    level = Level.RECOMMENDED
    reads = ("free_cores",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        free = (view.free_cores or {}).get(step.target)
        needs = load_now(step, view).needs
        if free is None or needs.cores is None:
            return
        if at_least(step, needs.addresses) * per_node(needs) <= free < needs.cores:
            yield Finding(
                f"pool {step.target}",
                f"{free} cores of quota are left for its VM family, and the surge takes {needs.cores}: AKS goes on with one node "
                "at a time",
                "ask for more quota, lower maxSurge, or expect the step to take longer",
            )
