"""Whether a pool's nodes have an operating system at a target, and in which order to get one that has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.versions.os_successor import Successor, successor
from secure_aks_lifecycle.versions.version import minor_text

from upgrades import typed
from upgrades.model.steps import Blocker

from .route import stop

if TYPE_CHECKING:
    from datetime import date

    from secure_aks_lifecycle.facts.catalog import Catalog
    from secure_aks_lifecycle.versions.version import Version

    from upgrades.model.clusters import Cluster, Pool


def image(  # noqa: PLR0913  # what the advice depends on
    cluster: Cluster, pool: Pool, target: Version, catalog: Catalog, on: date, *, steps: bool = True
) -> list[Blocker]:
    """Return why a pool's nodes cannot run the target: its OS SKU has no image for it. `steps`: the pool may go minor by minor."""
    images = catalog.images(pool.os_sku)
    if not images or pool.version >= target or any(one.fits(target.minor) for one in images):
        return []
    found = successor(images, pool.version.minor, target.minor, catalog, on, steps=steps)
    mend = _other(cluster, pool, found.sku if found else "another OS SKU")
    if found and found.first:
        mend = f"{_there(cluster, pool, found, catalog, on)}, and there {mend}"
    return [
        Blocker(
            cluster.name,
            f"pool {pool.name}",
            f"{pool.os_sku} does not exist for {minor_text(target.minor)}",
            mend,
        )
    ]


def _other(cluster: Cluster, pool: Pool, sku: str) -> str:
    """Say how a pool gets another OS SKU: in place, or a new pool in its place."""
    if pool.os_type != "Windows":
        return f"set osSku: {sku} and run `up` (its nodes are reimaged)"
    if not cluster.has_stack or pool.mode == "System":
        return f"add a pool with osSku {sku}, move the workloads, remove this one (a Windows OS never changes in place)"
    words = typed.command("replace-pool", cluster.stack, "--pool", pool.name, "--set", f"osSku={sku}")
    return f"put a pool with osSku {sku} in its place (a Windows OS never changes in place): {words}"


def _there(cluster: Cluster, pool: Pool, found: Successor, catalog: Catalog, on: date) -> str:
    """Say how a pool gets to the minor at which its next OS begins."""
    minor = found.first or pool.version.minor
    version = stop(cluster, minor, catalog, on)
    why = f"{found.sku} begins at {minor_text(minor)}: take the pool there first"
    if version is None or not cluster.has_stack:
        return why
    if cluster.control_plane.minor <= minor:
        to = max(version, cluster.control_plane)
        return f"{why} ({typed.command('rollout', cluster.stack, '--to', str(to))})"
    return f"{why} (write `version: {version}` for pool {pool.name} in the stack file, and run `up`)"
