"""Emptying a node before it goes: cordon, then evict its pods, which PodDisruptionBudgets may refuse."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from emulator.control_plane.client import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.control_plane.client import ApiClient

POLL_SECONDS = 0.1


class DrainError(Exception):
    """A pod could not be evicted in time; the message is AKS's: node, pod, and the budget in the way."""


def cordon(client: ApiClient, node: str, *, unschedulable: bool = True) -> None:
    """Keep new pods off a node, or let them on it again."""
    client.merge(f"/api/v1/nodes/{node}", {"spec": {"unschedulable": unschedulable or None}})


def drain(client: ApiClient, node: str, seconds: float, keep: Callable[[], None]) -> None:
    """Evict every pod of a node but those of DaemonSets, and wait until they are gone.

    `keep` is called at every look. Raises DrainError after `seconds`.
    """
    end = time.monotonic() + seconds
    while pods := _pods(client, node):
        blocked = ""
        for pod in pods:
            if not pod["metadata"].get("deletionTimestamp"):
                blocked = _evict(client, pod) or blocked
        if time.monotonic() > end:
            what = ", ".join(f"{p['metadata']['namespace']}/{p['metadata']['name']}" for p in pods)
            why = blocked or "the pod was evicted and does not end"
            raise DrainError(f"Drain node {node} failed when evicting pod {what}: {why}")
        keep()
        time.sleep(POLL_SECONDS)


def _pods(client: ApiClient, node: str) -> list[dict[str, Any]]:
    pods = client.get("/api/v1/pods", fieldSelector=f"spec.nodeName={node}")["items"]
    return [p for p in pods if not _stays(p)]


def _stays(pod: dict[str, Any]) -> bool:
    owners = pod["metadata"].get("ownerReferences", [])
    ended = pod.get("status", {}).get("phase") in ("Succeeded", "Failed")
    return ended or any(o["kind"] in ("DaemonSet", "Node") for o in owners)


def _evict(client: ApiClient, pod: dict[str, Any]) -> str:
    """Ask for one eviction; return why it is refused, with the name of the budget, "" when it is not."""
    name, namespace = pod["metadata"]["name"], pod["metadata"]["namespace"]
    eviction = {
        "apiVersion": "policy/v1",
        "kind": "Eviction",
        "metadata": {"name": name, "namespace": namespace},
    }
    path = f"/api/v1/namespaces/{quote(namespace)}/pods/{quote(name)}/eviction"
    try:
        client.create(path, eviction)
    except ApiError as error:
        if error.status == HTTPStatus.NOT_FOUND:
            return ""
        if error.status != HTTPStatus.TOO_MANY_REQUESTS:
            return error.message or str(error.status)
        return (
            "Too Many Requests. This is often caused by a restrictive PodDisruptionBudget. "
            f"{error.message} {'; '.join(error.causes)} (namespace {namespace}). "
            "See https://aka.ms/aks/debugdrainfailures"
        )
    return ""
