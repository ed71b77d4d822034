"""The limits of a team's namespace: network, quota, defaults of containers, the default account."""

from collections.abc import Iterator, Mapping
from typing import Any

from settings.sections.teams import Quota

Manifest = dict[str, Any]
DNS = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}} | {
    "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}
}
"""The cluster's DNS pods, as a peer of a NetworkPolicy."""


def limits(namespace: str, quota: Quota) -> Iterator[tuple[str, Manifest]]:
    """Yield a name and a manifest for each object that limits what the namespace's pods can do and take."""
    for name, spec in network_policies().items():
        yield name, _manifest("networking.k8s.io/v1", "NetworkPolicy", namespace, name, {"spec": spec})
    yield "quota", _manifest("v1", "ResourceQuota", namespace, "quota", {"spec": {"hard": _hard(quota)}})
    yield "defaults", _manifest("v1", "LimitRange", namespace, "defaults", {"spec": {"limits": [_DEFAULTS]}})


def network_policies() -> dict[str, Manifest]:
    """Return the specs of the namespace's NetworkPolicies by name.

    All traffic is denied but DNS and what stays within the namespace, which is the boundary between teams.
    """
    everyone: Mapping[str, Any] = {}
    peers = [{"podSelector": everyone}]
    ports = [{"protocol": protocol, "port": 53} for protocol in ("UDP", "TCP")]
    both = ["Ingress", "Egress"]
    return {
        "default-deny": {"podSelector": everyone, "policyTypes": both},
        "allow-dns": {
            "podSelector": everyone,
            "policyTypes": ["Egress"],
            "egress": [{"to": [DNS], "ports": ports}],
        },
        "allow-within-namespace": {
            "podSelector": everyone,
            "policyTypes": both,
            "ingress": [{"from": peers}],
            "egress": [{"to": peers}],
        },
    }


def _hard(quota: Quota) -> dict[str, str]:
    return {
        "requests.cpu": quota.cpu,
        "requests.memory": quota.memory,
        "limits.memory": quota.memory,
        "pods": str(quota.pods),
    }


# What a container that says nothing gets, so that the quota does not refuse it.
_DEFAULTS = {
    "type": "Container",
    "defaultRequest": {"cpu": "100m", "memory": "128Mi"},
    "default": {"cpu": "1", "memory": "512Mi"},
}


def _manifest(api_version: str, kind: str, namespace: str, name: str, rest: Manifest) -> Manifest:
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **rest}
