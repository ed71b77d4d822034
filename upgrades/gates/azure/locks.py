"""Resource locks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, Gate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class Locks(Gate):
    """AKS checks locks itself: one on the cluster or on its nodes' resource group stops an upgrade half-way or at once."""

    code = "LOCK001"
    title = "No resource lock stands in the way"
    reads = ("locks",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        for lock in view.locks or ():
            yield Finding(
                f"lock {lock.name}",
                f"({lock.level}) on {lock.scope} keeps Azure from changing nodes"
                if lock.level == "CanNotDelete"
                else f"({lock.level}) on {lock.scope} keeps Azure from changing anything",
                f"take it off for the rollout: az lock delete --ids {lock.id or '<its id>'}",
            )
