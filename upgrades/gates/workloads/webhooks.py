"""Admission webhooks that would block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, Gate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class Webhooks(Gate):
    """A webhook with failurePolicy Fail and no ready backend refuses the pods that an upgrade has to make."""

    code = "HOOK001"
    title = "Admission webhooks have a backend"
    reads = ("webhooks",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        for webhook in view.webhooks or ():
            if webhook.in_the_way and webhook.failure_policy == "Fail" and webhook.ready_backends == 0:
                yield Finding(
                    f"webhook {webhook.name}",
                    "refuses pods or nodes while none of its backends is ready (failurePolicy Fail)",
                    "bring its pods back, or delete its configuration",
                )
