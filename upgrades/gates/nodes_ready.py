"""Nodes that are not Ready or cordoned before a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.model.moves import Kind

from .base import Finding, Gate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class NodesReady(Gate):
    """A pool that is not whole has no room for the pods that a drain moves."""

    code = "NODE001"
    title = "Nodes are Ready and take pods"
    reads = ("nodes",)

    def applies(self, step: Step) -> bool:
        """Leave out pools that are drained: their replacement cordons them."""
        return step.move is None or step.move.kind in {Kind.ADD, Kind.DRAIN}

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        for node in view.nodes or ():
            if not step.is_control_plane and node.pool != step.target:
                continue
            if not node.ready:
                yield Finding(
                    f"node {node.name}",
                    "is not Ready",
                    "mend or delete the node (the scale set makes a new one)",
                )
            elif not node.schedulable:
                yield Finding(
                    f"node {node.name}",
                    "is cordoned",
                    f"kubectl uncordon {node.name}, or delete it if it is left over",
                )
