"""Certificates and credentials that end soon."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .base import Finding, Gate, Level, Result, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View

SOON = 14
"""Days before the end in which a credential counts as about to expire."""

UNTOLD = "does not tell when it ends"


class Expiries(Gate):
    """A credential that ends during a rollout stops it half-way."""

    code = "CRED001"
    title = "No certificate or credential is about to expire"
    level = Level.RECOMMENDED
    reads = ("expiries",)

    def run(self, view: View, step: Step, before: View | None = None) -> Result:
        """Return the verdict: unknown when all that stands in the way is that an end is not told."""
        result = super().run(view, step, before)
        untold = result.verdict is Verdict.FAIL and all(finding.why == UNTOLD for finding in result.findings)
        return replace(result, verdict=Verdict.UNKNOWN) if untold else result

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        for expiry in view.expiries or ():
            if expiry.on is None:
                yield Finding(
                    expiry.what,
                    UNTOLD,
                    "look there, or move the cluster to a managed identity, which has no secret",
                )
                continue
            left = (expiry.on - view.at.date()).days
            if left <= SOON:
                yield Finding(
                    expiry.what,
                    f"expired on {expiry.on}" if left < 0 else f"expires on {expiry.on}, in {left} days",
                    "renew it before the rollout",
                )
