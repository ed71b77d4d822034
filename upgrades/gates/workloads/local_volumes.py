"""Pods whose volumes stay behind on the node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, Gate, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class LocalVolumes(Gate):
    """A drain deletes the pod, and what it kept on the node is gone or holds the pod there."""

    code = "POD001"
    title = "Pods keep no data on their node"
    level = Level.RECOMMENDED
    reads = ("pods",)

    def applies(self, step: Step) -> bool:
        """Only a pool's step drains nodes."""
        return not step.is_control_plane

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        for pod in view.pods or ():
            if pod.pool == step.target and not pod.is_system and pod.local_volumes:
                yield Finding(
                    f"pod {pod.namespace}/{pod.name}",
                    f"keeps data on its node: {', '.join(pod.local_volumes)}",
                    "move the data to a PersistentVolumeClaim with network storage, or accept its loss in the ignore file",
                )
