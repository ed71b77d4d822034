"""VM sizes that a region or a zone does not give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, PoolGate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class VmSizes(PoolGate):
    """A surge node of a size that is restricted cannot be made, whatever the quota says."""

    code = "QUOTA003"
    title = "Azure has the pool's VM size to give"
    reads = ("restrictions",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        for one in view.restrictions or ():
            if one.pool == step.target:
                yield Finding(
                    f"VM size {one.vm_size} of pool {one.pool}",
                    f"is restricted in {one.where} ({one.reason})",
                    "ask Azure to lift it, or move the pool to another VM size",
                )
