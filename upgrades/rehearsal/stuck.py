"""A pod that would be in the way of a drain, and what is told of one before anything is drained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from upgrades.model.clusters import Pool
    from upgrades.model.workloads import Pod

SECONDS = 60


@dataclass(frozen=True, slots=True)
class Stuck:
    """A pod that would be in the way of a drain, or would not come back after it: in which batch (from 1) of which pool, and why.

    `code` is budget, refused, zone, room, grace or bare; `node` is empty for a pod that finds none.
    """

    pool: str
    batch: int
    namespace: str
    pod: str
    node: str
    code: str
    why: str
    remedy: str


def told(pool: Pool, batch: int, pods: Iterable[Pod]) -> Iterator[Stuck]:
    """Yield what no rehearsal has to show: pods that may take longer to end than a drain waits, and pods that nobody makes anew."""
    limit = pool.drain_minutes * SECONDS
    for pod in pods:
        if not pod.is_drained:
            continue
        where = (pool.name, batch, pod.namespace, pod.name, pod.node)
        if limit and pod.grace_seconds > limit:
            yield Stuck(
                *where,
                "grace",
                f"it may take {pod.grace_seconds} s to end, and a drain waits {limit} s at most",
                f"raise the pool's drain time-out to {-(-pod.grace_seconds // SECONDS)} min or more, or shorten "
                "terminationGracePeriodSeconds",
            )
        if not pod.owner:
            yield Stuck(
                *where,
                "bare",
                "it has no controller: evicted, it is gone for good",
                "let a Deployment or another controller make it, or see that it may go",
            )


def of_refusal(why: str) -> tuple[str, str, str]:
    """Return the code, the reason and the remedy of an eviction that the API server refuses."""
    if "PodDisruptionBudget" in why:
        return (
            "budget",
            why,
            "add a replica, mend those that are not ready, or let the budget allow one disruption",
        )
    return "refused", why, "look at what refuses it"
