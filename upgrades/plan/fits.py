"""Whether the steps of a plan are short enough for the windows of their cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.model.steps import Blocker
from upgrades.render.words import span
from upgrades.windows.openings import longest_opening

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from upgrades.model.clusters import Cluster
    from upgrades.model.steps import Step


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
