"""What Azure's upgrade profiles say about a plan: they decide, where Azure can be asked.

`offers` are the released versions that Azure takes next, by target (the control plane or a pool); a missing target was not
asked for. A profile speaks of now only: of the steps of a plan it can judge the first, and whether pools may skip minors where one is
far enough behind to show it. It never allows more than the stack's own rules, to which the lifecycle pack
holds every step.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from secure_aks_lifecycle.versions.version import minors_between

from upgrades.model.clusters import CONTROL_PLANE
from upgrades.model.steps import Blocker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from secure_aks_lifecycle.versions.version import Version

    from upgrades.model.clusters import Cluster
    from upgrades.model.steps import Plan


def narrowed(cluster: Cluster, offers: Mapping[str, frozenset[Version]]) -> Cluster:
    """Return a cluster that knows what Azure offers it and its pools, and whose pools skip no minors when Azure offers one of them none that does."""
    pools = tuple(
        replace(pool, offered=offers[pool.name]) if pool.name in offers else pool for pool in cluster.pools
    )
    cluster = replace(cluster, pools=pools, offered=offers.get(CONTROL_PLANE, cluster.offered))
    behind = [
        pool
        for pool in cluster.pools
        if pool.name in offers and minors_between(pool.version.minor, cluster.control_plane.minor) > 1
    ]
    held = any(
        all(minors_between(pool.version.minor, one.minor) <= 1 for one in offers[pool.name])
        for pool in behind
    )
    if not held:
        return cluster
    return replace(cluster, rules=replace(cluster.rules, pool_skips_minors=False), pools_leap=False)


def as_offered(made: Plan, offers: Mapping[str, frozenset[Version]]) -> Plan:
    """Return the plan, blocked when Azure was asked and does not take its first step."""
    if not made.steps:
        return made
    step = made.steps[0]
    offered = offers.get(step.target)
    if offered is None or step.after in offered:
        return made
    names = ", ".join(str(one) for one in sorted(offered)) or "none"
    why = f"Azure offers it these versions now: {names}"
    wait = f"wait until the region has {step.after}"
    unblock = f"write one of those for {step.target}, or {wait}" if offered else wait
    return replace(
        made, steps=(), blockers=(Blocker(made.cluster.name, f"{step.target} to {step.after}", why, unblock),)
    )
