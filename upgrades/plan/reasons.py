"""Why a step comes when it comes, and what always comes with it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from secure_aks_lifecycle.facts.changes import Changes
from secure_aks_lifecycle.versions.version import minors_between

from upgrades import typed

if TYPE_CHECKING:
    from secure_aks_lifecycle.versions.version import Minor, Version

    from upgrades.model.clusters import Cluster, Pool


def held(pool: str, cluster: Cluster, version: Version) -> tuple[str, str]:
    """Return why a pool does not take a version that is held after a rollback, and how the hold is lifted."""
    lift = typed.command("rollback", cluster.stack, f"--pool {pool} --lift --reason '<why it is good now>'")
    because = f"it was rolled back from {version}, which no plan takes again"
    if pool not in cluster.outside:
        return because, f"lift the hold: {lift}"
    written = typed.command("rollback", cluster.stack, "--pool", pool)
    return because.replace(
        "rolled back", "rolled back outside"
    ), f"write it down ({written}) and lift it: {lift}"


@lru_cache(maxsize=1024)
def comes_with_pool(before: Minor, after: Minor, os_sku: str) -> tuple[str, ...]:
    """Return the names of what always comes with a pool's step."""
    return tuple(one.name for one in Changes.load().of_pool(before, after, os_sku) if not one.uses)


@lru_cache(maxsize=1024)
def comes_with_control_plane(before: Minor, after: Minor) -> tuple[str, ...]:
    """Return the names of what always comes with a control plane's step."""
    return tuple(one.name for one in Changes.load().of_control_plane(before, after) if not one.uses)


def why(pool: Pool, steps_left: int, target: Version) -> str:
    """Return why a pool moves now, when it has so many steps left."""
    if steps_left > 1:
        return f"a pool moves one minor at a time on its way to {target}; those with the longest way go first"
    if pool.mode == "System":
        return "system pools go before user pools"
    if pool.canary:
        return "canaries go before the other user pools"
    if pool.os_type == "Windows":
        return "Windows pools go last"
    return "user pools follow the system pools"


def why_control_plane(before: Version, version: Version, target: Version) -> str:
    """Return why a control plane goes to a version on its way to the target."""
    if minors_between(before.minor, version.minor) > 1:
        return "with long-term support Azure lets it skip minors, and offers this one"
    if version != target:
        return f"a control plane moves one minor at a time on its way to {target}"
    return "the control plane goes before its pools"
