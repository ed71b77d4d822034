"""Promotion as the planner and a gate see it: what has run on the stack that goes first, and who waits for this one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle.stack.outputs import from_outputs
from secure_aks_lifecycle.stack.record import ClusterState, PoolState, parse_versions
from secure_aks_lifecycle.versions.promotion import Followed, unproven

from upgrades.model.clusters import CONTROL_PLANE
from upgrades.model.moves import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from secure_aks_lifecycle.stack.record import Versions
    from secure_aks_lifecycle.versions.version import Version

    from upgrades.model.clusters import Cluster
    from upgrades.model.moves import Move
    from upgrades.model.steps import Step

LINUX = "Linux"
"""The operating system of a pool that names none."""


@dataclass(frozen=True, slots=True)
class Leader:
    """The stack that goes first: what it has recorded, the days it has to prove a version, our pools' operating systems."""

    stack: str
    versions: Versions
    soak_days: int
    os_types: Mapping[str, str] = field(default_factory=dict[str, str])

    def refusals(self, step: Step, now: datetime) -> list[str]:
        """Return why a step has to wait, in the lifecycle pack's own words."""
        followed = Followed(self.stack, self.versions, self.soak_days)
        before, after = (self._state(step, version) for version in (step.before, step.after))
        if _adds(step.move):  # the version is the old pool's, and all of the new pool is new
            before = {step.cluster: ClusterState(step.before)}
        return [refusal.message for refusal in unproven(before, after, followed, now)]

    def notes(self, steps: Iterable[Step], now: datetime) -> list[str]:
        """Return what a plan says of the steps at which promotion would stop it now."""
        return [
            f"PROMO001 would stop before {step.target}: {why}"
            for step in steps
            for why in self.refusals(step, now)
        ]

    def _state(self, step: Step, version: Version) -> Versions:
        """Return a cluster in which nothing but the step's target can be new."""
        if step.is_control_plane:
            return {step.cluster: ClusterState(version)}
        pool = PoolState(version, self._os_of(step))
        return {step.cluster: ClusterState(step.after, {step.target: pool})}

    def _os_of(self, step: Step) -> str:
        """Return the operating system of a step's pool; one that is added has its old one's, unless it is asked otherwise."""
        if step.move is None:
            return self.os_types.get(step.target, LINUX)
        asked = step.move.values.get("osType", self.os_types.get(step.move.old, LINUX))
        return str(asked or LINUX)


def _adds(move: Move | None) -> bool:
    return move is not None and move.kind is Kind.ADD


def recorded(outputs: Mapping[str, Any] | None) -> Versions:
    """Return what a stack's outputs record; nothing when it is not up. Raises ValueError for another shape."""
    return parse_versions(from_outputs(outputs)) if outputs and "versions" in outputs else {}


def promoted(
    cluster: Cluster,
    own: Versions,
    leader: Versions,
    followers: Iterable[tuple[int, Versions]],
    now: datetime,
) -> Cluster:
    """Return a cluster with what promotion asks of its plan.

    `own`, `leader` and `followers` (with the days each asks for) are what these stacks have recorded.
    """
    waiting = list(followers)
    days = max((days for days, _ in waiting), default=0)
    return replace(
        cluster,
        proven=_run(leader),
        follower_days=days,
        hold_days=_hold(own, [versions for _, versions in waiting], days, now),
    )


def _run(versions: Versions) -> frozenset[Version]:
    """Return every version that something of a stack has run."""
    states = [state for cluster in versions.values() for state in (cluster, *cluster.pools.values())]
    return frozenset(run.version for state in states for run in state.runs)


def _hold(own: Versions, followers: list[Versions], days: int, now: datetime) -> dict[str, int]:
    """Return the days for which each target still has to run its version, because a follower has yet to take it."""
    theirs = [cluster.control_plane for versions in followers for cluster in versions.values()]
    found: dict[str, int] = {}
    for cluster in own.values():
        targets: dict[str, ClusterState | PoolState] = {CONTROL_PLANE: cluster, **cluster.pools}
        for name, state in targets.items():
            for run in state.runs[:1]:  # the one that runs now
                if run.since is not None and any(version < run.version for version in theirs):
                    left = run.since + timedelta(days=days) - now
                    found[name] = -(-left // timedelta(days=1))
    return {name: left for name, left in found.items() if left > 0}
