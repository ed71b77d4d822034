"""What AKS asks for before it takes a pool back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from upgrades.model.steps import Blocker

from .route import MOVING_CHANNELS

if TYPE_CHECKING:
    from datetime import datetime

    from secure_aks_lifecycle.facts.catalog import Catalog
    from secure_aks_lifecycle.stack.record import Run
    from secure_aks_lifecycle.versions.version import Version

    from upgrades.model.clusters import Cluster, Pool


WITHIN = timedelta(days=7)
"""How long after an upgrade AKS takes a pool back."""


def ran_before(runs: tuple[Run, ...], version: Version) -> Version | None:
    """Return what ran before a version; None when that is not recorded."""
    earlier = [(run.until, run.version) for run in runs if run.until is not None and run.version != version]
    return max(earlier)[1] if earlier else None


def refusals(  # noqa: PLR0913, PLR0917 - the conditions of AKS, one after another
    cluster: Cluster,
    pool: Pool,
    runs: tuple[Run, ...],
    earlier: Version | None,
    catalog: Catalog,
    now: datetime,
    offered: frozenset[Version] | None,
) -> list[Blocker]:
    """Return every condition of AKS that a rollback does not meet; `earlier` is what the pool ran before (None: not recorded)."""
    what, found = f"pool {pool.name}", list[Blocker]()

    def refuse(why: str, unblock: str) -> None:
        found.append(Blocker(cluster.name, what, why, unblock))

    if earlier is None:
        refuse(
            "the stack has not recorded what it ran before",
            "nothing can be taken back; go on to a newer patch",
        )
        return found
    since = next((run.since for run in runs if run.version == pool.version and run.until is None), None)
    if since is None:
        refuse(
            f"it is not recorded since when it runs {pool.version}, and AKS asks for less than 7 days",
            "ask Azure: az aks nodepool show",
        )
    elif now - since > WITHIN:
        refuse(
            f"it runs {pool.version} since {since:%Y-%m-%d %H:%M} UTC, and AKS takes a pool back within {WITHIN.days} days",
            "add a pool on the older version beside it, move the workloads, and remove this one",
        )
    if earlier > pool.version:
        refuse(
            f"it was taken back from {earlier} already, and AKS does that once for an upgrade",
            "go on to a newer patch than both",
        )
    if cluster.auto_upgrade.lower() in MOVING_CHANNELS:
        refuse(
            f"the auto-upgrade channel '{cluster.auto_upgrade}' is on, and AKS takes nothing back while it is",
            "set the channel to none or node-image, and run `up`",
        )
    support = catalog.support(earlier, now.date(), lts=cluster.lts)
    if support.state in {"ended", "platform"}:
        refuse(
            f"support of {earlier} ended on {support.ends}, and AKS goes back to supported versions only",
            "go on to a newer patch",
        )
    if offered is not None and earlier not in offered:
        names = ", ".join(str(one) for one in sorted(offered)) or "none"
        refuse(
            f"Azure does not offer {earlier} as a version to go back to (it names: {names})",
            "look at it: az aks nodepool get-rollback-versions",
        )
    return found
