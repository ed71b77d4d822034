"""Reads what gates need from a Kubernetes API server. A part that cannot be read stays None, with the reason."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kubernetes.client import ApiException
from secure_aks_lifecycle.version import Version

from upgrades.observe.api_reader import ApiReader, Json
from upgrades.observe.certificates import expiries
from upgrades.observe.errors import ClusterError
from upgrades.observe.parts import Parts
from upgrades.observe.pods import budgets, pods, workloads
from upgrades.observe.webhooks import webhooks
from upgrades.view import DeprecatedApi, Node

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kubernetes.client import ApiClient

POOL_LABELS = ("kubernetes.azure.com/agentpool", "agentpool")
"""The labels by which AKS names a node's pool, the newer first."""

METRIC = re.compile(r"^apiserver_requested_deprecated_apis\{(?P<labels>[^}]*)\}\s+1(?:\.0*)?$", re.MULTILINE)
LABEL = re.compile(r'(\w+)="([^"]*)"')
SINCE = "asked for since this API server started; AKS itself counts the last 12 hours"
"""The metric remembers no times and each API server counts for itself, so it may tell of a caller that is gone."""


PARTS = ("nodes", "pods", "budgets", "workloads", "webhooks", "deprecated", "expiries")
"""The parts of a view that an API server tells."""


def read(client: ApiClient) -> Parts:
    """Read nodes, budgets, pods, workloads, webhooks, deprecated APIs and expiries. Does not raise for what is refused."""
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
    return found


def nodes(reader: ApiReader) -> Iterable[Node]:
    """Yield every node."""
    for item in reader.items("/api/v1/nodes"):
        conditions = {c["type"]: c["status"] for c in item["status"].get("conditions", ())}
        yield Node(
            name=item["metadata"]["name"],
            pool=_pool(item),
            version=Version.parse(item["status"]["nodeInfo"]["kubeletVersion"].partition("-")[0]),
            ready=conditions.get("Ready") == "True",
            schedulable=not item["spec"].get("unschedulable"),
        )


def deprecated(reader: ApiReader) -> Iterable[DeprecatedApi]:
    """Yield the APIs in use that a known minor removes, as the API server's own metric has them."""
    for found in METRIC.finditer(reader.text("/metrics")):
        labels = dict(LABEL.findall(found["labels"]))
        if labels.get("removed_release"):
            group = f"{labels['group']}/" if labels.get("group") else ""
            api = f"{group}{labels.get('version', '')} {labels.get('resource', '')}"
            yield DeprecatedApi(api, labels["removed_release"], SINCE)


def _pools(reader: ApiReader) -> dict[str, str]:
    return {item["metadata"]["name"]: _pool(item) for item in reader.items("/api/v1/nodes")}


def _pool(node: Json) -> str:
    labels = node["metadata"].get("labels", {})
    return next((labels[name] for name in POOL_LABELS if name in labels), "")
