"""Workloads whose pods may share a node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, Level, PoolGate

from .replicated import replicated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class Unspread(PoolGate):
    """Pods on one node go together when it is drained."""

    code = "POD009"
    title = "Workloads spread over nodes"
    level = Level.RECOMMENDED
    reads = ("workloads",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        for one in replicated(view, step):
            if not one.spread:
                yield Finding(
                    f"{one.kind} {one.namespace}/{one.name}",
                    "is told nothing about spreading: one drain may meet all its pods",
                    "add topologySpreadConstraints over kubernetes.io/hostname",
                )
