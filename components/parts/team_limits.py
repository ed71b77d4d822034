"""The limits of a team's namespace: quota, defaults of containers."""

from collections.abc import Iterator
from typing import Any

from ..args.teams import QuotaArgs

Manifest = dict[str, Any]


def limits(namespace: str, quota: QuotaArgs) -> Iterator[tuple[str, Manifest]]:
    """Yield a name and a manifest for each object that limits what the namespace's pods can take."""
    yield "quota", _manifest("v1", "ResourceQuota", namespace, "quota", {"spec": {"hard": _hard(quota)}})
    yield "defaults", _manifest("v1", "LimitRange", namespace, "defaults", {"spec": {"limits": [_DEFAULTS]}})


def _hard(quota: QuotaArgs) -> dict[str, str]:
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
