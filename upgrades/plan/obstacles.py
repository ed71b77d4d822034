"""Everything that keeps a cluster from a target, with what clears it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.versions.version import minor_text, minors_between

from upgrades import typed
from upgrades.model.steps import Blocker

from .route import MOVING_CHANNELS, leap, stop

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from secure_aks_lifecycle.facts.catalog import Catalog
    from secure_aks_lifecycle.versions.version import Minor, Version

    from upgrades.model.clusters import Cluster, Pool

WINDOW = 'upgrades: {weekly: {day: Sunday}, startTime: "01:00", hours: 8, utcOffset: "+00:00"}'
"""The window of an auto-upgrade channel, for a stack file that has none."""


def blockers(cluster: Cluster, target: Version, catalog: Catalog, on: date) -> list[Blocker]:
    """Return everything that keeps a cluster from a target, all at once."""
    found = _target(cluster, target, catalog, on)
    reachable = not found
    if reachable:
        found = _whole(cluster, target, catalog, on) or _minors(cluster, target, catalog, on)
    if cluster.auto_upgrade.lower() in MOVING_CHANNELS:
        found.append(
            Blocker(
                cluster.name,
                f"auto-upgrade channel '{cluster.auto_upgrade}'",
                "it moves versions by itself, and AKS refuses to upgrade a control plane alone while it is on",
                "write `owner: program` under secure-aks:versionRules, with the versions that run now, and run `up`"
                if cluster.owner == "channel"
                else "set the channel to none or node-image, and run `up`",
            )
        )
    for pool in cluster.pools:
        found += _above(cluster, pool) or (_image(cluster, pool, target, catalog) if reachable else [])
    return found


def _target(cluster: Cluster, target: Version, catalog: Catalog, on: date) -> list[Blocker]:
    support = catalog.support(target, on, lts=cluster.lts)
    what = f"target {target}"
    if support.state == "unknown" and target in (cluster.offered or ()):
        return []  # released since the catalog was written; `notes` says so
    if target < cluster.control_plane:
        return [
            Blocker(
                cluster.name,
                what,
                f"the control plane is already at {cluster.control_plane}, and AKS never lowers one",
                f"name {cluster.control_plane} or a newer version",
            )
        ]
    remedies = {
        "unknown": (
            f"the version catalog of {catalog.date} does not list it, and Azure "
            + (
                "was not asked"
                if cluster.offered is None
                else f"does not offer it ({_names(cluster.offered)})"
            ),
            "check the number, or refresh the catalog: python -m secure_aks_lifecycle refresh --location <region> --write",
        ),
        "preview": (
            f"it is not generally available on {on}",
            f"choose {_newest(catalog, on)} or older, or refresh the catalog once AKS has released it",
        ),
        "platform": (
            f"its support ended on {support.ends}, and AKS no longer offers it",
            f"choose {_newest(catalog, on)} or another supported one",
        ),
        "ended": (
            f"its support ended on {support.ends}",
            f"choose {support.newer or _newest(catalog, on)} or another supported one",
        ),
    }
    if support.state not in remedies or target == cluster.control_plane:
        return []
    return [Blocker(cluster.name, what, *remedies[support.state])]


def _names(versions: Iterable[Version]) -> str:
    return ", ".join(str(one) for one in sorted(versions)) or "it offers nothing"


def _whole(cluster: Cluster, target: Version, catalog: Catalog, on: date) -> list[Blocker]:
    """Return the way that is left to a cluster whose minor has no support and no LTS: all of it at once.

    Source: AKS, "Upgrade an AKS cluster": from N-3 and older, control plane and pools go together, straight to the lowest
    supported minor.
    """
    start = cluster.control_plane
    support = catalog.support(start, on, lts=cluster.lts)
    if cluster.lts or support.state not in {"platform", "ended"} or target.minor == start.minor:
        return []
    lowest = next((one for one in catalog.minors if one.available(on) and on <= one.end_of_life), None)
    patch = catalog.newest_patch(lowest.minor, on) if lowest else None
    if patch is None:
        return []
    group = cluster.resource_group or "<resource group>"
    return [
        Blocker(
            cluster.name,
            f"control plane {start}",
            f"its support ended on {support.ends}; without long-term support AKS upgrades such a cluster only as a whole, control "
            f"plane and pools together, straight to the lowest supported minor",
            f"az aks upgrade --resource-group {group} --name {cluster.name} --kubernetes-version {patch.version}; then "
            f"{_written_down(cluster)}, and plan again",
        )
    ]


def _written_down(cluster: Cluster) -> str:
    """Return how a stack records what was moved outside: several versions in one `up` are refused to their owner `program`.

    An `up` of any other owner asks for what runs, and records it; from then on the file's versions are no step.
    """
    if cluster.owner != "program":
        return "run `up`, which records what runs"
    has_window = cluster.maintenance is not None and cluster.maintenance.upgrades is not None
    window = (
        "" if has_window else f", and `{WINDOW}` under secure-aks:maintenance (a channel needs a window),"
    )
    return (
        f"write `owner: channel` and `channel: patch` under secure-aks:versionRules in Pulumi.{cluster.stack}.yaml{window} and run `up`, "
        f"which records what runs; then `owner: program` without `channel`, with the versions that run by then "
        f"({typed.command('check', cluster.stack)}) for the control plane and every pool, run `up`"
    )


def _newest(catalog: Catalog, on: date) -> str:
    release = catalog.newest(on)
    patch = catalog.newest_patch(release.minor, on) if release else None
    return str(patch.version) if patch else "a version that AKS offers"


def _minors(cluster: Cluster, target: Version, catalog: Catalog, on: date) -> list[Blocker]:
    """Return a blocker for each minor that something has to stop at and of which no patch is known."""
    start = leap(cluster, target) or cluster.control_plane
    stops = {
        (start.major, start.minor_number + n) for n in range(1, minors_between(start.minor, target.minor))
    }
    start = cluster.control_plane
    if not cluster.rules.pool_skips_minors:
        for pool in cluster.pools:
            behind = range(1, minors_between(pool.version.minor, start.minor))
            stops |= {(start.major, pool.version.minor_number + n) for n in behind}
    return [blocker for minor in sorted(stops) for blocker in _stop(cluster, minor, catalog, on)]


def _stop(cluster: Cluster, minor: Minor, catalog: Catalog, on: date) -> Iterator[Blocker]:
    """Yield why a cluster cannot stop at a minor on its way."""
    what = f"minor {minor_text(minor)}"
    version = stop(cluster, minor, catalog, on)
    if version is None:
        yield Blocker(
            cluster.name,
            what,
            "the way to the target leads through it, and the version catalog knows no patch of it",
            "refresh the catalog: python -m secure_aks_lifecycle refresh --location <region> --write",
        )
    elif (support := catalog.support(version, on, lts=cluster.lts)).state in {"ended", "platform"}:
        has_lts = catalog.support(version, on, lts=True).state == "lts"
        lts = "buy long-term support (tier: Premium, supportPlan: AKSLongTermSupport) for the way, or "
        yield Blocker(
            cluster.name,
            what,
            f"the way to the target leads through it, and AKS no longer offers it (support ended on {support.ends})",
            f"{lts if has_lts else ''}move the workloads to a new cluster on a supported version",
        )


def _above(cluster: Cluster, pool: Pool) -> list[Blocker]:
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


def _image(cluster: Cluster, pool: Pool, target: Version, catalog: Catalog) -> list[Blocker]:
    """Return why a pool's nodes cannot run the target: its OS SKU has no image for it."""
    images = catalog.images(pool.os_sku)
    if not images or pool.version >= target or any(image.fits(target.minor) for image in images):
        return []
    instead = images[-1].instead or "another OS SKU"
    mend = (
        f"add a pool with osSku {instead}, move the workloads, remove this one (a Windows OS never changes in place)"
        if pool.os_type == "Windows"
        else f"set osSku: {instead} and run `up` (its nodes are reimaged)"
    )
    return [
        Blocker(
            cluster.name,
            f"pool {pool.name}",
            f"{pool.os_sku} does not exist for {minor_text(target.minor)}",
            mend,
        )
    ]
