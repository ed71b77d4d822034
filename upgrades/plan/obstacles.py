"""Everything that keeps a cluster from a target, with what clears it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.versions.version import minor_text, minors_between

from upgrades import typed
from upgrades.model.steps import Blocker

from .os_images import image
from .out_of_support import left_behind, way
from .route import MOVING_CHANNELS, leap, stop

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from secure_aks_lifecycle.facts.catalog import Catalog
    from secure_aks_lifecycle.versions.version import Minor, Version

    from upgrades.model.clusters import Cluster, Pool


def blockers(cluster: Cluster, target: Version, catalog: Catalog, on: date) -> list[Blocker]:
    """Return everything that keeps a cluster from a target, all at once."""
    found = _target(cluster, target, catalog, on)
    reachable = not found
    if reachable:
        found = left_behind(cluster, target, catalog, on) or _minors(cluster, target, catalog, on)
    if cluster.auto_upgrade.lower() in MOVING_CHANNELS:
        found.append(
            Blocker(
                cluster.name,
                f"auto-upgrade channel '{cluster.auto_upgrade}'",
                "it moves versions by itself, and AKS refuses to upgrade a control plane alone while it is on",
                "write `owner: program` under secure-aks:versionRules, with the versions that run now, and run `up`"
                if cluster.owner == "channel"
                else _switch_off(cluster),
            )
        )
    for pool in cluster.pools:
        found += above(cluster, pool) or (image(cluster, pool, target, catalog, on) if reachable else [])
    return found


def _switch_off(cluster: Cluster) -> str:
    if cluster.has_stack:
        return "set the channel to none or node-image, and run `up`"
    where = f"--resource-group {cluster.resource_group} --name {cluster.name}"
    return f"let it be, or switch it off: az aks update {where} --auto-upgrade-channel none"


def _target(cluster: Cluster, target: Version, catalog: Catalog, on: date) -> list[Blocker]:
    support = catalog.support(target, on, lts=cluster.lts)
    what = f"target {target}"
    if support.state in {"unknown", "preview"} and target in (cluster.offered or ()):
        return []  # released since the catalog was written (previews are not among the offers); `notes` says so
    if target < cluster.control_plane:
        return [
            Blocker(
                cluster.name,
                what,
                f"the control plane is already at {cluster.control_plane}, and AKS never lowers one",
                f"name {cluster.control_plane} or a newer version",
            )
        ]
    supported = f"choose {_newest(catalog, on)} or another supported one"
    if out := way(cluster, catalog, on):
        supported = f"the cluster has no support itself and goes as a whole: {out}"
    remedies = {
        "unknown": (
            f"the version catalog of {catalog.date} does not list it{_as_released(target, catalog)}, and Azure "
            + (
                "was not asked"
                if cluster.offered is None
                else f"does not offer it ({_names(cluster.offered)})"
            ),
            f"check the number, or refresh the catalog: {typed.refresh_catalog()}",
        ),
        "preview": (
            f"it is not generally available on {on}",
            f"choose {_newest(catalog, on)} or older, or refresh the catalog once AKS has released it",
        ),
        "platform": (
            f"its support ended on {support.ends}, and AKS no longer offers it",
            supported,
        ),
        "ended": (
            f"its support ended on {support.ends}",
            f"choose {support.newer} or another supported one" if support.newer else supported,
        ),
    }
    if support.state not in remedies or target == cluster.control_plane:
        return []
    return [Blocker(cluster.name, what, *remedies[support.state])]


def _as_released(target: Version, catalog: Catalog) -> str:
    release = catalog.release(target.minor)
    return " as released" if release and release.preview else ""


def _names(versions: Iterable[Version]) -> str:
    return ", ".join(str(one) for one in sorted(versions)) or "it offers nothing"


def _newest(catalog: Catalog, on: date) -> str:
    release = catalog.newest(on)
    patch = catalog.newest_patch(release.minor, on) if release else None
    return str(patch.version) if patch else "a version that AKS offers"


def _minors(cluster: Cluster, target: Version, catalog: Catalog, on: date) -> list[Blocker]:
    """Return a blocker for each minor that something has to stop at and of which no patch is known."""
    start = leap(cluster, target) or cluster.control_plane
    stops: dict[Minor, Pool | None] = {
        (start.major, start.minor_number + n): None
        for n in range(1, minors_between(start.minor, target.minor))
    }
    start = cluster.control_plane
    if not cluster.rules.pool_skips_minors:
        for pool in cluster.pools:
            for n in range(1, minors_between(pool.version.minor, start.minor)):
                minor = (start.major, pool.version.minor_number + n)
                if stops.get(minor) is None or stop(cluster, minor, catalog, on, pool) is None:
                    stops[minor] = pool  # of several, one that finds no patch
    return [
        blocker for minor in sorted(stops) for blocker in _stop(cluster, minor, stops[minor], catalog, on)
    ]


def _stop(cluster: Cluster, minor: Minor, pool: Pool | None, catalog: Catalog, on: date) -> Iterator[Blocker]:
    """Yield why a cluster, or a pool of it, cannot stop at a minor on its way."""
    what = f"minor {minor_text(minor)}"
    version = stop(cluster, minor, catalog, on, pool)
    if version is None:
        yield Blocker(
            cluster.name,
            what,
            "the way to the target leads through it, and the version catalog knows no patch of it",
            f"refresh the catalog: {typed.refresh_catalog()}",
        )
    elif (support := catalog.support(version, on, lts=cluster.lts)).state in {"ended", "platform"}:
        has_lts = catalog.support(version, on, lts=True).state == "lts"
        lts = "buy long-term support (tier: Premium, supportPlan: AKSLongTermSupport) for the way, or "
        yield Blocker(
            cluster.name,
            what,
            f"the way to the target leads through it, and AKS no longer offers it (support ended on {support.ends})",
            f"{lts if has_lts else ''}{_around(cluster, minor)}",
        )


def _around(cluster: Cluster, minor: Minor) -> str:
    """Return the way that is left where a minor cannot be passed through: past it for pools that are behind, else out of the cluster."""
    if minor >= cluster.control_plane.minor:
        return "move the workloads to a new cluster on a supported version"
    return (
        f"put a pool at {cluster.control_plane} beside each that is behind, and move its pods there; where Azure lets a pool skip minors "
        "(az aks nodepool get-upgrades), write `poolSkipsMinors: true` under secure-aks:versionRules"
    )


def above(cluster: Cluster, pool: Pool) -> list[Blocker]:
    """Return that a pool is above its control plane."""
    if pool.version > cluster.control_plane:
        return [
            Blocker(
                cluster.name,
                f"pool {pool.name}",
                f"its {pool.version} is above the control plane's {cluster.control_plane}, which AKS does not allow",
                "find out who changed it; refresh the stack, and move the control plane first",
            )
        ]
    return []
