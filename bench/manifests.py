"""The manifests that the security pack and Checkov judge."""

from __future__ import annotations

import hashlib
from typing import Any


def deployment(name: str) -> dict[str, Any]:
    """Return a Deployment that every rule lets pass."""
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": "shop", "labels": {"app": name}},
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {
                    "automountServiceAccountToken": False,
                    "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
                    "containers": [container(name, "app"), container(name, "sidecar")],
                    "volumes": [{"name": "scratch", "emptyDir": {}}],
                },
            },
        },
    }


def container(owner: str, name: str) -> dict[str, Any]:
    """Return a container of an ordinary size, with an image, a variable and a port that no other Deployment has."""
    own = hashlib.sha256(f"{owner}/{name}".encode()).hexdigest()
    port = 1024 + int(own[:4], 16) % 60_000
    return {
        "name": name,
        "image": f"mcr.microsoft.com/{owner}/{name}:1.2.{port}@sha256:{own}",
        "ports": [{"containerPort": port}],
        "env": [
            {"name": "LOG_LEVEL", "value": "info"},
            {"name": "ENDPOINT", "value": f"http://{owner}.shop:{port}"},
        ],
        "resources": {
            "requests": {"cpu": f"{port % 40 * 25 + 25}m", "memory": f"{port % 60 * 16 + 16}Mi"},
            "limits": {"cpu": "1", "memory": "1Gi"},
        },
        "readinessProbe": {"httpGet": {"path": "/ready", "port": port}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": "scratch", "mountPath": "/scratch"}],
    }


def broken(item: dict[str, Any]) -> dict[str, Any]:
    """Return a Deployment as many are: nothing said about security, resources or probes, an image by a bare name."""
    spec = item["spec"]["template"]["spec"]
    containers = [
        {"name": one["name"], "image": one["image"].partition(":")[0], "env": one["env"]}
        for one in spec["containers"]
    ]
    template = {**item["spec"]["template"], "spec": {"containers": containers}}
    return {**item, "spec": {**item["spec"], "template": template}}


def mixed(count: int) -> list[dict[str, Any]]:
    """Return manifests of seven kinds, as a program has them, four of ten Deployments; two of three break rules.

    But NetworkPolicies: the one here is well.
    """
    return [_one(number, breaks=number // 10 % 3 > 0) for number in range(count)]


def _one(number: int, *, breaks: bool) -> dict[str, Any]:
    name, place = f"web-{number}", number % 10
    if place < _DEPLOYMENTS:
        return broken(deployment(name)) if breaks else deployment(name)
    version, kind, healthy, wrong = _OTHERS[place - _DEPLOYMENTS]
    metadata = {"name": name, "namespace": "shop", "labels": {"app": name}}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **(wrong if breaks else healthy)}


def _service(kind: str) -> dict[str, Any]:
    return {"spec": {"type": kind, "selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": 8080}]}}


def _role(resource: str) -> dict[str, Any]:
    return {"rules": [{"apiGroups": [""], "resources": [resource], "verbs": ["get", "list", "watch"]}]}


def _binding(role: str) -> dict[str, Any]:
    group = {"apiGroup": _RBAC, "kind": "Group", "name": "5b6bd2ac-58a9-4d29-a3cf-39a4cb0d6e40"}
    return {"roleRef": {"apiGroup": _RBAC, "kind": "ClusterRole", "name": role}, "subjects": [group]}


_DEPLOYMENTS = 4
_RBAC = "rbac.authorization.k8s.io"
_DENY_ALL: dict[str, Any] = {"spec": {"podSelector": {}, "policyTypes": ["Ingress"]}}
_OTHERS: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("v1", "Service", _service("ClusterIP"), _service("LoadBalancer")),
    ("v1", "ConfigMap", {"data": {"LOG_LEVEL": "info"}}, {"data": {"DB_PASSWORD": "hunter2-and-more"}}),
    ("v1", "ServiceAccount", {"automountServiceAccountToken": False}, {}),
    (f"{_RBAC}/v1", "Role", _role("services"), _role("secrets")),
    (f"{_RBAC}/v1", "RoleBinding", _binding("view"), _binding("cluster-admin")),
    ("networking.k8s.io/v1", "NetworkPolicy", _DENY_ALL, _DENY_ALL),
]
"""By API version and kind, what is well and what is not."""
