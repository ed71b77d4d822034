"""Deployments, StatefulSets and DaemonSets: where their pods run, and what keeps these apart and accounted for."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from upgrades.model.workloads import Workload
from upgrades.observe.json_parts import part

from .pods import pool_of, present
from .selectors import selects

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .api_reader import ApiReader

Json = dict[str, Any]

KINDS = (
    ("Deployment", "deployments", "spec.replicas", "readyReplicas"),
    ("StatefulSet", "statefulsets", "spec.replicas", "readyReplicas"),
    ("DaemonSet", "daemonsets", "status.desiredNumberScheduled", "numberReady"),
)
"""Kinds of workloads with the fields that say how many pods each wants and has; spec.replicas is 1 unless set."""


def workloads(reader: ApiReader, pools: Mapping[str, str]) -> Iterable[Workload]:
    """Yield every Deployment, StatefulSet and DaemonSet with the pools that its pods run on."""
    by_namespace: dict[str, list[Json]] = defaultdict(list)
    for pod in present(reader):
        by_namespace[pod["metadata"]["namespace"]].append(pod)
    budgets: dict[str, list[Json]] = defaultdict(list)
    for budget in reader.items("/apis/policy/v1/poddisruptionbudgets"):
        budgets[budget["metadata"]["namespace"]].append(budget["spec"].get("selector"))
    for kind, path, wants, has in KINDS:
        for item in reader.items(f"/apis/apps/v1/{path}"):
            meta, (where_from, field) = item["metadata"], wants.split(".")
            own = by_namespace[meta["namespace"]]
            where = {
                pool_of(p, pools)
                for p in own
                if selects(item["spec"]["selector"], p["metadata"].get("labels"))
            }
            template = part(item, "spec", "template")
            labels = part(template, "metadata", "labels")
            yield Workload(
                kind,
                meta["namespace"],
                meta["name"],
                desired=part(item, where_from).get(field, 1 if where_from == "spec" else 0),
                ready=item.get("status", {}).get(has, 0),
                pools=frozenset(where - {""}),
                budgeted=any(selects(one, labels) for one in budgets[meta["namespace"]]),
                probed=_is_probed(part(template, "spec")),
                spread=_is_spread(part(template, "spec")),
                settles=bool(item["spec"].get("minReadySeconds")),
            )


def _is_probed(pod: Json) -> bool:
    """Tell whether each container that serves has a readiness probe; a sidecar among the init containers may have none."""
    return all(container.get("readinessProbe") for container in pod.get("containers") or ())


def _is_spread(pod: Json) -> bool:
    """Tell whether a pod is told to keep away from its like: over nodes or over what holds nodes, such as zones."""
    apart = part(pod, "affinity", "podAntiAffinity")
    return bool(pod.get("topologySpreadConstraints") or any(apart.values()))
