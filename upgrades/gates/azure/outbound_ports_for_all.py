"""Outbound (SNAT) ports for all surge nodes at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, Level, PoolGate
from upgrades.plan.cost import load_now
from upgrades.plan.room import at_least, reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class OutboundPortsForAll(PoolGate):
    """Where AKS falls back to a surge of one, ports that do not reach for all make the upgrade slow."""

    code = "NET006"
    title = "The load balancer has outbound ports for the whole surge"
    level = Level.RECOMMENDED
    reads = ("outbound",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        out, surge = view.outbound, load_now(step, view).needs.addresses
        if out is None or out.most_nodes is None:
            return
        if out.nodes + at_least(step, surge) <= out.most_nodes < out.nodes + surge:
            yield Finding(
                "outbound ports of the load balancer",
                f"{reach(out)}, and the step makes {out.nodes + surge}: AKS goes on with one node at a time",
                "add outbound addresses, lower allocatedOutboundPorts or maxSurge, or expect the step to take longer",
            )
