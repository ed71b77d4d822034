"""When an object counts as ready, as pulumi-kubernetes waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emulator.plugins.base import Props


def not_ready(live: Props) -> str:
    """Return what an object still waits for, "" when it is ready. Kinds that nothing is waited for are ready."""
    status: Props = live.get("status", {})
    kind = live.get("kind")
    if kind == "Namespace":
        return "" if status.get("phase") == "Active" else f"it is {status.get('phase', 'not made')}"
    if kind not in ("Deployment", "StatefulSet", "DaemonSet", "CustomResourceDefinition"):
        return ""
    if kind == "CustomResourceDefinition":
        return "" if _condition(status, "Established") else "it is not established"
    if status.get("observedGeneration", 0) < live["metadata"].get("generation", 0):
        return "its controller has not seen it yet"
    spec: Props = live.get("spec", {})
    wanted = int(status.get("desiredNumberScheduled", 0) if kind == "DaemonSet" else spec.get("replicas", 1))
    ready = int(status.get("numberReady" if kind == "DaemonSet" else "readyReplicas", 0))
    updated = int(status.get("updatedNumberScheduled" if kind == "DaemonSet" else "updatedReplicas", 0))
    if ready >= wanted and updated >= wanted:
        return ""
    return f"{ready} of {wanted} pods are ready, {updated} are of the new template{_said(status)}"


def _condition(status: Props, type_: str) -> bool:
    return any(c["type"] == type_ and c["status"] == "True" for c in status.get("conditions", []))


def _said(status: Props) -> str:
    """Return what the controller says went wrong."""
    conditions: list[Any] = status.get("conditions", [])
    bad = [
        c.get("message", "")
        for c in conditions
        if (c["type"] == "ReplicaFailure" and c["status"] == "True")
        or (c["type"] in ("Available", "Progressing") and c["status"] == "False")
    ]
    return ": " + "; ".join(bad) if bad else ""
