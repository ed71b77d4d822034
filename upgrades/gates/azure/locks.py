"""Resource locks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades import typed
from upgrades.gates.base import Finding, Gate
from upgrades.model.moves import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.surroundings import Lock
    from upgrades.model.view import View

OURS = "secure-aks"
"""The name of the lock that `secure-aks:cluster.lock` makes (components/program/lock.py)."""
POOLS = "/agentpools/"
BELOW_A_GROUP = "/providers/microsoft.containerservice/managedclusters/"


class Locks(Gate):
    """AKS checks locks itself: one on its nodes' resource group stops an upgrade half-way or at once; one on the cluster that forbids deleting alone stops no upgrade, as Azure's pages together have it; none says it outright."""

    code = "LOCK001"
    title = "No resource lock stands in the way"
    reads = ("locks",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        for lock in view.locks or ():
            if _is_on_another_pool(lock, step):
                continue
            if _is_on_the_cluster(lock) and lock.level == "CanNotDelete":
                if step.move is None or step.move.kind is not Kind.REMOVE:
                    continue  # nodes lie in another group, and nothing below the cluster is deleted
                yield Finding(
                    f"lock {lock.name}", f"({lock.level}) on {lock.scope} keeps the pool", _off(lock, step)
                )
            else:
                what = "changing nodes" if lock.level == "CanNotDelete" else "changing anything"
                yield Finding(
                    f"lock {lock.name}",
                    f"({lock.level}) on {lock.scope} keeps Azure from {what}",
                    _off(lock, step),
                )


def _is_on_the_cluster(lock: Lock) -> bool:
    return BELOW_A_GROUP in f"{lock.scope.lower()}/"


def _is_on_another_pool(lock: Lock, step: Step) -> bool:
    """Tell whether a lock stands on a pool that the step leaves alone; a control plane's changes the cluster of all."""
    pool = lock.scope.lower().partition(POOLS)[2]
    return bool(pool) and not any(part.is_control_plane or part.target.lower() == pool for part in step.parts)


def _off(lock: Lock, step: Step) -> str:
    """Say how a lock goes: what the stack made goes by its file, so that no `up` makes it anew."""
    if _is_on_the_cluster(lock) and lock.name == OURS:
        return f"write `lock: false` under secure-aks:cluster, `{typed.bring_up(step.stack)}`, `resume`; then put the line back and `up` again"
    return f"take it off for the rollout: az lock delete --ids {lock.id or '<its id>'}"
