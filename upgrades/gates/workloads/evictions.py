"""Evictions that the API server refuses when asked without doing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, PoolGate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class Evictions(PoolGate):
    """A drain evicts pod by pod: whatever refuses one (a budget, a webhook, an operator) keeps its node until the time-out."""

    code = "EVICT001"
    title = "The API server would evict every pod of the pool"
    reads = ("evictions",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        for eviction in view.evictions or ():
            if eviction.pool == step.target:
                yield Finding(
                    f"pod {eviction.namespace}/{eviction.pod}",
                    f"would not be evicted: {eviction.refusal}"
                    if eviction.told
                    else f"nobody knows whether it would be evicted, nor others maybe: {eviction.refusal}",
                    "clear what refuses it, or move the pod before the step",
                )
