"""Addresses for the pods of the surge nodes, where pods have a subnet of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, PoolGate
from upgrades.plan.cost import load_now
from upgrades.plan.room import at_least, fallback, less, pod_room, taker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class PodAddresses(PoolGate):
    """A node takes 16 addresses of its pods' subnet as it comes, or all its blocks of 16: without them none of its pods starts."""

    code = "NET004"
    title = "The subnet for pods has addresses for the surge"
    reads = ("pod_room",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        room, surge = pod_room(step, view), load_now(step, view).needs.addresses
        if room and room.free is not None and room.free < at_least(step, surge) * room.first:
            blocks = f" in {room.blocks} blocks" if room.blocks else ""
            yield Finding(
                f"pool {step.target}",
                f"the subnet of its pods has {room.free} free addresses, and {taker(step)} takes {surge * room.first}"
                f" ({room.first} a node{blocks}){fallback(step)}",
                f"{less(step)}, remove unused nodes of the pools that share it, or move the pool to a larger subnet for pods",
            )

    def untold(self, view: View, step: Step) -> Iterator[Finding]:
        """See `Gate.untold`."""
        room = pod_room(step, view)
        if room and room.free is None and load_now(step, view).needs.addresses:
            yield Finding(
                f"pool {step.target}", "the subnet of its pods was not found", "check the pool's podSubnetID"
            )
