"""Outbound (SNAT) ports for the surge nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, PoolGate
from upgrades.plan.cost import load_now
from upgrades.plan.room import at_least, fallback, less, reach

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
        out, surge = view.outbound, load_now(step, view).needs.addresses
        if out and out.most_nodes is not None and out.most_nodes < out.nodes + at_least(step, surge):
            yield Finding(
                "outbound ports of the load balancer",
                f"{reach(out)}, and the step makes {out.nodes + surge}{fallback(step)}",
                f"add outbound addresses, lower allocatedOutboundPorts, or {less(step)}",
            )
