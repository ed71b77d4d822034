"""The promotion from the stack that goes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .base import Finding, Gate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class Promotion(Gate):
    """A version is tried where it harms least before it comes to where it harms most."""

    code = "PROMO001"
    title = "The version has soaked on the stack that goes first"
    reads = ("followed",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        if view.followed:
            for message in view.followed.refusals(step, view.at):
                yield Finding(f"stack {view.followed.stack}", message, "`resume` when that is done")
