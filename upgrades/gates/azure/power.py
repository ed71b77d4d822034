"""Stopped clusters and pools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, Gate
from upgrades.model.clusters import CONTROL_PLANE
from upgrades.observe.azure.ids import cluster_options, pool_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class Power(Gate):
    """A stopped cluster or pool is not upgraded: AKS refuses the operation."""

    code = "STATE002"
    title = "The cluster and the pool are running"
    reads = ("states",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        for state in view.states or ():
            if state.power != "Stopped" or state.target not in {CONTROL_PLANE, step.target}:
                continue
            if state.target == CONTROL_PLANE:
                yield Finding(
                    "the cluster", "is stopped", f"start it: az aks start {cluster_options(state.id)}"
                )
            else:
                yield Finding(
                    f"pool {state.target}",
                    "is stopped",
                    f"start it: az aks nodepool start {pool_options(state.id, state.target)}",
                )
