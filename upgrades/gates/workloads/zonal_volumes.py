"""Volumes that bind a pod to a zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, PoolGate
from upgrades.plan.cost import load_now

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class ZonalVolumes(PoolGate):
    """A pod whose disk lies in a zone starts again only there: with one node in that zone it waits until a new one comes up there."""

    code = "POD006"
    title = "Pods with a volume in one zone find room there"
    reads = ("pods", "nodes")

    def applies(self, step: Step) -> bool:
        """Leave out pools that are drained for good: POOL001 looks at where those pods go."""
        return super().applies(step) and step.move is None

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        nodes = [node for node in view.nodes or () if node.pool == step.target]
        zones = {node.zone for node in nodes if node.zone}
        if load_now(step, view).needs.addresses >= len(zones):
            return  # AKS spreads the surge over the zones
        for pod in view.pods or ():
            if pod.pool != step.target or not pod.is_drained:
                continue
            for zone in sorted(pod.volume_zones):
                others = [
                    one
                    for one in nodes
                    if one.zone == zone and one.name != pod.node and one.ready and one.schedulable
                ]
                if zone in zones and not others:
                    yield Finding(
                        f"pod {pod.namespace}/{pod.name}",
                        f"has a volume in zone {zone}, where its node is the only one that takes pods",
                        f"raise maxSurge to {len(zones)}, one node a zone, or add a node in zone {zone}",
                    )
