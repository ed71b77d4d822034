"""What a cluster runs and nobody mends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.facts.changes import Changes

from upgrades.gates.base import Finding, Gate, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class RetiredParts(Gate):
    """What no version takes away may be retired all the same: it works after the upgrade, and nobody mends a hole in it."""

    code = "RETIRE001"
    title = "Nothing runs that is retired"
    level = Level.RECOMMENDED
    reads = ("retired",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        for one in Changes.load().retired:
            if one.name in (view.retired or ()):
                left = (one.ends - view.at.date()).days
                when = f"ended on {one.ends}" if left < 0 else f"ends on {one.ends}, in {left} days"
                why = f"{one.what} is in use; its maintenance {when}: {one.after} after that ({one.source})"
                yield Finding(f"retired {one.name}", why, one.instead)
