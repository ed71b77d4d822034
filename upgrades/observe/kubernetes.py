"""Reads what gates need from a Kubernetes API server. A part that cannot be read stays None, with the reason."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle.version import Version

from upgrades.observe.api_reader import ApiReader, Json
from upgrades.observe.certificates import expiries
from upgrades.view import Budget, DeprecatedApi, Node, Pod, Webhook, Workload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kubernetes.client import ApiClient

POOL_LABELS = ("kubernetes.azure.com/agentpool", "agentpool")
"""The labels by which AKS names a node's pool, the newer first."""

SYSTEM_NAMESPACES = {"kube-system", "kube-node-lease", "kube-public", "gatekeeper-system", "calico-system"}
"""Namespaces that AKS itself looks after; their pods are no business of a gate on workloads."""

METRIC = re.compile(r"^apiserver_requested_deprecated_apis\{(?P<labels>[^}]*)\}\s+1(?:\.0*)?$", re.MULTILINE)
LABEL = re.compile(r'(\w+)="([^"]*)"')


@dataclass(slots=True)
class KubernetesParts:
    """What was read, by the names of `View`; `unread` says why a part is missing."""

    parts: dict[str, Any] = field(default_factory=dict[str, Any])
    unread: dict[str, str] = field(default_factory=dict[str, str])


def read(client: ApiClient) -> KubernetesParts:
    """Read nodes, budgets, pods, workloads, webhooks, deprecated APIs and expiries. Does not raise for what is refused."""
    reader = _Reader(client)
    found = KubernetesParts()
    for name, ask in (
        ("nodes", reader.nodes),
        ("pods", reader.pods),
        ("budgets", reader.budgets),
        ("workloads", reader.workloads),
        ("webhooks", reader.webhooks),
        ("deprecated", reader.deprecated),
        ("expiries", lambda: expiries(reader)),
    ):
        part(name, ask, found)
    return found


def part(name: str, ask: Callable[[], Iterable[Any]], found: KubernetesParts) -> None:
    """Ask for a part of the view and note it, or why it could not be read."""
    try:
        found.parts[name] = tuple(ask())
    except Exception as error:  # noqa: BLE001  # whatever keeps it from being read makes the gate unknown
        found.parts[name] = None
        found.unread[name] = _reason(error)


def _reason(error: Exception) -> str:
    status, reason = getattr(error, "status", None), getattr(error, "reason", None)
    return f"the API server answered {status} {reason}" if status else f"{type(error).__name__}: {error}"


