"""Subnet addresses for all surge nodes at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, Level, PoolGate
from upgrades.plan.cost import load_now
from upgrades.plan.room import at_least, for_pods, of_a_node

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class AddressesForAll(PoolGate):
    """Where AKS falls back to a surge of one, a subnet without room for all makes the upgrade slow."""

    code = "NET002"
    title = "The subnet has addresses for the whole surge"
    level = Level.RECOMMENDED
    reads = ("free_addresses",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        free = (view.free_addresses or {}).get(step.target)
        surge, one = load_now(step, view).needs.addresses, of_a_node(step)
        if free is not None and at_least(step, surge) * one <= free < surge * one:
            yield Finding(
                f"pool {step.target}",
                f"its subnet has {free} free addresses, and the surge takes {surge * one}{for_pods(step)}: AKS goes on with one node at a time",
                "lower maxSurge, free addresses, or expect the step to take longer",
            )
