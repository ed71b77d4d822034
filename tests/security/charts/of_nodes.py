"""Charts that look after nodes, in the shape of what they render, each with its entry in `secure-aks:platform`."""

from typing import Any

from tests.security.charts.hardened import SEE, Chart, controller, entry
from tests.security.platform.objects import account, binding, rule, workload

_EVERY_NODE = [{"operator": "Exists"}]
_LIMITS = {"requests": {"cpu": "50m", "memory": "64Mi"}, "limits": {"memory": "256Mi"}}


def _of_node(*paths: str) -> list[dict[str, Any]]:
    return [{"name": f"v{number}", "hostPath": {"path": path}} for number, path in enumerate(paths)]


CHARTS: dict[str, Chart] = {
    "node-exporter": (
        entry("node-exporter", "quay.io/prometheus/", ["host-network", "host-paths", "every-node", "unconfined"], [], podSecurity="privileged"),
        [
            account("node-exporter", "node-exporter") | {"automountServiceAccountToken": False},
            workload(
                "DaemonSet", "node-exporter", "node-exporter", "node-exporter",
                {
                    "image": "quay.io/prometheus/node-exporter:v1.9.1",
                    "args": ["--path.rootfs=/host/root"],
                    "ports": [{"containerPort": 9100, "hostPort": 9100}],
                    "livenessProbe": {"httpGet": {"path": "/", "port": 9100}},
                    "resources": _LIMITS,
                    "securityContext": {"readOnlyRootFilesystem": True, "allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
                },
                hostNetwork=True, hostPID=True, automountServiceAccountToken=False, tolerations=_EVERY_NODE,
                securityContext={"runAsNonRoot": True, "runAsUser": 65534, "runAsGroup": 65534, "fsGroup": 65534},
                volumes=_of_node("/proc", "/sys", "/"),
            ),
        ],
    ),
    "fluent-bit": (
        entry("fluent-bit", "cr.fluentbit.io/fluent/", ["host-paths", "root", "privileged", "unconfined", "every-node", "no-limits"], podSecurity="privileged"),
        [
            *controller("fluent-bit", [rule("", "namespaces pods", SEE)], {}, "DaemonSet")[:3],
            workload(
                "DaemonSet", "fluent-bit", "fluent-bit", "fluent-bit",
                {
                    "image": "cr.fluentbit.io/fluent/fluent-bit:4.0.7",
                    "ports": [{"containerPort": 2020}],
                    "livenessProbe": {"httpGet": {"path": "/", "port": 2020}},
                },
                tolerations=_EVERY_NODE, volumes=_of_node("/var/log", "/etc/machine-id"),
            ),
        ],
    ),
    "velero": (
        entry("velero", "docker.io/velero/", ["cluster-admin", "privileged", "root", "host-paths", "unconfined"], [], podSecurity="privileged"),
        [
            account("velero", "velero"),
            binding("velero-server", "cluster-admin", ["velero"], own="velero"),
            workload(
                "DaemonSet", "node-agent", "velero", "velero",
                {
                    "image": "docker.io/velero/velero:v1.16.2",
                    "env": [
                        {"name": "AZURE_CREDENTIALS_FILE", "value": "/credentials/cloud"},
                        {"name": "VELERO_SCRATCH_DIR", "value": "/scratch"},
                        {"name": "VELERO_NAMESPACE", "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}},
                    ],
                    "resources": _LIMITS,
                    "securityContext": {"privileged": False},
                },
                securityContext={"runAsUser": 0}, volumes=_of_node("/var/lib/kubelet/pods"),
            ),
        ],
    ),
    "ztunnel": (
        entry("ztunnel", "docker.io/istio/", ["host-paths", "root", "privileged", "unconfined", "every-node"], [], podSecurity="privileged"),
        [
            account("ztunnel", "ztunnel"),
            workload(
                "DaemonSet", "ztunnel", "ztunnel", "ztunnel",
                {
                    "image": "docker.io/istio/ztunnel:1.27.0",
                    "readinessProbe": {"httpGet": {"path": "/healthz/ready", "port": 15021}},
                    "env": [{"name": "CA_ADDRESS", "value": "istiod.istio-system.svc:15012"}, {"name": "ISTIO_META_CLUSTER_ID", "value": "Kubernetes"}],
                    "resources": _LIMITS,
                    "securityContext": {
                        "allowPrivilegeEscalation": True, "privileged": False, "runAsUser": 0, "runAsGroup": 1337, "runAsNonRoot": False,
                        "capabilities": {"drop": ["ALL"], "add": ["NET_ADMIN", "SYS_ADMIN", "NET_RAW"]}, "readOnlyRootFilesystem": True,
                    },
                },
                tolerations=_EVERY_NODE,
                volumes=[{"name": "token", "projected": {"sources": [{"serviceAccountToken": {"audience": "istio-ca", "path": "t"}}]}}, *_of_node("/var/run/ztunnel")],
            ),
        ],
    ),
}  # fmt: skip
"""By name: the entry and what the chart renders."""
