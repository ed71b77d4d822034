"""The way back of a node pool: what AKS asks for, what it changes, and the permit that lets it pass.

Source: AKS, "Roll back a node pool version" (API 2026-04-01): within seven days of the upgrade, once, with auto-upgrade off,
to the version it had before, which still has to be supported; a control plane never goes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from secure_aks_lifecycle.permit import Move, Permit

from . import typed
from .cost import pool_duration, pool_needs
from .fleet import CONTROL_PLANE, Blocker, Plan, Step
from .route import MOVING_CHANNELS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from secure_aks_lifecycle.catalog import Catalog
    from secure_aks_lifecycle.record import ClusterState, Run
    from secure_aks_lifecycle.version import Version

    from .fleet import Cluster, Pool

WITHIN = timedelta(days=7)
"""How long after an upgrade AKS takes a pool back."""
PERMITTED = timedelta(hours=4)
"""How long a permit holds: a preview and an `up` of one pool, its drains at their longest left out."""


TROUBLE = frozenset(
    {"STATE001", "NODE001", "NODE003", "ALERT001", "WINDOW001", "PROMO001", "POD001", "POD002", "POD003"}
)
"""Gates that tell of the trouble for which a pool is taken back, or of when and where an upgrade goes: shown, they stop no way back."""


@dataclass(frozen=True, slots=True)
class RolledBack:
    """A pool that runs an older version than the stack recorded: somebody took it back outside."""

    pool: str
    recorded: Version
    running: Version

    @property
    def words(self) -> str:
        """What is so, for a finding."""
        return f"pool {self.pool} runs {self.running}, below the {self.recorded} that the stack recorded: it was rolled back outside"

    def remedy(self, stack: str) -> str:
        """Return the command that writes it down."""
        return (
            f"{typed.command('rollback', stack, '--pool', self.pool)} writes {self.running} into the stack file and holds "
            f"{self.recorded} back until somebody lifts that"
        )


def outside(recorded: ClusterState, running: Mapping[str, Version]) -> list[RolledBack]:
    """List the pools that were taken back outside: what runs in Azure, by target, is older than what the stack recorded."""
    return [
        RolledBack(name, state.version, running[name])
        for name, state in recorded.pools.items()
        if name in running and running[name] < state.version
    ]


def rollback(  # noqa: PLR0913 - each is a separate input
    cluster: Cluster,
    pool: str,
    recorded: ClusterState,
    catalog: Catalog,
    now: datetime,
    *,
    offered: frozenset[Version] | None = None,
) -> Plan:
    """Return the plan that takes a pool back, as one step; blockers when AKS does not take it back.

    `cluster` is what runs in Azure. Where the pool runs an older version than `recorded` already, the step writes down what is
    so. `offered` are the versions that Azure names as recently used (`recentlyUsedVersions`); None when it was not asked.
    """
    if pool == CONTROL_PLANE:
        return _blocked(
            cluster,
            cluster.control_plane,
            pool,
            "AKS never lowers one",
            "leave it, and go on to a newer patch",
        )
    here = next((one for one in cluster.pools if one.name == pool), None)
    if here is None or pool not in recorded.pools:
        names = ", ".join(one.name for one in cluster.pools) or "none"
        return _blocked(
            cluster, cluster.control_plane, f"pool {pool}", "there is no such pool", f"name one of: {names}"
        )
    state = recorded.pools[pool]
    if here.version < state.version:
        reason = f"it was rolled back outside from {state.version}; this writes down what runs, and holds {state.version} back"
        return Plan(cluster, here.version, (_step(cluster, here, state.version, here.version, reason),))
    earlier = _before(state.runs, here.version)
    found = list(_refusals(cluster, here, state.runs, earlier, catalog, now, offered))
    if found or earlier is None:
        return Plan(cluster, here.version, (), tuple(found))
    reason = f"it goes back to what it ran before {here.version}, which is held back from then on"
    return Plan(cluster, earlier, (_step(cluster, here, here.version, earlier, reason),))


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


def _step(cluster: Cluster, pool: Pool, before: Version, after: Version, reason: str) -> Step:
    return Step(
        cluster.stack,
        cluster.name,
        pool.name,
        before,
        after,
        reason,
        pool_duration(pool),
        pool_needs(pool),
        pool=pool,
    )


def _before(runs: tuple[Run, ...], version: Version) -> Version | None:
    """Return what ran before a version; None when that is not recorded."""
    earlier = [(run.until, run.version) for run in runs if run.until is not None and run.version != version]
    return max(earlier)[1] if earlier else None


def _refusals(  # noqa: PLR0913, PLR0917 - the conditions of AKS, one after another
    cluster: Cluster,
    pool: Pool,
    runs: tuple[Run, ...],
    earlier: Version | None,
    catalog: Catalog,
    now: datetime,
    offered: frozenset[Version] | None,
) -> list[Blocker]:
    what, found = f"pool {pool.name}", list[Blocker]()

    def refuse(why: str, unblock: str) -> None:
        found.append(Blocker(cluster.name, what, why, unblock))

    if earlier is None:
        refuse(
            "the stack has not recorded what it ran before",
            "nothing can be taken back; go on to a newer patch",
        )
        return found
    since = next((run.since for run in runs if run.version == pool.version and run.until is None), None)
    if since is None:
        refuse(
            f"it is not recorded since when it runs {pool.version}, and AKS asks for less than 7 days",
            "ask Azure: az aks nodepool show",
        )
    elif now - since > WITHIN:
        refuse(
            f"it runs {pool.version} since {since:%Y-%m-%d %H:%M} UTC, and AKS takes a pool back within {WITHIN.days} days",
            "add a pool on the older version beside it, move the workloads, and remove this one",
        )
    if earlier > pool.version:
        refuse(
            f"it was taken back from {earlier} already, and AKS does that once for an upgrade",
            "go on to a newer patch than both",
        )
    if cluster.auto_upgrade.lower() in MOVING_CHANNELS:
        refuse(
            f"the auto-upgrade channel '{cluster.auto_upgrade}' is on, and AKS takes nothing back while it is",
            "set the channel to none or node-image, and run `up`",
        )
    support = catalog.support(earlier, now.date(), lts=cluster.lts)
    if support.state in {"ended", "platform"}:
        refuse(
            f"support of {earlier} ended on {support.ends}, and AKS goes back to supported versions only",
            "go on to a newer patch",
        )
    if offered is not None and earlier not in offered:
        names = ", ".join(str(one) for one in sorted(offered)) or "none"
        refuse(
            f"Azure does not offer {earlier} as a version to go back to (it names: {names})",
            "look at it: az aks nodepool get-rollback-versions",
        )
    return found


def _blocked(cluster: Cluster, target: Version, what: str, why: str, unblock: str) -> Plan:
    return Plan(cluster, target, (), (Blocker(cluster.name, what, why, unblock),))
