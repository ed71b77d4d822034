"""The alerts on a cluster's metrics, in the spelling of a rule group in Azure.

All but the API server's are of metrics that Azure's agents send unless told otherwise (Azure documentation, "Minimal ingestion
profile for Prometheus metrics in Azure Monitor"). The API server's are sent where the control plane's metrics are on, which
Azure has in preview ("Monitor AKS control plane metrics").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import pulumi

from settings.sections.features.monitoring import Alert
from settings.sections.pools import Pool

_DAY = 24 * 60 * 60
_WAITING = 'kube_pod_status_phase{phase="Pending"}'
_REQUESTS = 'apiserver_request_total{job="controlplane-apiserver"}'
_FAILED = 'apiserver_request_total{job="controlplane-apiserver", code=~"5.."}'


@dataclass(frozen=True)
class _Rule:
    name: str
    expression: str
    minutes: int
    """How long it has to hold before somebody is told."""
    summary: str
    description: str
    severity: int = 2
    """Azure's: 0 is critical, 4 is verbose."""


_OF_CLUSTER: dict[Alert, _Rule] = {
    "node-not-ready": _Rule(
        "NodeNotReady",
        'kube_node_status_condition{condition="Ready", status="true"} == 0',
        15,
        "Node {{ $labels.node }} has not been ready for 15 minutes",
        "Its pods are moved, and it may still hold their disks. Look at its conditions: kubectl describe node {{ $labels.node }}",
    ),
    "pods-unschedulable": _Rule(
        "PodsUnschedulable",
        # Of the same pods as a quarter of an hour ago: a namespace in which jobs come and go always has some that wait.
        f"count by (namespace) (({_WAITING} == 1) and on (namespace, pod) ({_WAITING} offset 15m == 1)"
        ' and on (namespace, pod) kube_pod_info{node=""}) > 0',
        5,
        "Pods of namespace {{ $labels.namespace }} have had no node for 15 minutes",
        "Look at what the scheduler says of them: kubectl get events -n {{ $labels.namespace }} --field-selector reason=FailedScheduling",
    ),
    "certificate-renewal": _Rule(
        "KubeletCertificateRenewal",
        " or ".join(
            [
                "increase(kubelet_certificate_manager_client_expiration_renew_errors[1h]) > 0",
                "increase(kubelet_server_expiration_renew_errors[1h]) > 0",
                f"kubelet_certificate_manager_client_ttl_seconds < {_DAY}",
                f"kubelet_certificate_manager_server_ttl_seconds < {_DAY}",
            ]
        ),
        15,
        "The kubelet of {{ $labels.instance }} does not get a new certificate",
        "Once the old one has run out, the node is not ready and its logs cannot be read. Look at its requests: kubectl get csr",
    ),
    "api-server-errors": _Rule(
        "ApiServerErrors",
        f"sum(rate({_FAILED}[5m])) / sum(rate({_REQUESTS}[5m])) > 0.05",
        10,
        "The API server fails more than one request in 20",
        "Look at its log (the category kube-apiserver of audit.categories), and at webhooks that do not answer.",
    ),
}


@dataclass(frozen=True)
class SupportEnd:
    """The last day of a version's support, and how many days before it somebody is told."""

    version: str
    last_day: date
    warn_days: int


def rules(
    alerts: Sequence[Alert],
    pools: Sequence[Pool],
    action_groups: Sequence[pulumi.Input[str]] = (),
    support: SupportEnd | None = None,
) -> list[dict[str, Any]]:
    """Return the rules of the alerts: one each, and one for every pool that the autoscaler may bring to its maximum.

    Without a known end of `support` there is no alert of it: the version is newer than the catalog.
    """
    found = [rule for name, rule in _OF_CLUSTER.items() if name in alerts]
    if "pool-at-maximum" in alerts:
        grow = [pool for pool in pools if pool.min_nodes < pool.max_nodes]
        found += [_at_maximum(pool) for pool in sorted(grow, key=lambda pool: pool.name)]
    if "support-ends" in alerts and support:
        found.append(_support_ends(support))
    return [_in_azure(rule, action_groups) for rule in found]


def _support_ends(support: SupportEnd) -> _Rule:
    """Return the rule of a version's end: the clock of the metrics is compared with a moment that stands in the rule."""
    end = int(datetime.combine(support.last_day, time.min, UTC).timestamp())
    return _Rule(
        "KubernetesSupportEnds",
        f"max(timestamp(kube_node_info)) >= {end - support.warn_days * _DAY}",
        15,
        f"The support of Kubernetes {support.version} ends on {support.last_day}",
        "Go to the next minor: `upgrades plan` shows the steps, and how long they take.",
        severity=3,
    )


def _at_maximum(pool: Pool) -> _Rule:
    """Return the rule of a pool, whose nodes are known by the names that AKS gives them.

    Source: nodes in the Azure documentation, such as aks-nodepool1-12345678-vmss000000 and, on Windows, aksnpwin000000.
    """
    nodes = f"aks-{pool.name}-[0-9]+-vmss.+" if pool.is_linux else f"aks{pool.name}[0-9a-z]{{6}}"
    return _Rule(
        f"NodePoolAtMaximum-{pool.name}",
        f'count(kube_node_info{{node=~"{nodes}"}}) >= {pool.max_nodes}',
        30,
        f"The node pool {pool.name} has been at its maximum of {pool.max_nodes} nodes for 30 minutes",
        "No further node comes for pods that need one. Raise autoscaling.max of the pool in the stack file, within quota and subnet.",
        severity=3,
    )


def _in_azure(rule: _Rule, action_groups: Sequence[pulumi.Input[str]]) -> dict[str, Any]:
    return {
        "alert": rule.name,
        "enabled": True,
        "expression": rule.expression,
        "for": f"PT{rule.minutes}M",
        "severity": rule.severity,
        "annotations": {"summary": rule.summary, "description": rule.description},
        **({"actions": [{"actionGroupId": group} for group in action_groups]} if action_groups else {}),
        "resolveConfiguration": {"autoResolved": True, "timeToResolve": "PT10M"},
    }
