"""The auto-upgrade channel, as Azure has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, Gate
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
            yield Finding(
                f"auto-upgrade channel '{channel}'",
                "moves versions by itself; AKS refuses to upgrade a control plane alone while it is on, and a pinned version fights it",
                "find out who switched it on, and run `pulumi up`, which switches it off (none or node-image)",
            )
