"""Reads what gates need from a Kubernetes API server. A part that cannot be read stays None, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubernetes.client import ApiException
from secure_aks_lifecycle.versions.version import Version

from upgrades.model.workloads import Node
from upgrades.observe.certificates import expiries
from upgrades.observe.errors import ClusterError

from .api_reader import ApiReader, Json
from .deprecated import deprecated
from .evictions import evictions
from .parts import Parts
from .pods import POOL_LABELS, budgets, pods
from .uses import in_cluster
from .webhooks import webhooks
from .workloads import workloads

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kubernetes.client import ApiClient

    from .api_reader import Lists

ZONE = "topology.kubernetes.io/zone"
"""AKS writes `<region>-<zone>` there, and a bare fault domain where a node is in no zone."""
SET_ASIDE = ("kubernetes.azure.com/upgrade-status", "Quarantined")
PRESSURES = ("MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable")
"""Conditions of a node that tell of a lack where they are True."""

PARTS = ("nodes", "pods", "budgets", "workloads", "webhooks", "deprecated", "expiries", "evictions", "uses")
"""The parts of a view that an API server tells."""


def read(client: ApiClient, pool: str = "") -> Parts:
    """Read the parts that an API server tells. Does not raise for what is refused.

    Evictions are asked for the pods of one pool: the one that is about to be drained (empty: of none; WHOLE: of all).
    """
    reader = ApiReader(client)
    found = Parts()
    try:
        reader.get("/version")
    except ApiException:
        pass  # told part by part
    except ClusterError as error:
        found.fail(PARTS, error)
        return found
    found.add("nodes", lambda: nodes(reader))
    found.add("pods", lambda: pods(reader, _pools(reader)))
    found.add("budgets", lambda: budgets(reader, _pools(reader)))
    found.add("workloads", lambda: workloads(reader, _pools(reader)))
    found.add("webhooks", lambda: webhooks(reader))
    found.add("deprecated", lambda: deprecated(reader))
    found.add("expiries", lambda: expiries(reader))
    found.value("uses", lambda: in_cluster(reader))
    if found.parts["pods"] is None or not pool:
        found.miss(("evictions",), found.unread.get("pods", "no pool was named that is about to be drained"))
    else:
        found.add("evictions", lambda: evictions(reader, found.parts["pods"], pool))
    return found


def nodes(reader: Lists) -> Iterable[Node]:
    """Yield every node."""
    for item in reader.items("/api/v1/nodes"):
        conditions = {c["type"]: c["status"] for c in item["status"].get("conditions", ())}
        labels: dict[str, str] = item["metadata"].get("labels") or {}
        yield Node(
            name=item["metadata"]["name"],
            pool=_pool(item),
            version=Version.parse(item["status"]["nodeInfo"]["kubeletVersion"].partition("-")[0]),
            ready=conditions.get("Ready") == "True",
            schedulable=not item["spec"].get("unschedulable"),
            zone=zone if "-" in (zone := labels.get(ZONE, "")) else "",
            pressures=tuple(name for name in PRESSURES if conditions.get(name) == "True"),
            quarantined=labels.get(SET_ASIDE[0]) == SET_ASIDE[1],
        )


def _pools(reader: ApiReader) -> dict[str, str]:
    return {item["metadata"]["name"]: _pool(item) for item in reader.items("/api/v1/nodes")}


def _pool(node: Json) -> str:
    labels = node["metadata"].get("labels", {})
    return next((labels[name] for name in POOL_LABELS if name in labels), "")
