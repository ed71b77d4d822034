"""Admission webhooks: whether each has a ready backend, and whether an upgrade runs into it.

Source of the matching rules: Kubernetes, "Dynamic Admission Control" (rules, scope, namespaceSelector).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from upgrades.model.workloads import Webhook

from .selectors import selects

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .api_reader import ApiReader

Json = dict[str, Any]

NAMESPACED = (
    ("", "pods", "CREATE"),
    ("", "pods/binding", "CREATE"),
    ("", "pods/eviction", "CREATE"),
    ("", "pods/status", "UPDATE"),
    ("coordination.k8s.io", "leases", "CREATE"),
    ("coordination.k8s.io", "leases", "UPDATE"),
)
CLUSTER = (
    ("", "nodes", "CREATE"),
    ("", "nodes", "UPDATE"),
    ("", "nodes/status", "UPDATE"),
    ("rbac.authorization.k8s.io", "clusterroles", "CREATE"),
    ("rbac.authorization.k8s.io", "clusterroles", "UPDATE"),
    ("rbac.authorization.k8s.io", "clusterrolebindings", "CREATE"),
    ("rbac.authorization.k8s.io", "clusterrolebindings", "UPDATE"),
)
"""What an upgrade makes and changes: evicted and new pods, leases of nodes and leaders, nodes, and the roles that an API server of
another version writes before it is ready (Kubernetes, "Using RBAC Authorization", auto-reconciliation)."""


def webhooks(reader: ApiReader) -> Iterable[Webhook]:
    """Yield every webhook. One whose backend is a URL has `ready_backends` None: nobody here can see it."""
    ready = _ready_backends(reader)
    for kind in ("validating", "mutating"):
        for item in reader.items(f"/apis/admissionregistration.k8s.io/v1/{kind}webhookconfigurations"):
            for hook in item.get("webhooks") or ():
                service = hook["clientConfig"].get("service")
                backends = ready[service["namespace"], service["name"]] if service else None
                yield Webhook(
                    hook["name"], hook.get("failurePolicy", "Fail"), backends, _in_the_way(hook, reader)
                )


def of_evictions(item: Json) -> list[str]:
    """Return the names of a configuration's webhooks that are asked before a pod is evicted."""
    return [
        hook["name"]
        for hook in item.get("webhooks") or ()
        if any(
            _matches(rule, "Namespaced", "", "pods/eviction", "CREATE") for rule in hook.get("rules") or ()
        )
    ]


def _ready_backends(reader: ApiReader) -> Counter[tuple[str, str]]:
    ready = Counter[tuple[str, str]]()
    for item in reader.items("/apis/discovery.k8s.io/v1/endpointslices"):
        service = item["metadata"].get("labels", {}).get("kubernetes.io/service-name", "")
        # The API: an absent condition counts as ready.
        up = sum(e.get("conditions", {}).get("ready") is not False for e in item.get("endpoints") or ())
        ready[item["metadata"]["namespace"], service] += up
    return ready


def _in_the_way(hook: Json, reader: ApiReader) -> bool:
    rules: list[Json] = hook.get("rules") or []
    if any(_matches(rule, "Cluster", *need) for rule in rules for need in CLUSTER):
        return True  # a namespaceSelector says nothing about nodes
    if not any(_matches(rule, "Namespaced", *need) for rule in rules for need in NAMESPACED):
        return False
    selector: Json = hook.get("namespaceSelector") or {}
    if not selector:
        return True
    namespaces = reader.items("/api/v1/namespaces")
    return any(selects(selector, item["metadata"].get("labels")) for item in namespaces)


def _matches(rule: Json, scope: str, group: str, resource: str, operation: str) -> bool:
    return (
        rule.get("scope", "*") in {scope, "*"}
        and bool({group, "*"} & set(rule.get("apiGroups") or ()))
        and bool({operation, "*"} & set(rule.get("operations") or ()))
        and any(_covers(pattern, resource) for pattern in rule.get("resources") or ())
    )


def _covers(pattern: str, resource: str) -> bool:
    """Tell whether a rule's resource covers one; `*` covers every resource, but no subresource."""
    kind, _, sub = resource.partition("/")
    wanted, _, wanted_sub = pattern.partition("/")
    return wanted in {kind, "*"} and (
        wanted_sub == sub or (wanted_sub == "*" and bool(sub)) or pattern == "*/*"
    )
