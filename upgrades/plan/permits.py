"""Permits that let a move past the lifecycle pack which is no upgrade's step: one-time, short, and in a journal."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from secure_aks_lifecycle.versions.permit import Move, Permit

from upgrades.model.clusters import CONTROL_PLANE

if TYPE_CHECKING:
    from datetime import datetime

    from secure_aks_lifecycle.stack.record import ClusterState

    from upgrades.model.clusters import Cluster
    from upgrades.model.steps import Step


PERMITTED = timedelta(hours=4)
"""How long a permit holds: a preview and an `up` of one pool, its drains at their longest left out."""


def permit(step: Step, now: datetime, entry: str) -> Permit:
    """Return the permit that a rollback hands to its preview and `up`; `entry` is where the journal has it."""
    move = Move(step.cluster, step.target, step.before, step.after)
    return Permit(entry, f"rollback of pool {step.target}", now + PERMITTED, frozenset({move}))


def whole_cluster(recorded: ClusterState, cluster: Cluster, now: datetime, entry: str) -> Permit:
    """Return the permit that writes down a full-cluster upgrade that was done outside: every version that runs now."""
    running = {CONTROL_PLANE: cluster.control_plane, **{pool.name: pool.version for pool in cluster.pools}}
    before = {
        CONTROL_PLANE: recorded.control_plane,
        **{name: state.version for name, state in recorded.pools.items()},
    }
    moves = frozenset(
        Move(cluster.name, target, before[target], after)
        for target, after in running.items()
        if target in before and before[target] != after
    )
    if not moves:
        raise ValueError(f"{cluster.name}: runs what the stack recorded; there is nothing to write down")
    return Permit(entry, "what was upgraded outside, written down", now + PERMITTED, moves)
