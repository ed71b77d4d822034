"""The pool after its step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, Gate, When
from upgrades.model.moves import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class PoolUpgraded(Gate):
    """Azure reports success while a cordoned node of the old version is left (Azure/AKS 3516)."""

    code = "NODE002"
    title = "Every node of the pool is on the version and Ready"
    when = When.AFTER
    reads = ("nodes",)

    def applies(self, step: Step) -> bool:
        """Only a pool's step drains nodes; what its replacement drains stays cordoned."""
        return not step.is_control_plane and (step.move is None or step.move.kind is Kind.ADD)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        nodes = [node for node in view.nodes or () if node.pool == step.target]
        for node in nodes:
            if node.version != step.after:
                yield Finding(
                    f"node {node.name}",
                    f"is at {node.version}, not {step.after}",
                    "delete it, or drain it by hand",
                )
            elif not node.ready:
                yield Finding(
                    f"node {node.name}", "is not Ready", "look at its events; AKS may still be bringing it up"
                )
            elif not node.schedulable:
                yield Finding(f"node {node.name}", "is still cordoned", f"kubectl uncordon {node.name}")
