"""What gates see of a cluster by Azure alone. Everything else needs its API server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from upgrades.gates import GATES
from upgrades.gates.base import When
from upgrades.model.view import View
from upgrades.observe.cluster.parts import Parts

from .parts import CLUSTER_PARTS, of_cluster
from .quota import free_cores

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from upgrades.check.values import Observed
    from upgrades.gates.base import Result
    from upgrades.model.steps import Step

    from .reader import Azure

READ = frozenset({*CLUSTER_PARTS, "free_cores"})
"""The parts of a view that Azure tells."""


def azure_gates(azure: Azure, observed: Observed, step: Step, now: datetime) -> tuple[Result, ...]:
    """Return the results of those gates before a step that need nothing but Azure."""
    gates = [
        gate
        for gate in GATES
        if gate.when is When.BEFORE and gate.reads and READ.issuperset(gate.reads) and gate.applies(step)
    ]
    view = _view(azure, observed, {part for gate in gates for part in gate.reads}, now)
    return tuple(gate.run(view, step) for gate in gates)


def _view(azure: Azure, observed: Observed, needed: set[str], now: datetime) -> View:
    found = Parts()
    of_cluster(azure, observed.arm, observed.location, found, sorted(needed - {"free_cores"}))
    if "free_cores" in needed:
        found.value("free_cores", lambda: free_cores(azure, observed.location, _sizes(observed.arm)))
    return View(at=now, unread=found.unread, **found.parts)


def _sizes(cluster: Mapping[str, Any]) -> dict[str, tuple[str, bool]]:
    """Return each pool's VM size and whether it is spot."""
    pools: list[dict[str, Any]] = cluster["properties"].get("agentPoolProfiles") or []
    return {
        str(pool["name"]): (str(pool.get("vmSize")), pool.get("scaleSetPriority") == "Spot") for pool in pools
    }
