"""Certificates and credentials that end soon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .base import Finding, Gate, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.fleet import Step
    from upgrades.view import View

SOON = 14
"""Days before the end in which a credential counts as about to expire."""


class Expiries(Gate):
    """A credential that ends during a rollout stops it half-way."""

    code = "CRED001"
    title = "No certificate or credential is about to expire"
    level = Level.RECOMMENDED
    reads = ("expiries",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        for expiry in view.expiries or ():
            left = (expiry.on - view.at.date()).days
            if left <= SOON:
                yield Finding(
                    expiry.what,
                    f"expired on {expiry.on}" if left < 0 else f"expires on {expiry.on}, in {left} days",
                    "renew it before the rollout",
                )
