"""The auto-upgrade channel, as Azure has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, Gate
from upgrades.model.clusters import CONTROL_PLANE
from upgrades.observe.azure.ids import cluster_options
from upgrades.plan.route import MOVING_CHANNELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class Channel(Gate):
    """A channel that was switched on outside moves versions by itself, and AKS refuses a control plane alone."""

    code = "STATE003"
    title = "No channel moves versions by itself"
    reads = ("auto_upgrade",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        channel = (view.auto_upgrade or "none").lower()
        if channel in MOVING_CHANNELS:
            cluster = next((one.id for one in view.states or () if one.target == CONTROL_PLANE), "")
            yield Finding(
                f"auto-upgrade channel '{channel}'",
                "moves versions by itself; AKS refuses to upgrade a control plane alone while it is on, and a pinned version fights it",
                "find out who switched it on; an `up` of the cluster's stack switches it off, and where none has it: "
                f"az aks update {cluster_options(cluster)} --auto-upgrade-channel none",
            )
