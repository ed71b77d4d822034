"""Quarantined nodes, and nodes under pressure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, Gate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class Quarantined(Gate):
    """A node that AKS could not drain is set aside and stays on the old version; one under pressure evicts pods by itself."""

    code = "NODE003"
    title = "No node is set aside or short of something"
    reads = ("nodes",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        for node in view.nodes or ():
            if not step.is_control_plane and node.pool != step.target:
                continue
            if node.quarantined:
                yield Finding(
                    f"node {node.name}",
                    "was set aside by an earlier upgrade that could not drain it (upgrade-status: Quarantined)",
                    f"see what holds its pods, drain it, and delete it: kubectl drain {node.name} --ignore-daemonsets",
                )
            for pressure in node.pressures:
                yield Finding(
                    f"node {node.name}",
                    f"reports {pressure}",
                    f"free what it lacks, or replace it: kubectl describe node {node.name}",
                )
