"""A full-cluster upgrade: the one change of several versions that AKS has, for a cluster that is out of support without LTS.

Source: AKS, "Upgrade an AKS cluster": from N-3 and older, control plane and pools go together, straight to the lowest supported minor.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from secure_aks_lifecycle.versions.version import Version, minor_text

from upgrades import typed
from upgrades.model.clusters import CONTROL_PLANE, WHOLE
from upgrades.model.steps import Blocker, Needs, Plan, Step

from .cost import CONTROL_PLANE as CONTROL_PLANE_DURATION
from .cost import pool_duration, pool_needs
from .os_images import image
from .out_of_support import lowest_supported, without_support
from .reasons import held

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date

    from secure_aks_lifecycle.facts.catalog import Catalog
    from secure_aks_lifecycle.stack.record import ClusterState

    from upgrades.model.clusters import Cluster, Pool


def patch_of(text: str, cluster: Cluster, catalog: Catalog, on: date) -> Version:
    """Read a version, or a minor: then it is the newest patch of it that Azure offers, else that the catalog lists. Raises ValueError."""
    if text.count(".") != 1:
        return Version.parse(text)
    minor = Version.parse(f"{text}.0").minor
    offered = [one for one in cluster.offered or () if one.minor == minor]
    newest = catalog.newest_patch(minor, on)
    if offered or newest:
        return max(offered) if offered or newest is None else newest.version
    raise ValueError(f"{text}: no patch of it is known; write it in full, as x.y.z")


def whole_cluster(  # noqa: PLR0913, PLR0917 - each is a separate input
    cluster: Cluster,
    recorded: ClusterState,
    there: Collection[str],
    target: Version,
    catalog: Catalog,
    on: date,
) -> Plan:
    """Return the plan that takes the control plane and all pools to a version in one step, or everything that blocks it.

    `cluster` is what runs in Azure, `recorded` what the stack recorded, `there` the names of the pools in Azure. What runs the version
    already (the upgrade was done outside, or cut off) is only written down.
    """
    before = replace(cluster, control_plane=recorded.control_plane)
    pools = tuple(
        replace(pool, version=recorded.pools[pool.name].version)
        for pool in sorted(cluster.pools, key=lambda pool: pool.rank)
        if pool.name in recorded.pools
    )
    found = (
        *_target(before, target, catalog, on, is_done=cluster.control_plane == target),
        *_drift(cluster, recorded, target),
        *_pools(before, recorded, there, target, (catalog, on)),
    )
    if found:
        return Plan(before, target, (), found)
    going = tuple(pool for pool in pools if pool.version != target)
    return Plan(before, target, (_step(before, going, target),), notes=tuple(_notes(cluster, target)))


def _step(cluster: Cluster, pools: tuple[Pool, ...], target: Version) -> Step:
    duration, needs = CONTROL_PLANE_DURATION, [pool_needs(pool) for pool in pools]
    for pool in pools:
        duration += pool_duration(pool)
    cores = [one.cores for one in needs]
    known = [one for one in cores if one is not None]
    named = ", ".join(f"{pool.name} {pool.version}" for pool in pools)
    return Step(
        cluster.stack,
        cluster.name,
        WHOLE,
        cluster.control_plane,
        target,
        f"AKS takes a cluster without support only as a whole: control plane {cluster.control_plane}"
        + (f", pools {named}" if named else "")
        + "; nothing of it goes back",
        duration,
        Needs(sum(one.addresses for one in needs), sum(known) if len(known) == len(cores) else None),
        whole=pools,
    )


def _target(
    cluster: Cluster, target: Version, catalog: Catalog, on: date, *, is_done: bool
) -> Iterator[Blocker]:
    what, start = f"target {target}", cluster.control_plane
    if start == target:
        go = typed.command("check", cluster.stack)
        yield Blocker(cluster.name, what, "the stack has recorded it already", f"see what comes next: {go}")
        return
    if without_support(cluster, catalog, on) is None:
        has = "long-term support is bought" if cluster.lts else f"{start} has support, or is not known"
        steps = typed.command("rollout", cluster.stack, "--to", str(target))
        why = f"{has}, and AKS takes a cluster as a whole only from out of support"
        yield Blocker(cluster.name, f"control plane {start}", why, f"go step by step: {steps}")
        return
    lowest = lowest_supported(catalog, on)
    if is_done or lowest is None:
        return
    patches = [one.version for one in lowest.patches if one.since <= on]
    named = [one for one in cluster.offered or () if one.minor == lowest.minor] or patches
    again = typed.command(
        "whole-cluster", cluster.stack, "--to", str(max(named, default=minor_text(lowest.minor)))
    )
    if target.minor != lowest.minor:
        why = f"from there AKS goes to the lowest supported minor alone, which is {minor_text(lowest.minor)}"
        yield Blocker(cluster.name, what, why, again)
    elif target not in named:
        names = ", ".join(map(str, sorted(named)))
        yield Blocker(cluster.name, what, f"of {minor_text(lowest.minor)} these are known: {names}", again)


def _drift(cluster: Cluster, recorded: ClusterState, target: Version) -> Iterator[Blocker]:
    """Yield what runs neither as recorded nor at the target: somebody moved it, and nobody wrote that down."""
    running = {CONTROL_PLANE: cluster.control_plane, **{pool.name: pool.version for pool in cluster.pools}}
    states = {
        CONTROL_PLANE: recorded.control_plane,
        **{name: one.version for name, one in recorded.pools.items()},
    }
    for name in running.keys() & states.keys():
        if running[name] not in {states[name], target}:
            ran = typed.command("whole-cluster", cluster.stack, "--to", str(running[name]))
            yield Blocker(
                cluster.name,
                name if name == CONTROL_PLANE else f"pool {name}",
                f"runs {running[name]}, and the stack recorded {states[name]}: somebody moved it outside",
                f"where all of the cluster runs {running[name]}, {ran} writes that down; else bring this one to {target} or "
                f"{states[name]} first",
            )


def _pools(
    cluster: Cluster,
    recorded: ClusterState,
    there: Collection[str],
    target: Version,
    known: tuple[Catalog, date],
) -> Iterator[Blocker]:
    names = {pool.name for pool in cluster.pools}
    for name in sorted(set(there) - names):
        yield Blocker(
            cluster.name,
            f"pool {name}",
            "is in Azure and not in the stack, and would go along, unplanned",
            f"delete it (az aks nodepool delete --resource-group {cluster.resource_group} --cluster-name {cluster.name} --name {name}), "
            "or write it into the stack file and import it",
        )
    for pool in cluster.pools:
        what = f"pool {pool.name}"
        if pool.name not in recorded.pools or pool.name not in there:
            up = typed.bring_up(cluster.stack)
            yield Blocker(
                cluster.name, what, "is in the stack file, and not up", f"bring it up, or take it out: {up}"
            )
            continue
        if target in cluster.held.get(pool.name, ()):
            yield Blocker(cluster.name, what, *held(pool.name, cluster, target))
        yield from image(cluster, pool, target, *known, steps=False)


def _notes(cluster: Cluster, target: Version) -> Iterator[str]:
    if cluster.control_plane == target and all(pool.version == target for pool in cluster.pools):
        yield f"{cluster.name} runs {target} already: this writes it down, and moves nothing"
        return
    yield "AKS does not say whether pools go one after another: leave room for the surge of all, and time for all their drains"
