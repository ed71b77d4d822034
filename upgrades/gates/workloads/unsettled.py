"""StatefulSets whose new pods count as available at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, Level, PoolGate

from .replicated import replicated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class Unsettled(PoolGate):
    """A member that is ready for a second may not have caught up when the next one goes (Kubernetes, minReadySeconds of StatefulSets)."""

    code = "POD011"
    title = "StatefulSets wait until a new pod has settled"
    level = Level.RECOMMENDED
    reads = ("workloads",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        for one in replicated(view, step):
            if one.kind == "StatefulSet" and not one.settles:
                yield Finding(
                    f"{one.kind} {one.namespace}/{one.name}",
                    "counts a new pod as available as soon as it is ready",
                    "set minReadySeconds",
                )
