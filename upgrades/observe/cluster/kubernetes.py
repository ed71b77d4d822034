"""Reads what gates need from a Kubernetes API server. A part that cannot be read stays None, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubernetes.client import ApiException

from upgrades.observe.certificates import expiries
from upgrades.observe.errors import ClusterError

from .api_reader import ApiReader
from .deprecated import deprecated
from .evictions import evictions
from .nodes import nodes, pool_of_node
from .parts import Parts
from .pods import budgets, pods
from .retired import retired
from .uses import in_cluster
from .webhooks import webhooks
from .workloads import workloads

if TYPE_CHECKING:
    from kubernetes.client import ApiClient

PARTS = (
    "nodes",
    "pods",
    "budgets",
    "workloads",
    "webhooks",
    "deprecated",
    "expiries",
    "evictions",
    "uses",
    "retired",
)
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
    found.value("retired", lambda: retired(reader))
    if found.parts["pods"] is None or not pool:
        found.miss(("evictions",), found.unread.get("pods", "no pool was named that is about to be drained"))
    else:
        found.add("evictions", lambda: evictions(reader, found.parts["pods"], pool))
    return found


def _pools(reader: ApiReader) -> dict[str, str]:
    return {item["metadata"]["name"]: pool_of_node(item) for item in reader.items("/api/v1/nodes")}
