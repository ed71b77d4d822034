"""The version that an advice names: the newest for which a plan gets through, never one that something newer has overtaken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.model.clusters import CONTROL_PLANE
from upgrades.plan.offers import as_offered, narrowed
from upgrades.plan.planner import plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from secure_aks_lifecycle.facts.catalog import Catalog
    from secure_aks_lifecycle.versions.version import Minor, Version

    from .values import Line, Observed


def newest_patch(observed: Observed, line: Line, catalog: Catalog, on: date) -> Version | None:
    """Return the target that takes a line to the newest patch of its minor, or past it where its control plane is further; None: none."""
    running = observed.cluster.control_plane
    if line.target == CONTROL_PLANE or line.version.minor == running.minor:
        wanted = [max(line.newest, running)] if line.newest else []
    else:
        wanted = [*_of_minor(observed, running.minor, catalog, on), running]
    return _first(observed, wanted, catalog, on)


def supported(observed: Observed, line: Line, catalog: Catalog, on: date) -> Version | None:
    """Return the newest version that a line can be taken to and that has support for longer than what it runs; None: none."""
    patch = line.support.newer
    if patch is not None:
        found = _first(observed, [max(patch, observed.cluster.control_plane)], catalog, on)
        if found is not None:
            return found
    minors = sorted((one.minor for one in catalog.minors if one.available(on)), reverse=True)
    newer = [minor for minor in minors if minor > line.version.minor]
    wanted = [version for minor in newer for version in _of_minor(observed, minor, catalog, on)]
    return _first(observed, wanted, catalog, on)


def _of_minor(observed: Observed, minor: Minor, catalog: Catalog, on: date) -> Iterator[Version]:
    """Yield the patches of a minor that are worth naming, the newest first: what Azure offers next, else the catalog's newest."""
    offered = observed.offered.get(CONTROL_PLANE, frozenset())
    known = {one for one in offered if one.minor == minor}
    patch = catalog.newest_patch(minor, on)
    yield from sorted(known or ({patch.version} if patch else set()), reverse=True)


def _first(observed: Observed, wanted: Iterable[Version], catalog: Catalog, on: date) -> Version | None:
    cluster = narrowed(observed.cluster, observed.offered)
    for version in wanted:
        made = as_offered(plan(cluster, version, catalog, on), observed.offered)
        if made.steps:
            return version
    return None
