"""Subnet addresses for the surge nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, PoolGate
from upgrades.plan.cost import load_now
from upgrades.plan.room import at_least, fallback, for_pods, less, of_a_node, taker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class Addresses(PoolGate):
    """A surge node without an address fails the upgrade half-way (Azure/AKS 1053); where AKS falls back, one address is enough."""

    code = "NET001"
    title = "The subnet has addresses for the surge"
    reads = ("free_addresses",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        free, surge = (view.free_addresses or {}).get(step.target), load_now(step, view).needs.addresses
        if free is not None and free < at_least(step, surge) * of_a_node(step):
            yield Finding(
                f"pool {step.target}",
                f"its subnet has {free} free addresses, and {taker(step)} takes {surge * of_a_node(step)}"
                f"{for_pods(step)}{fallback(step)}",
                f"{less(step)}, remove unused nodes or private endpoints, or move the pool to a larger subnet",
            )

    def untold(self, view: View, step: Step) -> Iterator[Finding]:
        """See `Gate.untold`."""
        if step.target not in (view.free_addresses or {}) and load_now(step, view).needs.addresses:
            yield Finding(f"pool {step.target}", "its subnet was not found", "check the pool's subnet id")