class _Reader(ApiReader):
    """Reads the parts of a view."""

    def pool_of(self) -> dict[str, str]:
        return {item["metadata"]["name"]: _pool(item) for item in self.items("/api/v1/nodes")}

    def nodes(self) -> Iterable[Node]:
        for item in self.items("/api/v1/nodes"):
            conditions = {c["type"]: c["status"] for c in item["status"].get("conditions", ())}
            yield Node(
                name=item["metadata"]["name"],
                pool=_pool(item),
                version=Version.parse(item["status"]["nodeInfo"]["kubeletVersion"].partition("-")[0]),
                ready=conditions.get("Ready") == "True",
                schedulable=not item["spec"].get("unschedulable"),
            )

    def live_pods(self) -> Iterable[Json]:
        return (
            item
            for item in self.items("/api/v1/pods")
            if item["metadata"]["namespace"] not in SYSTEM_NAMESPACES
        )

    def pods(self) -> Iterable[Pod]:
        pools = self.pool_of()
        for item in self.live_pods():
            owner = _owner(item)
            conditions = {c["type"]: c["status"] for c in item["status"].get("conditions", ())}
            volumes = (
                () if owner.startswith("DaemonSet/") else tuple(_local(item["spec"].get("volumes") or ()))
            )
            yield Pod(
                namespace=item["metadata"]["namespace"],
                name=item["metadata"]["name"],
                pool=pools.get(item["spec"].get("nodeName", ""), ""),
                owner=owner,
                phase=item["status"].get("phase", "Unknown"),
                ready=conditions.get("Ready") == "True",
                local_volumes=volumes,
            )

    def budgets(self) -> Iterable[Budget]:
        pools = self.pool_of()
        for item in self.items("/apis/policy/v1/poddisruptionbudgets"):
            meta, status = item["metadata"], item.get("status", {})
            selector = item["spec"].get("selector")
            where = {
                pools.get(pod["spec"].get("nodeName", ""), "")
                for pod in self.items("/api/v1/pods")
                if pod["metadata"]["namespace"] == meta["namespace"] and _selects(selector, pod)
            }
            allowed, pods = status.get("disruptionsAllowed", 0), status.get("expectedPods", 0)
            yield Budget(meta["namespace"], meta["name"], allowed, pods, frozenset(where - {""}))

    def workloads(self) -> Iterable[Workload]:
        pools = self.pool_of()
        for kind, path in (("Deployment", "deployments"), ("StatefulSet", "statefulsets")):
            for item in self.items(f"/apis/apps/v1/{path}"):
                meta = item["metadata"]
                if meta["namespace"] in SYSTEM_NAMESPACES:
                    continue
                where = {
                    pools.get(pod["spec"].get("nodeName", ""), "")
                    for pod in self.items("/api/v1/pods")
                    if pod["metadata"]["namespace"] == meta["namespace"]
                    and _selects(item["spec"]["selector"], pod)
                }
                yield Workload(
                    kind,
                    meta["namespace"],
                    meta["name"],
                    desired=item["spec"].get("replicas", 1),
                    ready=item.get("status", {}).get("readyReplicas", 0),
                    pools=frozenset(where - {""}),
                )

    def webhooks(self) -> Iterable[Webhook]:
        ready = Counter[tuple[str, str]]()
        for item in self.items("/apis/discovery.k8s.io/v1/endpointslices"):
            service = item["metadata"].get("labels", {}).get("kubernetes.io/service-name", "")
            up = sum(e.get("conditions", {}).get("ready") is not False for e in item.get("endpoints") or ())
            ready[item["metadata"]["namespace"], service] += up
        for kind in ("validating", "mutating"):
            for item in self.items(f"/apis/admissionregistration.k8s.io/v1/{kind}webhookconfigurations"):
                for hook in item.get("webhooks") or ():
                    service = hook["clientConfig"].get("service")
                    backends = ready[service["namespace"], service["name"]] if service else None
                    yield Webhook(hook["name"], hook.get("failurePolicy", "Fail"), backends)

    def deprecated(self) -> Iterable[DeprecatedApi]:
        for found in METRIC.finditer(self.text("/metrics")):
            labels = dict(LABEL.findall(found["labels"]))
            if labels.get("removed_release"):
                group = f"{labels['group']}/" if labels.get("group") else ""
                api = f"{group}{labels.get('version', '')} {labels.get('resource', '')}"
                yield DeprecatedApi(api, labels["removed_release"], "asked for since the API server started")


def _pool(node: Json) -> str:
    labels = node["metadata"].get("labels", {})
    return next((labels[name] for name in POOL_LABELS if name in labels), "")


def _owner(item: Json) -> str:
    owners = item["metadata"].get("ownerReferences") or ()
    return f"{owners[0]['kind']}/{owners[0]['name']}" if owners else ""


def _local(volumes: Iterable[Json]) -> Iterable[str]:
    for volume in volumes:
        if "hostPath" in volume:
            yield f"hostPath {volume['hostPath'].get('path', '')} ({volume['name']})"
        elif "emptyDir" in volume:
            empty: Json = volume["emptyDir"] or {}
            if empty.get("medium") != "Memory":
                yield f"emptyDir {volume['name']}"


def _selects(selector: Json | None, pod: Json) -> bool:
    """Tell whether a label selector selects a pod; an empty one selects all, none at all selects nothing."""
    if selector is None:
        return False
    labels: dict[str, str] = pod["metadata"].get("labels", {})
    wanted: dict[str, str] = selector.get("matchLabels") or {}
    if any(labels.get(name) != value for name, value in wanted.items()):
        return False
    return all(_meets(rule, labels) for rule in selector.get("matchExpressions") or ())


def _meets(rule: Json, labels: dict[str, str]) -> bool:
    value, values = labels.get(rule["key"]), rule.get("values") or ()
    return {
        "In": value in values,
        "NotIn": value not in values,
        "Exists": value is not None,
        "DoesNotExist": value is None,
    }[rule["operator"]]
