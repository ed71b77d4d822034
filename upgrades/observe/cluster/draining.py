"""Cordons a pool and asks the API server to evict its pods, node by node, as `kubectl drain` does. It takes the rights to patch nodes and to create `pods/eviction`.

Sources: Kubernetes, "Safely Drain a Node" and "API-initiated Eviction".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kubernetes.client import ApiException

from upgrades.observe.errors import ClusterError

from .api_reader import ApiReader
from .evictions import answer, evicted
from .nodes import nodes
from .pods import owner_of, pool_of, present
from .pods import pods as read_pods
from .refusals import body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kubernetes.client import ApiClient

    from upgrades.model.workloads import Pod


def drain_once(client: ApiClient, pool: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Cordon the pool's nodes and evict the pods of the first node that has some; return the pods left, and what was refused.

    Asked again and again, it empties the pool: a node that has come since is cordoned too. Pods of DaemonSets and static ones stay.
    Raises ClusterError.
    """
    reader = ApiReader(client)
    try:
        here = [node for node in nodes(reader) if node.pool == pool]
        for node in here:
            if node.schedulable:
                _cordon(reader, node.name)
        pools = {node.name: node.pool for node in here}
        going = list(_leaving(reader, pools))
        found = [one for one in read_pods(reader, pools) if one.pool == pool and one.is_drained]
    except ApiException as error:
        refused: Any = error  # carries no types
        raise ClusterError(f"the API server answered {refused.status} ({refused.reason})") from None
    first = min((one.node for one in found), default="")
    held = [said for one in found if one.node == first and (said := _evicted(reader, one))]
    left = [f"{one.namespace}/{one.name}" for one in found]
    return (*left, *going), tuple(held)


def _leaving(reader: ApiReader, pools: dict[str, str]) -> Iterator[str]:
    """Yield the pods that are on their way out: they hold their volumes until they are gone."""
    kept = {item["metadata"]["uid"] for item in present(reader)}
    for item in reader.items("/api/v1/pods"):
        meta = item["metadata"]
        if (
            meta["uid"] not in kept
            and pool_of(item, pools)
            and not owner_of(item).startswith(("DaemonSet/", "Node/"))
        ):
            yield f"{meta['namespace']}/{meta['name']}"


def _cordon(reader: ApiReader, node: str) -> None:
    status, text = reader.patch(f"/api/v1/nodes/{node}", {"spec": {"unschedulable": True}})
    if status >= 300 and status != 404:  # noqa: PLR2004  # a node that is gone takes no pods
        raise ClusterError(
            f"node {node} cannot be cordoned: {answer(text).get('message') or status}; grant patch on nodes"
        )


def _evicted(reader: ApiReader, pod: Pod) -> str:
    """Evict a pod; return why it does not go, or nothing."""
    request: dict[str, Any] = {key: value for key, value in body(pod).items() if key != "deleteOptions"}
    said = evicted(reader, pod, request)
    return f"pod {pod.namespace}/{pod.name}: {said.refusal}" if said else ""
