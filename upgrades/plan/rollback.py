"""The way back of a node pool: what AKS asks for, what it changes, and the permit that lets it pass.

Source: AKS, "Roll back a node pool version" (API 2026-04-01): within seven days of the upgrade, once, with auto-upgrade off,
to the version it had before, which still has to be supported; a control plane never goes back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from upgrades import typed
from upgrades.model.clusters import CONTROL_PLANE
from upgrades.model.steps import Blocker, Plan, Step

from .cost import pool_duration, pool_needs
from .rollback_conditions import ran_before, refusals

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from secure_aks_lifecycle.facts.catalog import Catalog
    from secure_aks_lifecycle.stack.record import ClusterState
    from secure_aks_lifecycle.versions.version import Version

    from upgrades.model.clusters import Cluster, Pool

TROUBLE = frozenset(
    {
        "STATE001",
        "NODE001",
        "NODE003",
        "ALERT001",
        "WINDOW001",
        "PROMO001",
        "POD001",
        "POD002",
        "POD003",
        "ADDON001",
    }
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


def held_outside(cluster: Cluster, recorded: ClusterState) -> Cluster:
    """Return a cluster as it runs whose plans leave out what pools were taken back from outside, as if it were written down already."""
    held, found = dict(cluster.held), outside(recorded, {pool.name: pool.version for pool in cluster.pools})
    for one in found:
        held[one.pool] = held.get(one.pool, frozenset()) | {one.recorded}
    return replace(cluster, held=held, outside=frozenset(one.pool for one in found))


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
    earlier = ran_before(state.runs, here.version)
    found = list(refusals(cluster, here, state.runs, earlier, catalog, now, offered))
    if found or earlier is None:
        return Plan(cluster, here.version, (), tuple(found))
    reason = f"it goes back to what it ran before {here.version}, which is held back from then on"
    return Plan(cluster, earlier, (_step(cluster, here, here.version, earlier, reason),))


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


def _blocked(cluster: Cluster, target: Version, what: str, why: str, unblock: str) -> Plan:
    return Plan(cluster, target, (), (Blocker(cluster.name, what, why, unblock),))
