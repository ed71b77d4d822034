"""Pods without an owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, Gate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class BarePods(Gate):
    """Nothing makes a bare pod anew after its node is drained."""

    code = "POD002"
    title = "Every pod has an owner that makes it anew"
    reads = ("pods",)

    def applies(self, step: Step) -> bool:
        """Only a pool's step drains nodes."""
        return not step.is_control_plane

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        for pod in view.pods or ():
            if (
                pod.pool == step.target
                and not pod.is_system
                and not pod.owner
                and pod.phase in {"Pending", "Running"}
            ):
                yield Finding(
                    f"pod {pod.namespace}/{pod.name}",
                    "has no owner, so it ends with its node",
                    "run it by a Deployment, StatefulSet or Job",
                )
