"""Whether the steps of a plan are short enough for the windows of their cluster."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from upgrades.model.steps import Blocker
from upgrades.render.words import span
from upgrades.windows.closed import closed_by
from upgrades.windows.now import next_fit
from upgrades.windows.openings import HORIZON, longest_opening

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from upgrades.model.clusters import Cluster
    from upgrades.model.steps import Step


def frozen(cluster: Cluster, steps: Sequence[Step], on: date) -> Iterator[Blocker]:
    """Yield that no opening of the coming years takes the longest of steps that are short enough, and what keeps the window closed."""
    maintenance = cluster.maintenance
    if maintenance is None or not steps or (maintenance.upgrades is None and not maintenance.not_allowed):
        return
    longest = max(step.duration.longest for step in steps)
    since = datetime.combine(on, time(), UTC)
    if longest > longest_opening(maintenance.upgrades) or next_fit(maintenance, since, longest):
        return
    why, unblock = closed_by(maintenance, on)
    yield Blocker(
        cluster.name,
        "maintenance window",
        f"no opening of the `upgrades` window in the next {HORIZON.days // 365} years takes {span(longest)}: {why}",
        unblock,
    )


def too_long(cluster: Cluster, steps: Iterable[Step]) -> Iterator[Blocker]:
    """Yield the targets that cannot be moved in any opening, even when nothing forbids it, each once."""
    if cluster.maintenance is None:
        return
    longest, told = longest_opening(cluster.maintenance.upgrades), set[str]()
    for step in steps:
        if step.duration.longest <= longest or step.target in told:
            continue
        told.add(step.target)
        yield Blocker(
            cluster.name,
            step.target if step.is_control_plane else f"pool {step.target}",
            f"its step takes at most {span(step.duration.longest)}, and the longest opening of the `upgrades` window is "
            f"{span(longest)}",
            "lengthen secure-aks:maintenance.upgrades"
            if step.is_control_plane
            else "raise the pool's maxSurge, lower its drainTimeoutMinutes or nodeSoakMinutes, or lengthen "
            "secure-aks:maintenance.upgrades",
        )
