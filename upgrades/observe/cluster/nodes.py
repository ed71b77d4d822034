"""The nodes of a cluster, as its API server lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.versions.version import Version

from upgrades.model.workloads import Node

from .pods import POOL_LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .api_reader import Json, Lists

ZONE = "topology.kubernetes.io/zone"
"""AKS writes `<region>-<zone>` there, and a bare fault domain where a node is in no zone."""
SET_ASIDE = ("kubernetes.azure.com/upgrade-status", "Quarantined")
PRESSURES = ("MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable")
"""Conditions of a node that tell of a lack where they are True."""


def nodes(reader: Lists) -> Iterable[Node]:
    """Yield every node."""
    for item in reader.items("/api/v1/nodes"):
        conditions = {c["type"]: c["status"] for c in item["status"].get("conditions", ())}
        labels: dict[str, str] = item["metadata"].get("labels") or {}
        yield Node(
            name=item["metadata"]["name"],
            pool=pool_of_node(item),
            version=Version.parse(item["status"]["nodeInfo"]["kubeletVersion"].partition("-")[0]),
            ready=conditions.get("Ready") == "True",
            schedulable=not item["spec"].get("unschedulable"),
            zone=zone if "-" in (zone := labels.get(ZONE, "")) else "",
            pressures=tuple(name for name in PRESSURES if conditions.get(name) == "True"),
            quarantined=labels.get(SET_ASIDE[0]) == SET_ASIDE[1],
        )


def pool_of_node(node: Json) -> str:
    """Return the pool that a node's labels name, "" for none."""
    labels = node["metadata"].get("labels", {})
    return next((labels[name] for name in POOL_LABELS if name in labels), "")
