"""What five controllers have in their published manifests beyond what their hardened charts show: stars, helpers, others' accounts."""

from typing import Any

from tests.security.charts.hardened import POD, SEE, Chart, container, controller, entry
from tests.security.platform.objects import account, binding, role, rule, workload

_EVERYTHING = {"nonResourceURLs": ["*"], "verbs": ["*"]}
_ASKS = "system:auth-delegator"
_KUBE_SYSTEM = "kube-system"


def _also(name: str, roles: list[str], rights: list[str]) -> dict[str, Any]:
    """A further account of an entry."""
    return {"name": name, "roles": roles, "rights": rights}


def _entry(*accounts: dict[str, Any], name: str, image: str) -> dict[str, Any]:
    return {**entry(name, image, []), "serviceAccounts": list(accounts)}


CHARTS: dict[str, Chart] = {
    "argo-cd, of a cluster": (
        _entry(
            _also("argocd", ["argocd"], ["cluster-admin"]),
            _also("argocd-server", ["argocd-server"], ["read-secrets", "write-secrets", "run-pods", "bind-pods", "exec-pods", "change-webhooks", "change-api-services", "change-endpoints", "change-namespaces", "change-limits", "change-nodes", "change-cluster-objects", "change-leases", "change-config-maps", "change-volumes", "change-roles", "sign-certificates", "wildcards", "reach-nodes", "reach-services"]),
            name="argocd", image="quay.io/argoproj/",
        ),
        [
            *controller("argocd", [rule("*", "*", "*"), _EVERYTHING], container("quay.io/argoproj/argocd:v3.1.0"), "StatefulSet"),
            role("argocd-server", [rule("*", "*", "delete get patch"), rule("*", "*/finalizers", "update"), rule("batch", "jobs", "create")]),
            binding("argocd-server", "argocd-server", ["argocd-server"], own="argocd"),
        ],
    ),
    "keda, whole": (
        _entry(
            _also("keda", ["keda", "keda-certs"], ["read-secrets", "write-secrets", "exec-pods", "change-webhooks", "wildcards", "reach-nodes", "reach-services"]),
            _also("keda-metrics-server", [_ASKS], []),
            name="keda", image="ghcr.io/kedacore/",
        ),
        [
            *controller("keda", [rule("*", "*", "get"), rule("*", "*/scale", "get list patch update watch"), rule("", "secrets", "list watch"), rule("admissionregistration.k8s.io", "validatingwebhookconfigurations", "get list patch update watch")], container("ghcr.io/kedacore/keda:2.18.0")),
            role("keda-certs", [rule("", "secrets", "get", "kedaorg-certs"), rule("", "secrets", "create update"), rule("coordination.k8s.io", "leases", "create delete get update")], "keda"),
            binding("keda-auth-delegator", _ASKS, ["keda-metrics-server"], own="keda"),
            binding("keda-auth-reader", "extension-apiserver-authentication-reader", ["keda-metrics-server"], own="keda", namespace=_KUBE_SYSTEM),
            role("keda-external-metrics-reader", [rule("external.metrics.k8s.io", "externalmetrics", "get")]),
            binding("keda-hpa-external-metrics", "keda-external-metrics-reader", ["horizontal-pod-autoscaler"], own=_KUBE_SYSTEM),
        ],
    ),
    "velero, with a role of its own": (
        entry("velero", "docker.io/velero/", ["cluster-admin"]),
        [
            account("velero", "velero"),
            binding("velero", "cluster-admin", ["velero"], own="velero"),
            role("velero", [rule("*", "*", "*")], "velero"),
            workload("Deployment", "velero", "velero", "velero", container("velero/velero:v1.18.1"), securityContext=POD, automountServiceAccountToken=True),
        ],
    ),
    "external-secrets, with its certificates": (
        _entry(
            _also("external-secrets", ["external-secrets"], ["read-secrets", "write-secrets", "create-tokens", "change-namespaces"]),
            _also("external-secrets-certs", ["external-secrets-certs"], ["read-secrets", "write-secrets", "change-webhooks", "change-api-services", "change-leases"]),
            name="external-secrets", image="ghcr.io/external-secrets/",
        ),
        [
            *controller("external-secrets", [rule("", "secrets", "get list watch create update delete patch"), rule("", "namespaces", "get list watch update patch"), rule("", "serviceaccounts/token", "create")], container("ghcr.io/external-secrets/external-secrets:v0.20.1")),
            role("external-secrets-certs", [rule("apiextensions.k8s.io", "customresourcedefinitions", "update patch", "externalsecrets.external-secrets.io"), rule("admissionregistration.k8s.io", "validatingwebhookconfigurations", "update patch", "secretstore-validate"), rule("", "secrets", "get list watch update patch"), rule("coordination.k8s.io", "leases", "get create update patch")]),
            binding("external-secrets-certs", "external-secrets-certs", ["external-secrets-certs"], own="external-secrets"),
            role("external-secrets-view", [rule("external-secrets.io", "externalsecrets", SEE)], **{"rbac.authorization.k8s.io/aggregate-to-view": "true"}),
        ],
    ),
    "prometheus-adapter": (
        entry("prometheus-adapter", "registry.k8s.io/prometheus-adapter/", ["wildcards"], ["prometheus-adapter-resources", _ASKS]),
        [
            role("prometheus-adapter-resources", [rule(["custom.metrics.k8s.io", "external.metrics.k8s.io"], "*", "*")]),
            binding("prometheus-adapter:system:auth-delegator", _ASKS, ["prometheus-adapter"], own="prometheus-adapter"),
            binding("hpa-controller-custom-metrics", "prometheus-adapter-reader", ["horizontal-pod-autoscaler"], own=_KUBE_SYSTEM),
            *controller("prometheus-adapter", [], container("registry.k8s.io/prometheus-adapter/prometheus-adapter:v0.12.0"))[-1:],
        ],
    ),
    "kyverno, which gathers": (
        entry("kyverno", "ghcr.io/kyverno/", ["read-secrets", "gather-roles"], ["kyverno:admission-controller", "kyverno:admission-controller:core"]),
        [
            {**role("kyverno:admission-controller", []), "aggregationRule": {"clusterRoleSelectors": [{"matchLabels": {"rbac.kyverno.io/aggregate-to-admission-controller": "true"}}, {"matchLabels": {"app.kubernetes.io/part-of": "kyverno"}}]}},
            role("kyverno:admission-controller:core", [rule("", "secrets", SEE)], **{"app.kubernetes.io/part-of": "kyverno"}),
            binding("kyverno:admission-controller", "kyverno:admission-controller", ["kyverno"], own="kyverno"),
            *controller("kyverno", [], container("ghcr.io/kyverno/kyverno:v1.15.0"))[-1:],
        ],
    ),
}  # fmt: skip
