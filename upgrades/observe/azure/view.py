"""What gates see of a cluster by Azure alone. Everything else needs its API server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates import GATES
from upgrades.gates.base import When
from upgrades.model.view import View
from upgrades.observe.cluster.parts import Parts

from .parts import CLUSTER_PARTS, of_cluster
from .quota import free_cores
from .values import vm_sizes

if TYPE_CHECKING:
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
        found.value("free_cores", lambda: free_cores(azure, observed.location, vm_sizes(observed.arm)))
    return View(at=now, unread=found.unread, **found.parts)
