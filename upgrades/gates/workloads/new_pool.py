"""Room on the pool that takes another's place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, PoolGate
from upgrades.model.moves import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class NewPool(PoolGate):
    """What is drained off a pool for good has to find another: nodes that take pods, in the zone of its volumes, under a name that it may go to."""

    code = "POOL001"
    title = "The pods of a replaced pool find room on the new one"
    reads = ("pods", "nodes")

    def applies(self, step: Step) -> bool:
        """Only where a pool is drained for good."""
        return step.move is not None and step.move.kind is Kind.DRAIN

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        move = step.move
        if move is None:
            return
        there = [
            node for node in view.nodes or () if node.pool == move.new and node.ready and node.schedulable
        ]
        moving = [pod for pod in view.pods or () if pod.pool == move.old and pod.is_drained]
        if moving and not there:
            yield Finding(
                f"pool {move.new}",
                "has no node that is Ready and takes pods",
                f"wait until it has some, or give it a fixed count: kubectl get nodes -l agentpool={move.new}",
            )
        zones = {node.zone for node in there}
        for pod in moving:
            if pod.bound_to == move.old:
                yield Finding(
                    f"pod {pod.namespace}/{pod.name}",
                    f"asks for pool {move.old} by its nodeSelector, and would wait for it for good",
                    f"let it ask for a label of yours that both pools carry (`labels` in the stack file), or for {move.new}",
                )
            elif there and pod.volume_zones and not pod.volume_zones & zones:
                yield Finding(
                    f"pod {pod.namespace}/{pod.name}",
                    f"has a volume in zone {', '.join(sorted(pod.volume_zones))}, where {move.new} has no node that takes pods",
                    "give the new pool a node in that zone (`zones` in the stack file: abort, and plan it anew), or move the data first",
                )
