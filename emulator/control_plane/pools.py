"""The nodes of AKS node pools on a control plane: made, relabelled, and replaced one surge at a time."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

from emulator.control_plane.client import ApiError
from emulator.control_plane.drain import POLL_SECONDS, DrainError, cordon, drain
from emulator.control_plane.nodes import NodePool, node_manifest

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.control_plane.client import ApiClient

Json = dict[str, Any]

READY_SECONDS = 60.0
"""How long a new node may take to be Ready; kwok needs about a second."""
DRAIN_TIMEOUT_MINUTES = 30
"""AKS's own, where `upgradeSettings.drainTimeoutInMinutes` says nothing (AKS documentation, "Upgrade node pools")."""
MAX_SURGE = "10%"
"""AKS's own, where `upgradeSettings.maxSurge` says nothing."""
QUARANTINED = {"kubernetes.azure.com/upgrade-status": "Quarantined"}
"""What AKS labels a node with that could not be drained, under `undrainableNodeBehavior: Cordon`.

No more than `maxSurge` of them, and no later PUT looks at one until the label is gone, though it ends well (AKS documentation,
"Upgrade options for AKS clusters", resolve undrainable nodes).
"""
_OWN_LABELS = "secure-aks.emulator/pool-labels"


class UpgradeError(Exception):
    """The nodes of a pool could not be brought to its version; the message says which node and why."""


