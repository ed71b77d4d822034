"""What is like a controller's objects and is not: each with the rule that must refuse it, told as for anybody else."""

from tests.security.build import mutate
from tests.security.platform import cert_manager, flux, ingress_nginx, secrets_store
from tests.security.platform.objects import binding, role, rule


def find(module, kind, name, namespace=""):
    """One of a controller's manifests."""
    [found] = [
        item
        for item in module.MANIFESTS
        if (item["kind"], item["metadata"]["name"], item["metadata"].get("namespace", ""))
        == (kind, name, namespace)
    ]
    return found


_NGINX = find(ingress_nginx, "Deployment", "ingress-nginx-controller", "ingress-nginx")
_CERTS = find(cert_manager, "Deployment", "cert-manager", "cert-manager")
_KUSTOMIZE = find(flux, "Deployment", "kustomize-controller", "flux-system")
_DRIVER = find(secrets_store, "DaemonSet", "csi-secrets-store", "secrets-store-csi")
_PRIVILEGED = find(secrets_store, "Namespace", "secrets-store-csi")
_SECRETS = [rule("", "secrets", "get list")]
_POD = "spec.template.spec"

ATTACKS = {
    "its account's name in a team's namespace": (
        mutate(_NGINX, {"metadata.namespace": "app"}),
        "pod-memory-limit",
    ),
    "another account in its namespace": (
        mutate(_NGINX, {f"{_POD}.serviceAccountName": "build"}),
        "pod-memory-limit",
    ),
    "another image under its account": (
        mutate(_NGINX, {f"{_POD}.containers[0].image": "docker.io/evil/miner:1"}),
        "pod-image-registry",
    ),
    "another image beside its own": (
        mutate(_CERTS, {f"{_POD}.containers[1]": {"name": "miner", "image": "docker.io/evil/miner:1"}}),
        "pod-memory-limit",
    ),
    "another image before its own": (
        mutate(_CERTS, {f"{_POD}.initContainers": [{"name": "miner", "image": "docker.io/evil/miner:1"}]}),
        "pod-image-registry",
    ),
    "its image's name further on": (
        mutate(_CERTS, {f"{_POD}.containers[0].image": "evil.io/quay.io/jetstack/cert-manager:1"}),
        "pod-image-registry",
    ),
    "its images elsewhere": (
        mutate(_CERTS, {"metadata.namespace": "app", f"{_POD}.serviceAccountName": "app"}),
        "pod-image-registry",
    ),
    "a right it has not": (mutate(_KUSTOMIZE, {f"{_POD}.hostPID": True}), "pod-host-namespaces"),
    "no limits, where it has no right to none": (
        mutate(_KUSTOMIZE, {f"{_POD}.containers[0].resources": {}}),
        "pod-memory-limit",
    ),
    "a role called as its role in a team's namespace": (
        role("ingress-nginx", _SECRETS, "app"),
        "rbac-read-secrets",
    ),
    "a role that only begins as its role": (role("ingress-nginx-too", _SECRETS), "rbac-read-secrets"),
    "its role with another right": (
        role("ingress-nginx", [rule("", "secrets", "create")]),
        "rbac-write-secrets",
    ),
    "its role with the namespace's limits": (
        role("ingress-nginx", [rule("networking.k8s.io", "networkpolicies", "delete", "default-deny")]),
        "rbac-namespace-limits",
    ),
    "its role with the nodes of pods": (
        role("ingress-nginx", [rule("", "pods/binding", "create")]),
        "rbac-pod-binding",
    ),
    "its role that gathers others": (
        {
            **role("cert-manager-controller-issuers", _SECRETS),
            "aggregationRule": {"clusterRoleSelectors": [{"matchLabels": {"a": "b"}}]},
        },
        "rbac-read-secrets",
    ),
    "its role that all who may view have": (
        role(
            "cert-manager-controller-issuers",
            _SECRETS,
            **{"rbac.authorization.k8s.io/aggregate-to-view": "true"},
        ),
        "rbac-read-secrets",
    ),
    "its role for another account": (
        binding("more", "ingress-nginx", ["default"], own="app"),
        "rbac-platform-roles",
    ),
    "its role for an account of another controller": (
        binding("more", "ingress-nginx", ["cert-manager"], own="cert-manager"),
        "rbac-cluster-wide-binding",
    ),
    "its account and a team's, to its role": (
        mutate(
            binding("more", "ingress-nginx", ["ingress-nginx"], own="ingress-nginx"),
            {"subjects[1]": {"kind": "ServiceAccount", "name": "ingress-nginx", "namespace": "app"}},
        ),
        "rbac-platform-roles",
    ),
    "its account to a role of nobody's": (
        binding("more", "reader", ["ingress-nginx"], own="ingress-nginx"),
        "rbac-cluster-wide-binding",
    ),
    "cluster-admin for one that is not": (
        binding("more", "cluster-admin", ["source-controller"], own="flux-system"),
        "rbac-cluster-admin",
    ),
    "cluster-admin for its account's name elsewhere": (
        binding("more", "cluster-admin", ["kustomize-controller"], own="app"),
        "rbac-cluster-admin",
    ),
    "a privileged pod of its images under another account": (
        mutate(_DRIVER, {f"{_POD}.serviceAccountName": "build"}),
        "pod-privileged",
    ),
    "a node's socket, which no right is for": (
        mutate(_DRIVER, {f"{_POD}.volumes[0].hostPath.path": "/run/containerd/containerd.sock"}),
        "pod-runtime-socket",
    ),
    "a privileged namespace called nearly so": (
        mutate(_PRIVILEGED, {"metadata.name": "secrets-store-csi-2"}),
        "namespace-pod-security",
    ),
    "a public address in another namespace": (
        mutate(
            find(ingress_nginx, "Service", "ingress-nginx-controller", "ingress-nginx"),
            {"metadata.namespace": "app"},
        ),
        "service-public-load-balancer",
    ),
    "a public address for one that has none": (
        mutate(find(flux, "Service", "source-controller", "flux-system"), {"spec.type": "LoadBalancer"}),
        "service-public-load-balancer",
    ),
}
