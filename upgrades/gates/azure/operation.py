"""An operation that is in progress already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, Gate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class Operation(Gate):
    """Azure takes one operation for a cluster or pool at a time; a second gets 409."""

    code = "OPS001"
    title = "No operation is in progress"
    reads = ("operations",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        for operation in view.operations or ():
            yield Finding(
                operation, "is in progress", "wait until it has ended, or abort it: az aks operation-abort"
            )
