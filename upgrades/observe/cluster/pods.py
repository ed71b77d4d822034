"""Pods, and the budgets that hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from upgrades.model.workloads import Budget, Pod

from .selectors import selects
from .volumes import Claims

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .api_reader import Lists

Json = dict[str, Any]

POOL_LABELS = ("kubernetes.azure.com/agentpool", "agentpool")
"""The labels by which AKS names a node's pool, the newer first."""
ENDED = {"Succeeded", "Failed"}
GRACE = 30
"""Seconds that a pod may take to end where it does not say."""
MIRROR = "kubernetes.io/config.mirror"
"""The annotation of a static pod's shadow in the API server."""
PUT_AWAY = {"Evicted", "NodeShutdown", "Shutdown", "Terminated", "NodeLost", "Preempting", "NodeAffinity"}
"""Reasons of a failed pod that Kubernetes itself ended to make room or to stop a node: the rest of it, no failure."""


def pods(reader: Lists, pools: Mapping[str, str]) -> Iterable[Pod]:
    """Yield every pod that is not on its way out. `pools` are the nodes' pools by the nodes' names."""
    claims = Claims(reader)
    for item in present(reader):
        owner, phase = owner_of(item), item["status"].get("phase", "Unknown")
        if item["status"].get("reason") in PUT_AWAY:
            continue
        # What a DaemonSet's or a static pod keeps on its node belongs to the node; what has ended keeps nothing.
        stays = owner.startswith(("DaemonSet/", "Node/")) or phase in ENDED
        yield Pod(
            namespace=item["metadata"]["namespace"],
            name=item["metadata"]["name"],
            pool=pool_of(item, pools),
            owner=owner,
            phase=phase,
            ready=_is_ready(item),
            local_volumes=() if stays else tuple(claims.local(item)),
            node=item["spec"].get("nodeName", ""),
            grace_seconds=item["spec"].get("terminationGracePeriodSeconds", GRACE),
            volume_zones=frozenset() if stays else claims.zones(item),
            bound_to=_bound_to(item),
        )


def budgets(reader: Lists, pools: Mapping[str, str]) -> Iterable[Budget]:
    """Yield every PodDisruptionBudget with the pods that it keeps from being evicted."""
    for item in reader.items("/apis/policy/v1/poddisruptionbudgets"):
        meta, status = item["metadata"], item.get("status", {})
        held = [
            pod
            for pod in present(reader)
            if pod["metadata"]["namespace"] == meta["namespace"]
            and selects(item["spec"].get("selector"), pod["metadata"].get("labels"))
            and _is_drained(pod)
        ]
        holds = frozenset(
            (pool_of(pod, pools), pod["metadata"]["name"]) for pod in held if pool_of(pod, pools)
        )
        kept = [pod for pod in held if not _is_free_to_go(pod, item)]
        yield Budget(
            meta["namespace"],
            meta["name"],
            allowed=status.get("disruptionsAllowed", 0),
            pods=status.get("expectedPods", 0),
            pools=frozenset(where for where, _ in holds)
            if status.get("disruptionsAllowed", 0)
            else frozenset(pool_of(pod, pools) for pod in kept) - {""},
            missing=max(status.get("desiredHealthy", 0) - status.get("currentHealthy", 0), 0),
            holds=holds,
            never=_never(item["spec"], status.get("expectedPods", 0)),
        )


def _never(spec: Json, pods: int) -> str:
    """Return what of a budget's spec allows no disruption of its pods, however healthy they are; empty where they are none, or it may."""
    if not pods:
        return ""
    most, least = spec.get("maxUnavailable"), spec.get("minAvailable")
    if most is not None and _of(most, pods) == 0:
        return f"maxUnavailable is {most}"
    if least is not None and _of(least, pods) >= pods:
        return f"minAvailable is {least}, of {pods}"
    return ""


def _of(said: Any, pods: int) -> int:
    """Return a number, or a percentage of pods, which Kubernetes rounds up."""
    text = str(said)
    return -(-int(text[:-1]) * pods // 100) if text.endswith("%") else int(text)


def present(reader: Lists) -> Iterator[Json]:
    """Yield every pod that is not on its way out, as the API server has it."""
    return (item for item in reader.items("/api/v1/pods") if not item["metadata"].get("deletionTimestamp"))


def pool_of(pod: Json, pools: Mapping[str, str]) -> str:
    """Return the pool on whose node a pod is; empty when it is on none. `pools` are by the nodes' names."""
    return pools.get(pod["spec"].get("nodeName", ""), "")


def _bound_to(item: Json) -> str:
    wanted: Mapping[str, str] = item["spec"].get("nodeSelector") or {}
    return next((wanted[name] for name in POOL_LABELS if name in wanted), "")


def owner_of(item: Json) -> str:
    """Return the controller of a pod, else its first owner; its node for a static one, whatever else it names (kubectl drain looks alike)."""
    meta = item["metadata"]
    if MIRROR in (meta.get("annotations") or {}):
        return f"Node/{item['spec'].get('nodeName', '')}"
    owners = sorted(meta.get("ownerReferences") or (), key=lambda one: not one.get("controller"))
    return f"{owners[0]['kind']}/{owners[0]['name']}" if owners else ""


def _is_ready(pod: Json) -> bool:
    conditions = pod["status"].get("conditions") or ()
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def _is_drained(pod: Json) -> bool:
    """Tell whether a drain evicts the pod and a budget may stop it: ended and pending pods always go, a DaemonSet's stay."""
    return pod["status"].get("phase") == "Running" and not owner_of(pod).startswith(("DaemonSet/", "Node/"))


def _is_free_to_go(pod: Json, budget: Json) -> bool:
    """Tell whether the budget lets a pod go although it allows no disruption: one that is not ready, as its policy says."""
    if _is_ready(pod):
        return False
    if budget["spec"].get("unhealthyPodEvictionPolicy") == "AlwaysAllow":
        return True
    status = budget.get("status", {})
    return status.get("currentHealthy", 0) >= status.get("desiredHealthy", 0) > 0
