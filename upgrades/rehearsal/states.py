"""What the objects of a rehearsal say of themselves: whether they run, are stuck, have been counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from upgrades.observe.cluster.pods import owner_of
from upgrades.observe.cluster.selectors import selects

from . import manifests

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]


def why_stuck(pod: Json) -> str:
    """Return why the scheduler finds no node for a pod; empty when it has one."""
    for one in _conditions(pod):
        if one["type"] == "PodScheduled" and one["status"] == "False":
            return str(one.get("message") or one.get("reason") or "no node takes it")
    return ""


def takes_pods(node: Json) -> bool:
    """Tell whether a node is ready, and Kubernetes has seen that: its own taints are those of a node that is closed on purpose."""
    closed = bool(node["spec"].get("unschedulable"))
    taints = {taint["key"] for taint in node["spec"].get("taints") or ()} & set(manifests.AWAY)
    return is_ready(node) and taints == ({manifests.CLOSED} if closed else set[str]())


def key_of(pod: Json) -> tuple[str, str]:
    """Return a pod's namespace and name."""
    return pod["metadata"]["namespace"], pod["metadata"]["name"]


def is_stuck(pod: Json) -> bool:
    """Tell whether the scheduler has looked at a pod and found no node."""
    return phase_of(pod) == "Pending" and bool(why_stuck(pod))


def is_owned(pod: Json, owner: Json) -> bool:
    """Tell whether a controller has taken a pod over."""
    return any(one["uid"] == owner["metadata"]["uid"] for one in pod["metadata"].get("ownerReferences") or ())


def has_counted(budget: Json, pods: list[Json]) -> bool:
    """Tell whether a budget's status is that of the pods there are now."""
    status: Mapping[str, Any] = budget.get("status") or {}
    meta = budget["metadata"]
    healthy = sum(
        is_ready(one) and one["metadata"]["namespace"] == meta["namespace"]
        for one in pods
        if selects(budget["spec"].get("selector"), one["metadata"].get("labels"))
    )
    allowed = max(status.get("currentHealthy", 0) - status.get("desiredHealthy", 0), 0)
    return (
        status.get("observedGeneration") == meta["generation"]
        and status.get("currentHealthy") == healthy
        and status.get("disruptionsAllowed") in {allowed, 0}
        and not status.get("disruptedPods")
    )


def is_running(item: Json) -> bool:
    """Tell whether a pod runs on a node."""
    return phase_of(item) == "Running" and bool(item["spec"].get("nodeName"))


def stays(item: Json) -> bool:
    """Tell whether a drain leaves a pod where it is; it takes room there all the same."""
    return owner_of(item).startswith(("DaemonSet/", "Node/"))


def phase_of(item: Json) -> str:
    """Return a pod's phase; empty where it has none yet."""
    status: Json = item.get("status") or {}
    return str(status.get("phase", ""))


def is_ready(item: Json) -> bool:
    """Tell whether a pod or a node is ready."""
    return any(one["type"] == "Ready" and one["status"] == "True" for one in _conditions(item))


def _conditions(item: Json) -> list[Json]:
    status: Json = item.get("status") or {}
    return status.get("conditions") or []
