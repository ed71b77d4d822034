"""Failed and cancelled operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, Gate
from upgrades.model.clusters import CONTROL_PLANE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class Provisioning(Gate):
    """AKS upgrades nothing that is Failed: what failed last has to be mended first."""

    code = "STATE001"
    title = "Azure has neither the cluster nor the pool in a failed state"
    reads = ("states",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        for state in view.states or ():
            if state.provisioning not in {"Failed", "Canceled"}:
                continue
            if not step.is_control_plane and state.target not in {CONTROL_PLANE, step.target}:
                continue
            what = "the cluster" if state.target == CONTROL_PLANE else f"pool {state.target}"
            yield Finding(
                what,
                f"is {state.provisioning} in Azure",
                "look for the failed operation in the activity log, mend its cause, and let AKS reconcile it: "
                f"az resource update --ids {state.id or '<its resource id>'}",
            )
