"""Subnet addresses for the surge nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .base import Finding, Gate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.fleet import Step
    from upgrades.view import View


class Addresses(Gate):
    """A surge node without an address fails the upgrade half-way (Azure/AKS 1053)."""

    code = "NET001"
    title = "The subnet has addresses for the surge"
    reads = ("free_addresses",)

    def applies(self, step: Step) -> bool:
        """Only a pool's step drains nodes."""
        return not step.is_control_plane

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        free = (view.free_addresses or {}).get(step.target)
        if free is None:
            yield Finding(f"pool {step.target}", "its subnet was not found", "check the pool's subnet id")
        elif free < step.needs.addresses:
            yield Finding(
                f"pool {step.target}",
                f"its subnet has {free} free addresses, and the surge takes {step.needs.addresses}",
                "lower maxSurge, remove unused nodes or private endpoints, or move the pool to a larger subnet",
            )
