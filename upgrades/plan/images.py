"""Newer node images for the pools of a cluster, pool by pool, in the order of an upgrade; versions stay as they are.

Source: AKS, "Upgrade node images": a new image for Linux every week, for Windows every month; a pool takes the newest there is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from upgrades.model.steps import Blocker, Plan, Step

from .cost import most_of, pool_duration, pool_needs

if TYPE_CHECKING:
    from collections.abc import Collection

    from upgrades.check.values import Observed
    from upgrades.model.clusters import Pool


def images(seen: Observed, pools: Collection[str] = ()) -> Plan:
    """Return the plan that gives the pools (all, unless some are named) their newest node images.

    A pool whose image or newest image Azure did not tell blocks it, and so does a name that no pool has.
    """
    cluster = seen.cluster
    names = [pool.name for pool in cluster.pools]
    stuck = [
        Blocker(cluster.name, f"pool {name}", "there is no such pool", f"name one of: {', '.join(names)}")
        for name in pools
        if name not in names
    ]
    wanted = [
        pool for pool in sorted(cluster.pools, key=lambda one: one.rank) if not pools or pool.name in pools
    ]
    untold = [
        pool.name for pool in wanted if not (seen.images.get(pool.name) and seen.newest_images.get(pool.name))
    ]
    stuck += [
        Blocker(
            cluster.name,
            f"pool {name}",
            "Azure does not say which node image it runs, or which is the newest",
            _WHY,
        )
        for name in untold
    ]
    if stuck:
        return Plan(cluster, cluster.control_plane, (), tuple(stuck))
    steps = (_step(seen, pool) for pool in wanted if seen.images[pool.name] != seen.newest_images[pool.name])
    return Plan(cluster, cluster.control_plane, tuple(steps))


_WHY = "check the access to Azure, and that the pool is not being made or deleted"


def _step(seen: Observed, pool: Pool) -> Step:
    made = Step(
        seen.cluster.stack,
        seen.cluster.name,
        pool.name,
        pool.version,
        pool.version,
        "a newer node image is out, with the security updates of its operating system",
        pool_duration(pool),
        pool_needs(pool),
        most=most_of(pool),
        pool=pool,
    )
    return replace(made, image_before=seen.images[pool.name], image_after=seen.newest_images[pool.name])
