"""The next legal step of a cluster: pools that are behind first, then the newest patch, then the next minor."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from upgrades.fleet import CONTROL_PLANE, Blocker
from upgrades.plan import plan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from secure_aks_lifecycle.catalog import Catalog
    from secure_aks_lifecycle.version import Minor, Version

    from upgrades.fleet import Plan

    from .values import Observed


def upcoming(observed: Observed, catalog: Catalog, on: date) -> Plan | None:
    """Return the plan whose first step is the next one; None when nothing newer is out."""
    for target in _targets(observed, catalog, on):
        found = plan(observed.cluster, target, catalog, on)
        if found.steps or found.blockers:
            return _as_offered(observed, found)
    return None


def _targets(observed: Observed, catalog: Catalog, on: date) -> Iterator[Version]:
    cluster = observed.cluster
    running = cluster.control_plane
    if any(pool.version < running for pool in cluster.pools):
        yield running
    following = (running.major, running.minor_number + 1)
    release = catalog.release(following)
    for minor in (running.minor, following if release and release.available(on) else None):
        newest = _newest(observed, minor, catalog, on) if minor else None
        if newest and newest > running:
            yield newest


def _newest(observed: Observed, minor: Minor, catalog: Catalog, on: date) -> Version | None:
    """Return the newest patch of a minor that the control plane may take and the catalog knows."""
    patch = catalog.newest_patch(minor, on)
    offered = observed.offered.get(CONTROL_PLANE)
    if offered is None or patch is None:
        return patch.version if patch else None
    return max((one for one in offered if one.minor == minor and one <= patch.version), default=None)


def _as_offered(observed: Observed, made: Plan) -> Plan:
    """Return the plan, blocked when Azure was asked and does not take its first step."""
    if not made.steps:
        return made
    step = made.steps[0]
    offered = observed.offered.get(step.target)
    if offered is None or step.after in offered:
        return made
    names = ", ".join(str(one) for one in sorted(offered)) or "none"
    why = f"Azure offers it these versions now: {names}"
    unblock = f"write one of those for {step.target}, or wait until the region has {step.after}"
    return replace(
        made, steps=(), blockers=(Blocker(made.cluster.name, f"{step.target} to {step.after}", why, unblock),)
    )
