"""Pods, what runs them, and the budgets that hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from upgrades.observe.selectors import selects
from upgrades.view import Budget, Pod, Workload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from upgrades.observe.api_reader import ApiReader

Json = dict[str, Any]

ENDED = {"Succeeded", "Failed"}
PUT_AWAY = {"Evicted", "NodeShutdown", "Shutdown", "Terminated", "NodeLost", "Preempting", "NodeAffinity"}
"""Reasons of a failed pod that Kubernetes itself ended to make room or to stop a node: the rest of it, no failure."""
KINDS = (
    ("Deployment", "deployments", "spec.replicas", "readyReplicas"),
    ("StatefulSet", "statefulsets", "spec.replicas", "readyReplicas"),
    ("DaemonSet", "daemonsets", "status.desiredNumberScheduled", "numberReady"),
)
"""Kinds of workloads with the fields that say how many pods each wants and has; spec.replicas is 1 unless set."""


def pods(reader: ApiReader, pools: Mapping[str, str]) -> Iterable[Pod]:
    """Yield every pod that is not on its way out. `pools` are the nodes' pools by the nodes' names."""
    claims = _LocalClaims(reader)
    for item in _present(reader):
        owner, phase = _owner(item), item["status"].get("phase", "Unknown")
        if item["status"].get("reason") in PUT_AWAY:
            continue
        # What a DaemonSet's or a static pod keeps on its node belongs to the node; what has ended keeps nothing.
        stays = owner.startswith(("DaemonSet/", "Node/")) or phase in ENDED
        yield Pod(
            namespace=item["metadata"]["namespace"],
            name=item["metadata"]["name"],
            pool=_pool(item, pools),
            owner=owner,
            phase=phase,
            ready=_is_ready(item),
            local_volumes=() if stays else tuple(_local(item, claims)),
        )


def budgets(reader: ApiReader, pools: Mapping[str, str]) -> Iterable[Budget]:
    """Yield every PodDisruptionBudget with the pods that it keeps from being evicted."""
    for item in reader.items("/apis/policy/v1/poddisruptionbudgets"):
        meta, status = item["metadata"], item.get("status", {})
        held = [
            pod
            for pod in _present(reader)
            if pod["metadata"]["namespace"] == meta["namespace"]
            and selects(item["spec"].get("selector"), pod["metadata"].get("labels"))
            and _is_drained(pod)
        ]
        holds = frozenset((_pool(pod, pools), pod["metadata"]["name"]) for pod in held if _pool(pod, pools))
        kept = [pod for pod in held if not _is_free_to_go(pod, item)]
        yield Budget(
            meta["namespace"],
            meta["name"],
            allowed=status.get("disruptionsAllowed", 0),
            pods=status.get("expectedPods", 0),
            pools=frozenset(where for where, _ in holds)
            if status.get("disruptionsAllowed", 0)
            else frozenset(_pool(pod, pools) for pod in kept) - {""},
            missing=max(status.get("desiredHealthy", 0) - status.get("currentHealthy", 0), 0),
            holds=holds,
        )


def workloads(reader: ApiReader, pools: Mapping[str, str]) -> Iterable[Workload]:
    """Yield every Deployment, StatefulSet and DaemonSet with the pools that its pods run on."""
    for kind, path, wants, has in KINDS:
        for item in reader.items(f"/apis/apps/v1/{path}"):
            meta, (part, field) = item["metadata"], wants.split(".")
            where = {
                _pool(pod, pools)
                for pod in _present(reader)
                if pod["metadata"]["namespace"] == meta["namespace"]
                and selects(item["spec"]["selector"], pod["metadata"].get("labels"))
            }
            yield Workload(
                kind,
                meta["namespace"],
                meta["name"],
                desired=item.get(part, {}).get(field, 1 if part == "spec" else 0),
                ready=item.get("status", {}).get(has, 0),
                pools=frozenset(where - {""}),
            )


def _present(reader: ApiReader) -> Iterator[Json]:
    return (item for item in reader.items("/api/v1/pods") if not item["metadata"].get("deletionTimestamp"))


def _pool(pod: Json, pools: Mapping[str, str]) -> str:
    return pools.get(pod["spec"].get("nodeName", ""), "")


def _owner(item: Json) -> str:
    owners = item["metadata"].get("ownerReferences") or ()
    return f"{owners[0]['kind']}/{owners[0]['name']}" if owners else ""


def _is_ready(pod: Json) -> bool:
    conditions = pod["status"].get("conditions") or ()
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def _is_drained(pod: Json) -> bool:
    """Tell whether a drain evicts the pod and a budget may stop it: ended and pending pods always go, a DaemonSet's stay."""
    return pod["status"].get("phase") == "Running" and not _owner(pod).startswith(("DaemonSet/", "Node/"))


def _is_free_to_go(pod: Json, budget: Json) -> bool:
    """Tell whether the budget lets a pod go although it allows no disruption: one that is not ready, as its policy says."""
    if _is_ready(pod):
        return False
    if budget["spec"].get("unhealthyPodEvictionPolicy") == "AlwaysAllow":
        return True
    status = budget.get("status", {})
    return status.get("currentHealthy", 0) >= status.get("desiredHealthy", 0) > 0


class _LocalClaims:
    """Which claims are bound to a volume that lives on one node; asked for at the first claim."""

    def __init__(self, reader: ApiReader) -> None:
        self.reader = reader
        self.found: set[tuple[str, str]] | None = None

    def has(self, namespace: str, claim: str) -> bool:
        if self.found is None:
            local = {
                item["metadata"]["name"]
                for item in self.reader.items("/api/v1/persistentvolumes")
                if {"local", "hostPath"} & item["spec"].keys()
            }
            self.found = {
                (item["metadata"]["namespace"], item["metadata"]["name"])
                for item in self.reader.items("/api/v1/persistentvolumeclaims")
                if item["spec"].get("volumeName") in local
            }
        return (namespace, claim) in self.found


def _local(pod: Json, claims: _LocalClaims) -> Iterator[str]:
    meta = pod["metadata"]
    for volume in pod["spec"].get("volumes") or ():
        claim = f"{meta['name']}-{volume['name']}" if "ephemeral" in volume else ""
        if "persistentVolumeClaim" in volume:
            claim = volume["persistentVolumeClaim"]["claimName"]
        if "hostPath" in volume:
            yield f"hostPath {volume['hostPath'].get('path', '')} ({volume['name']})"
        elif "emptyDir" in volume:
            empty: Json = volume["emptyDir"] or {}
            if empty.get("medium") != "Memory":
                yield f"emptyDir {volume['name']}"
        elif claim and claims.has(meta["namespace"], claim):
            yield f"local volume of claim {claim}"
