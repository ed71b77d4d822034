"""Core quota for the surge nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, PoolGate
from upgrades.plan.cost import load_now
from upgrades.plan.room import at_least, fallback, less, per_node, taker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class Cores(PoolGate):
    """Without quota Azure refuses the surge node, and the upgrade stops; where AKS falls back, the cores of one are enough."""

    code = "QUOTA001"
    title = "The quota has cores for the surge"
    reads = ("free_cores",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        free = (view.free_cores or {}).get(step.target)
        needs = load_now(step, view).needs
        if free is None or needs.cores is None:
            return
        if free < at_least(step, needs.addresses) * per_node(needs):
            yield Finding(
                f"pool {step.target}",
                f"{free} cores of quota are left for its VM family, and {taker(step)} takes {needs.cores}{fallback(step)}",
                f"ask for more quota, {less(step)}, or scale something down",
            )

    def untold(self, view: View, step: Step) -> Iterator[Finding]:
        """See `Gate.untold`."""
        needs = load_now(step, view).needs
        if needs.cores is None or (needs.addresses and step.target not in (view.free_cores or {})):
            yield Finding(
                f"pool {step.target}",
                "the cores of its VM size, or their quota, are not known",
                "check vmSize and its quota",
            )
