"""What the gates after a step compare with: the trouble there was before it, small enough for the journal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .surroundings import Alert
from .view import View
from .workloads import Pod, Workload


def as_data(view: View) -> dict[str, Any]:
    """Return the pods that did not run, the alerts that fired and the replicas that were ready, as JSON values."""
    failing = [pod for pod in view.pods or () if not pod.runs]
    return {
        "at": view.at.isoformat(),
        "failing": [[pod.namespace, pod.name, pod.owner, pod.phase] for pod in failing],
        "alerts": [alert.name for alert in view.alerts or ()],
        "workloads": [[w.kind, w.namespace, w.name, w.desired, w.ready] for w in view.workloads or ()],
    }


def from_data(data: dict[str, Any]) -> View:
    """Return a view that holds just this."""
    return View(
        at=datetime.fromisoformat(data["at"]),
        pods=tuple(
            Pod(namespace, name, "", owner, phase, ready=False)
            for namespace, name, owner, phase in data["failing"]
        ),
        alerts=tuple(Alert(name) for name in data["alerts"]),
        workloads=tuple(Workload(*row) for row in data["workloads"]),
    )
