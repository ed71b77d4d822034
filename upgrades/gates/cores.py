"""Core quota for the surge nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .base import Finding, Gate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.fleet import Step
    from upgrades.view import View


class Cores(Gate):
    """Without quota Azure refuses the surge node, and the upgrade stops."""

    code = "QUOTA001"
    title = "The quota has cores for the surge"
    reads = ("free_cores",)

    def applies(self, step: Step) -> bool:
        """Only a pool's step drains nodes."""
        return not step.is_control_plane

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        free = (view.free_cores or {}).get(step.target)
        needed = step.needs.cores
        if free is None or needed is None:
            yield Finding(
                f"pool {step.target}", "the cores of its VM size are not known", "check vmSize and its quota"
            )
        elif free < needed:
            yield Finding(
                f"pool {step.target}",
                f"{free} cores of quota are left for its VM family, and the surge takes {needed}",
                "ask for more quota, lower maxSurge, or scale something down",
            )
