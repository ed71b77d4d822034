"""The next legal step of a cluster: pools that are behind first, then the newest patch, then the next minor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.model.clusters import CONTROL_PLANE
from upgrades.plan.offers import as_offered, narrowed
from upgrades.plan.planner import plan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from secure_aks_lifecycle.facts.catalog import Catalog
    from secure_aks_lifecycle.versions.version import Minor, Version

    from upgrades.model.steps import Plan

    from .values import Observed


def upcoming(observed: Observed, catalog: Catalog, on: date) -> Plan | None:
    """Return the plan whose first step is the next one; None when nothing newer is out.

    A plan without a step has notes: what keeps a pool where it is.
    """
    noted: Plan | None = None
    for target in _targets(observed, catalog, on):
        found = plan(narrowed(observed.cluster, observed.offered), target, catalog, on)
        if found.steps or found.blockers:
            return as_offered(found, observed.offered)
        noted = noted or (found if found.notes else None)
    return noted


def _targets(observed: Observed, catalog: Catalog, on: date) -> Iterator[Version]:
    cluster = observed.cluster
    running = cluster.control_plane
    if any(pool.version < running for pool in cluster.pools):
        yield running
    for minor in (running.minor, (running.major, running.minor_number + 1)):
        newest = _newest(observed, minor, catalog, on)
        if newest and newest > running:
            yield newest


def _newest(observed: Observed, minor: Minor, catalog: Catalog, on: date) -> Version | None:
    """Return the newest patch of a minor that the control plane may take: of what Azure offers, where it was asked, else of the catalog."""
    offered = observed.offered.get(CONTROL_PLANE)
    if offered is not None:
        return max((one for one in offered if one.minor == minor), default=None)
    release, patch = catalog.release(minor), catalog.newest_patch(minor, on)
    return patch.version if patch and release and release.available(on) else None
