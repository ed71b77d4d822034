"""The versions a control plane passes on its way to a target, and what blocks the way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from secure_aks_lifecycle.versions.version import minors_between

from upgrades import typed

if TYPE_CHECKING:
    from datetime import date

    from secure_aks_lifecycle.facts.catalog import Catalog
    from secure_aks_lifecycle.versions.version import Minor, Version

    from upgrades.model.clusters import Cluster, Pool

MOVING_CHANNELS = {"rapid", "stable", "patch"}
"""Auto-upgrade channels that move versions and so fight a pinned one; node-image moves images only."""


def route(cluster: Cluster, target: Version, catalog: Catalog, on: date) -> list[Version | None]:
    """Return the versions after the control plane's, minor by minor; None for a minor of which no patch is known."""
    start = cluster.control_plane
    if target <= start:
        return []
    if (far := leap(cluster, target)) is not None:
        rest = route(replace(cluster, control_plane=far, offered=None), target, catalog, on)
        return [far, *rest]
    between = range(1, minors_between(start.minor, target.minor))
    minors = ((start.major, start.minor_number + n) for n in between)
    return [*(stop(cluster, minor, catalog, on) for minor in minors), target]


def leap(cluster: Cluster, target: Version) -> Version | None:
    """Return the furthest version on the way for which a cluster with long-term support skips minors; None: it does not.

    Azure says where it may: LTS clusters skip minors where that is offered. The pools have to stay within the skew.
    """
    if not cluster.lts:
        return None
    start, furthest = cluster.control_plane, cluster.rules.skew_minors
    far = [
        version
        for version in cluster.offered or ()
        if 1 < minors_between(start.minor, version.minor) <= furthest
        and (version == target or version.minor < target.minor)
    ]
    return max(far, default=None)


def stop(
    cluster: Cluster, minor: Minor, catalog: Catalog, on: date, pool: Pool | None = None
) -> Version | None:
    """Return the version at which a cluster, or one of its pools, stops on its way through a minor; None when no patch is known.

    That is the newest patch that the stack it follows has proven (of those that Azure offers, where it offers one of them), else
    the newest that Azure offers, else of the catalog: AKS offers the newest patches of a minor alone, which the catalog may not
    list yet, and a region gets each in its own time. A pool has a profile of its own, which goes before its control plane's.
    """
    proven = {version for version in cluster.proven if version.minor == minor}
    own = {version for version in (pool.offered if pool else None) or () if version.minor == minor}
    offered = own or {version for version in cluster.offered or () if version.minor == minor}
    newest = catalog.newest_patch(minor, on)
    return max(proven & offered or proven or offered, default=newest.version if newest else None)


def notes(cluster: Cluster, target: Version, catalog: Catalog, on: date) -> list[str]:
    """Return what a reader of the plan has to know beside its steps."""
    support = catalog.support(target, on, lts=cluster.lts)
    if support.state not in {"unknown", "preview"} or target == cluster.control_plane:
        return []
    told = f"{target} is newer than the version catalog of {catalog.date}, so its support is unknown"
    if support.state == "preview":
        told = f"{target} is a preview by the version catalog of {catalog.date}, for which the packs keep it out of production"
    return [f"{told}; Azure offers it, and the plan takes it. Refresh the catalog: {typed.refresh_catalog()}"]