class PoolNodes:
    """Brings a pool's nodes to what the pool says; every call may be repeated and goes on where the last one stopped.

    `minute` is how many seconds of real time a minute of drain timeout or node soak lasts, `keep` is called all along.
    """

    def __init__(self, client: ApiClient, minute: float, keep: Callable[[], None]) -> None:
        self._client, self._minute, self._keep = client, minute, keep

    def reconcile(self, pool: Json, location: str) -> None:
        """Add, replace, relabel and remove nodes. `pool` are the properties of an ARM agent pool.

        Raises UpgradeError when a node cannot be drained: what is done so far stays.
        """
        spec, count = node_pool(pool, location), wanted_count(pool)
        name = spec.name
        version = f"v{spec.version}"
        nodes = [n for n in self._nodes(name) if not QUARANTINED.items() <= n["metadata"]["labels"].items()]
        current = [n for n in nodes if _version(n) == version]
        outdated = [n for n in nodes if _version(n) != version]
        for node in current:
            self._relabel(node, spec)
        if not outdated:
            self._add(spec, count - len(current))
            for node in current[count:]:
                self._remove(node, pool)
            return
        self._replace(spec, pool, outdated, len(current) + len(outdated) - count)
        left = self._nodes(name)
        for node in [n for n in left if _version(n) == version][count:]:
            self._delete(_name(node))

    def delete(self, name: str) -> None:
        """Delete every node of a pool; its pods go with them."""
        for node in self._nodes(name):
            self._delete(_name(node))

    def _replace(self, spec: NodePool, pool: Json, outdated: list[Json], spare: int) -> None:
        """Replace nodes a surge at a time; `spare` nodes of the new version are there already, from a run that failed."""
        settings: Json = pool.get("upgradeSettings") or {}
        surge = surge_nodes(settings.get("maxSurge"), wanted_count(pool))
        failures: list[str] = []
        for start in range(0, len(outdated), surge):
            batch = outdated[start : start + surge]
            self._add(spec, len(batch) - max(spare, 0))
            spare = max(spare - len(batch), 0)
            for node in batch:
                self._empty(_name(node), settings, failures, surge)
        if failures:
            raise UpgradeError("; ".join(failures))

    def _empty(self, node: str, settings: Json, failures: list[str], most: int) -> None:
        """Drain one node and delete it, or do with it what `undrainableNodeBehavior` says."""
        cordon(self._client, node)
        try:
            self._drain(node, settings)
        except DrainError as error:
            behavior = settings.get("undrainableNodeBehavior")
            if behavior == "Cordon" and len(failures) < most:  # set aside, and on with the others
                self._patch(node, {"metadata": {"labels": QUARANTINED}})
                failures.append(str(error))
                return
            if behavior == "Schedule":
                cordon(self._client, node, unschedulable=False)
            raise UpgradeError("; ".join([*failures, str(error)])) from None
        self._delete(node)
        self._soak(float(settings.get("nodeSoakDurationInMinutes") or 0) * self._minute)

    def _remove(self, node: Json, pool: Json) -> None:
        """Take a node away that is one too many."""
        cordon(self._client, _name(node))
        try:
            self._drain(_name(node), pool.get("upgradeSettings") or {})
        except DrainError as error:
            raise UpgradeError(str(error)) from None
        self._delete(_name(node))

    def _drain(self, node: str, settings: Json) -> None:
        minutes = float(settings.get("drainTimeoutInMinutes") or DRAIN_TIMEOUT_MINUTES)
        drain(self._client, node, minutes * self._minute, self._keep)

    def _soak(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._keep()
            time.sleep(POLL_SECONDS)

    def _add(self, spec: NodePool, count: int) -> None:
        """Add nodes under numbers that are free, and wait until they are Ready."""
        if count <= 0:
            return
        taken = {_name(n) for n in self._nodes(spec.name)}
        made: list[str] = []
        number = len(taken)
        while len(made) < count:
            manifest = node_manifest(spec, number)
            number += 1
            name = manifest["metadata"]["name"]
            if name in taken:
                continue
            manifest["metadata"]["annotations"][_OWN_LABELS] = ",".join(sorted(spec.labels))
            self._client.create("/api/v1/nodes", manifest)
            made.append(name)
        end = time.monotonic() + READY_SECONDS
        while waiting := [n for n in made if not self._is_ready(n)]:
            if time.monotonic() > end:
                raise UpgradeError(f"nodes {', '.join(waiting)} are not Ready after {READY_SECONDS:.0f} s")
            self._keep()
            time.sleep(POLL_SECONDS)

    def _is_ready(self, name: str) -> bool:
        status: Json = self._client.get(f"/api/v1/nodes/{name}").get("status", {})
        return any(c["type"] == "Ready" and c["status"] == "True" for c in status.get("conditions", []))

    def _relabel(self, node: Json, spec: NodePool) -> None:
        """Give a node the pool's labels and taints, as AKS does to nodes that exist; foreign ones stay."""
        wanted = node_manifest(spec, 0)
        metadata = node["metadata"]
        before: str = metadata.get("annotations", {}).get(_OWN_LABELS, "")
        labels: Json = dict.fromkeys((k for k in before.split(",") if k and k not in spec.labels), None)
        labels |= spec.labels
        taints: list[Json] = [
            t for t in node["spec"].get("taints", []) if t["key"].startswith("node.kubernetes.io/")
        ]
        taints += wanted["spec"]["taints"]
        known: Json = metadata.get("labels", {})
        same = all(known.get(k) == v for k, v in labels.items())
        if same and sorted(map(repr, taints)) == sorted(map(repr, node["spec"].get("taints", []))):
            return
        annotations = {_OWN_LABELS: ",".join(sorted(spec.labels))}
        patch = {"metadata": {"labels": labels, "annotations": annotations}, "spec": {"taints": taints}}
        self._patch(_name(node), patch)

    def _patch(self, node: str, patch: Json) -> None:
        self._client.merge(f"/api/v1/nodes/{node}", patch)

    def _nodes(self, pool: str) -> list[Json]:
        """Return the pool's nodes by name."""
        found = self._client.get("/api/v1/nodes", labelSelector=f"kubernetes.azure.com/agentpool={pool}")
        return sorted(found["items"], key=_name)

    def _delete(self, node: str) -> None:
        """Delete a node, and the pods that no DaemonSet of a machine will ever report gone."""
        pods = self._client.get("/api/v1/pods", fieldSelector=f"spec.nodeName={node}")["items"]
        for path in [f"/api/v1/nodes/{node}", *(_pod_path(p) for p in pods)]:
            try:
                self._client.delete(path)
            except ApiError as error:
                if error.status != 404:  # noqa: PLR2004 - gone already
                    raise


def node_pool(pool: Json, location: str) -> NodePool:
    """Return what the nodes of an ARM agent pool have in common."""
    labels: Json = pool.get("nodeLabels") or {}
    spot = pool.get("scaleSetPriority") == "Spot"
    spot_taint = "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"
    return NodePool(
        name=str(pool["name"]),
        version=str(pool["currentOrchestratorVersion"]),
        mode=str(pool.get("mode", "User")),
        os_type=str(pool.get("osType", "Linux")),
        os_sku=str(pool.get("osSKU", "Ubuntu")),
        vm_size=str(pool.get("vmSize", "")),
        location=location,
        zones=tuple(str(z) for z in pool.get("availabilityZones") or ()),
        labels={k: str(v) for k, v in labels.items()},
        taints=tuple(t for t in pool.get("nodeTaints") or () if not (spot and t == spot_taint)),
        spot=spot,
        sandboxed="Kata" in str(pool.get("workloadRuntime")),
    )


def wanted_count(pool: Json) -> int:
    """Return how many nodes a pool has: an autoscaled one its minimum, but one to have something to look at."""
    if pool.get("enableAutoScaling"):
        return max(int(pool.get("minCount") or 0), 1)
    return int(pool.get("count") or 0)


def surge_nodes(text: Any, count: int) -> int:
    """Return how many nodes `maxSurge` ("2", "33%") adds at a time to a pool of `count`; percentages round up."""
    text = str(text or MAX_SURGE)
    wanted = math.ceil(count * float(text[:-1]) / 100) if text.endswith("%") else int(float(text))
    return max(wanted, 1)


def _pod_path(pod: Json) -> str:
    return f"/api/v1/namespaces/{pod['metadata']['namespace']}/pods/{pod['metadata']['name']}"


def _name(node: Json) -> str:
    return node["metadata"]["name"]


def _version(node: Json) -> str:
    return str(node.get("status", {}).get("nodeInfo", {}).get("kubeletVersion", ""))
