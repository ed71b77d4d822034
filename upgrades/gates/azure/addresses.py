"""Subnet addresses for the surge nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, PoolGate
from upgrades.plan.cost import load_now
from upgrades.plan.room import at_least, fallback, less, taker

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
        free = (view.free_addresses or {}).get(step.target)
        needed = load_now(step, view).needs.addresses
        if free is None:
            yield Finding(f"pool {step.target}", "its subnet was not found", "check the pool's subnet id")
        elif free < at_least(step, needed):
            yield Finding(
                f"pool {step.target}",
                f"its subnet has {free} free addresses, and {taker(step)} takes {needed}{fallback(step)}",
                f"{less(step)}, remove unused nodes or private endpoints, or move the pool to a larger subnet",
            )
