"""The driver that mounts secrets of a vault, as its manifest has it: on every node, privileged, with folders of the node."""

from typing import Any

from tests.security.platform.objects import account, binding, role, rule, workload

NAMESPACE = "secrets-store-csi"
_ACCOUNT = "secrets-store-csi-driver"
_ROLES = ("secretproviderclasses-role", "secretprovidersyncing-role")
_REGISTRY = "registry.k8s.io/csi-secrets-store"

ENTRY: dict[str, Any] = {
    "name": NAMESPACE,
    "owner": "platform@contoso.com",
    "reason": "mounts what a pod's own identity may read in the vault",
    "images": [f"{_REGISTRY}/", "registry.k8s.io/sig-storage/"],
    "podSecurity": "privileged",
    "serviceAccounts": [
        {
            "name": _ACCOUNT,
            "roles": list(_ROLES),
            "rights": [
                "read-secrets",
                "write-secrets",
                "create-tokens",
                "privileged",
                "host-paths",
                "root",
                "unconfined",
                "no-limits",
                "every-node",
            ],
        }
    ],
}
_DRIVER: dict[str, Any] = {
    "image": f"{_REGISTRY}/driver:v1.5.4",
    "args": ["--endpoint=$(CSI_ENDPOINT)", "--provider-volume=/var/run/secrets-store-csi-providers"],
    "securityContext": {"privileged": True},
    "resources": {
        "limits": {"cpu": "200m", "memory": "200Mi"},
        "requests": {"cpu": "50m", "memory": "100Mi"},
    },
    "volumeMounts": [{"name": "mountpoint-dir", "mountPath": "/var/lib/kubelet/pods"}],
}


def _of_node(name: str, path: str) -> dict[str, Any]:
    return {"name": name, "hostPath": {"path": path, "type": "DirectoryOrCreate"}}


def _daemon_set() -> dict[str, Any]:
    volumes = [
        _of_node("mountpoint-dir", "/var/lib/kubelet/pods"),
        _of_node("registration-dir", "/var/lib/kubelet/plugins_registry/"),
        _of_node("providers-dir", "/var/run/secrets-store-csi-providers"),
    ]
    everywhere = [{"operator": "Exists"}]
    item = workload(
        "DaemonSet",
        "csi-secrets-store",
        NAMESPACE,
        _ACCOUNT,
        _DRIVER,
        volumes=volumes,
        tolerations=everywhere,
    )
    del item["spec"]["replicas"]
    registrar = {
        "name": "node-driver-registrar",
        "image": "registry.k8s.io/sig-storage/csi-node-driver-registrar:v2.13.0",
    }
    item["spec"]["template"]["spec"]["containers"].append(registrar)
    return item


_LABEL = "pod-security.kubernetes.io/enforce"
MANIFESTS = [
    {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": NAMESPACE, "labels": {_LABEL: "privileged"}},
    },
    account(_ACCOUNT, NAMESPACE),
    role(
        _ROLES[0],
        [
            rule("", "pods", "get list watch"),
            rule("", "serviceaccounts/token", "create"),
            rule(
                "secrets-store.csi.x-k8s.io", "secretproviderclasspodstatuses", "create delete get list patch"
            ),
        ],
    ),
    role(_ROLES[1], [rule("", "secrets", "create delete get list patch update watch")]),
    *(binding(name, name, [_ACCOUNT], own=NAMESPACE) for name in _ROLES),
    _daemon_set(),
]
