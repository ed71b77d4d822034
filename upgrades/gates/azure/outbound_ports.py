"""Outbound (SNAT) ports for the surge nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, PoolGate
from upgrades.plan.cost import load_now
from upgrades.plan.room import PORTS_OF_AN_ADDRESS, at_least, fallback, less

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class OutboundPorts(PoolGate):
    """Where ports are reserved for each node, a node without its share is not added (AKS, outbound rules: 64,000 an address)."""

    code = "NET003"
    title = "The load balancer has outbound ports for the surge"
    reads = ("outbound",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        out = view.outbound
        if out is None or not out.ports_per_node:
            return
        surge = load_now(step, view).needs.addresses
        room = out.addresses * PORTS_OF_AN_ADDRESS // out.ports_per_node
        if room < out.nodes + at_least(step, surge):
            yield Finding(
                "outbound ports of the load balancer",
                f"{out.addresses} address{'' if out.addresses == 1 else 'es'} with {out.ports_per_node} ports a node reach for {room} "
                f"nodes, and the step makes {out.nodes + surge}{fallback(step)}",
                f"add outbound addresses, lower allocatedOutboundPorts, or {less(step)}",
            )
