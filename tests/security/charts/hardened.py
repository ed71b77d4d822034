"""Charts that are well hardened, in the shape of what they render, each with its entry in `secure-aks:platform`."""

from typing import Any

from tests.security.platform.objects import (
    HARDENED,
    account,
    binding,
    role,
    rule,
    service,
    workload,
)

Chart = tuple[dict[str, Any], list[dict[str, Any]]]
SEE = "get list watch"
POD: dict[str, Any] = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
_LIMITS = {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}}
_PROBES = {
    "livenessProbe": {"httpGet": {"path": "/healthz", "port": 8081}},
    "readinessProbe": {"httpGet": {"path": "/readyz", "port": 8081}},
}


def container(image: str, **more: Any) -> dict[str, Any]:
    """A container as the Restricted standard wants it, of a tag, with limits and probes."""
    own = {"imagePullPolicy": "IfNotPresent", "securityContext": HARDENED, "resources": _LIMITS, **_PROBES}
    return {"image": image, **own, **more}


def entry(
    name: str, image: str, rights: list[str], roles: list[str] | None = None, **more: Any
) -> dict[str, Any]:
    """An entry for a controller of one service account, in a namespace of its name."""
    accounts = [{"name": name, "roles": [name] if roles is None else roles, "rights": rights}]
    return {"name": name, "owner": "platform@contoso.com", "reason": "see its name", "images": [image], "serviceAccounts": accounts, **more}  # fmt: skip


def controller(name: str, rules: list[dict[str, Any]], one: dict[str, Any], kind: str = "Deployment", **more: Any) -> list[dict[str, Any]]:  # fmt: skip
    """What nearly every controller comes as: an account, a ClusterRole, its binding, a workload."""
    return [
        account(name, name),
        role(name, rules),
        binding(name, name, [name], own=name),
        workload(kind, name, name, name, one, securityContext=POD, automountServiceAccountToken=True, **more),
    ]


CHARTS: dict[str, Chart] = {
    "prometheus-operator": (
        entry("prometheus-operator", "quay.io/prometheus-operator/", ["read-secrets", "write-secrets", "change-config-maps", "run-pods", "change-endpoints", "wildcards", "no-limits"]),
        controller(
            "prometheus-operator",
            [
                rule("monitoring.coreos.com", "prometheuses prometheuses/status prometheuses/finalizers servicemonitors", "*"),
                rule("apps", "statefulsets", "*"),
                rule("", "configmaps secrets", "*"),
                rule("", "pods", "list delete"),
                rule("", "services services/finalizers endpoints", "get create update delete"),
                rule("", "nodes", "list watch"),
                rule("", "namespaces", SEE),
                rule("networking.k8s.io", "ingresses", SEE),
                rule("storage.k8s.io", "storageclasses", "get"),
            ],
            container("quay.io/prometheus-operator/prometheus-operator:v0.85.0", resources={}, args=["--kubelet-service=kube-system/kubelet"]),
        ),
    ),
    "prometheus": (
        entry("prometheus", "quay.io/prometheus/", []),
        [
            *controller(
                "prometheus",
                [
                    rule("", "nodes nodes/metrics services endpoints pods", SEE),
                    rule("discovery.k8s.io", "endpointslices", SEE),
                    rule("networking.k8s.io", "ingresses", SEE),
                    {"nonResourceURLs": ["/metrics", "/metrics/cadvisor"], "verbs": ["get"]},
                ],
                container("quay.io/prometheus/prometheus:v3.5.0", args=["--config.file=/etc/prometheus/prometheus.yml"]),
                "StatefulSet",
                volumes=[{"name": "config", "configMap": {"name": "prometheus"}}],
            ),
            {
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": {"name": "prometheus", "namespace": "prometheus"},
                "data": {"prometheus.yml": "scrape_configs:\n- bearer_token_file: /var/run/secrets/kubernetes.io/serviceaccount/token\n"},
            },
        ],
    ),
    "kube-state-metrics": (
        entry("kube-state-metrics", "registry.k8s.io/kube-state-metrics/", ["read-secrets"]),
        controller(
            "kube-state-metrics",
            [
                rule("", "configmaps secrets nodes pods services serviceaccounts resourcequotas namespaces endpoints", "list watch"),
                rule("apps", "statefulsets daemonsets deployments replicasets", "list watch"),
                rule("rbac.authorization.k8s.io", "clusterroles rolebindings roles clusterrolebindings", "list watch"),
                rule("admissionregistration.k8s.io", "mutatingwebhookconfigurations validatingwebhookconfigurations", "list watch"),
                rule("certificates.k8s.io", "certificatesigningrequests", "list watch"),
            ],
            container("registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.17.0"),
        ),
    ),
    "grafana": (
        entry("grafana", "docker.io/grafana/", ["read-secrets"]),
        [
            *controller(
                "grafana",
                [rule("", "configmaps secrets", SEE)],
                container(
                    "docker.io/grafana/grafana:12.1.0",
                    env=[
                        {"name": "GF_SECURITY_ADMIN_USER", "valueFrom": {"secretKeyRef": {"name": "grafana", "key": "admin-user"}}},
                        {"name": "GF_SECURITY_ADMIN_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "grafana", "key": "admin-password"}}},
                        {"name": "GF_PATHS_DATA", "value": "/var/lib/grafana/"},
                        {"name": "GF_AUTH_ANONYMOUS_ENABLED", "value": "false"},
                    ],
                ),
                volumes=[{"name": "storage", "persistentVolumeClaim": {"claimName": "grafana"}}],
            ),
            {
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": {"name": "grafana", "namespace": "grafana"},
                "data": {"grafana.ini": "[auth]\ndisable_login_form = true\n[security]\nadmin_password = $__env{GF_SECURITY_ADMIN_PASSWORD}\n"},
            },
        ],
    ),
    "external-secrets": (
        entry("external-secrets", "ghcr.io/external-secrets/", ["read-secrets", "write-secrets", "create-tokens", "no-limits"]),
        controller(
            "external-secrets",
            [
                rule("external-secrets.io", "secretstores clustersecretstores externalsecrets", SEE),
                rule("external-secrets.io", "externalsecrets externalsecrets/status externalsecrets/finalizers", "get update patch"),
                rule("", "serviceaccounts namespaces", SEE),
                rule("", "configmaps", SEE),
                rule("", "secrets", "get list watch create update delete patch"),
                rule("", "serviceaccounts/token", "create"),
                rule("", "events", "create patch"),
            ],
            container("ghcr.io/external-secrets/external-secrets:v0.20.1", resources={}, args=["--concurrent=1"]),
        ),
    ),
    "keda": (
        entry("keda", "ghcr.io/kedacore/", ["read-secrets", "run-pods", "change-api-services", "change-webhooks"], ["keda", "system:auth-delegator"]),
        [
            *controller(
                "keda",
                [
                    rule("", "configmaps configmaps/status limitranges pods services serviceaccounts", "get list watch"),
                    rule("", "secrets", "list watch"),
                    rule("apps", "deployments/scale statefulsets/scale", "get patch update"),
                    rule("apps", "deployments statefulsets", "list watch get"),
                    rule("batch", "jobs", "create delete get list watch patch update"),
                    rule("autoscaling", "horizontalpodautoscalers", "create delete get list patch update watch"),
                    rule("keda.sh", "scaledobjects scaledjobs triggerauthentications", "get list watch update patch"),
                    rule("admissionregistration.k8s.io", "validatingwebhookconfigurations", "get list patch update watch"),
                    rule("apiregistration.k8s.io", "apiservices", "get list patch update watch"),
                ],
                container("ghcr.io/kedacore/keda:2.18.0", env=[{"name": "WATCH_NAMESPACE", "value": ""}, {"name": "KEDA_HTTP_DEFAULT_TIMEOUT", "value": "3000"}]),
            ),
            binding("keda-system-auth-delegator", "system:auth-delegator", ["keda"], own="keda"),
        ],
    ),
    "metrics-server": (
        entry("metrics-server", "registry.k8s.io/metrics-server/", ["no-limits"], ["metrics-server", "system:auth-delegator"]),
        [
            *controller(
                "metrics-server",
                [rule("", "nodes/metrics", "get"), rule("", "pods nodes namespaces configmaps", SEE)],
                container("registry.k8s.io/metrics-server/metrics-server:v0.8.0", resources={"requests": {"cpu": "100m", "memory": "200Mi"}}, args=["--secure-port=10250"]),
            ),
            binding("metrics-server:system:auth-delegator", "system:auth-delegator", ["metrics-server"], own="metrics-server"),
        ],
    ),
    "istiod": (
        entry("istiod", "docker.io/istio/", ["read-secrets", "change-webhooks", "sign-certificates", "run-pods", "wildcards"]),
        controller(
            "istiod",
            [
                rule("admissionregistration.k8s.io", "mutatingwebhookconfigurations validatingwebhookconfigurations", "get list watch update patch"),
                rule(["config.istio.io", "security.istio.io", "networking.istio.io"], "*", "get watch list update patch create delete"),
                rule("", "pods nodes services namespaces endpoints", SEE),
                rule("discovery.k8s.io", "endpointslices", SEE),
                rule("authentication.k8s.io", "tokenreviews", "create"),
                rule("gateway.networking.k8s.io", "gateways httproutes", "get watch list update patch"),
                rule("", "secrets", "get watch list"),
                rule("certificates.k8s.io", "certificatesigningrequests certificatesigningrequests/approval", "update create get delete watch"),
                rule("certificates.k8s.io", "signers", "approve", "kubernetes.io/legacy-unknown"),
                rule("apps", "deployments", "get watch list update patch create delete"),
            ],
            container("docker.io/istio/pilot:1.27.0", env=[{"name": "PILOT_CERT_PROVIDER", "value": "istiod"}, {"name": "JWT_POLICY", "value": "third-party-jwt"}, {"name": "JWT_RULE", "value": ""}]),
        ),
    ),
    "argo-cd": (
        entry("argo-cd", "quay.io/argoproj/", ["read-secrets", "no-limits"]),
        [
            account("argo-cd", "argo-cd"),
            role("argo-cd", [rule("argoproj.io", "applications appprojects", SEE), rule("", "secrets configmaps", SEE), rule("", "events", "create list")], "argo-cd"),
            binding("argo-cd", "argo-cd", ["argo-cd"], own="argo-cd", namespace="argo-cd"),
            workload("StatefulSet", "argo-cd", "argo-cd", "argo-cd", container("quay.io/argoproj/argocd:v3.1.0", resources={}, env=[{"name": "ARGOCD_CONTROLLER_REPLICAS", "value": "1"}, {"name": "REDIS_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "argocd-redis", "key": "auth"}}}]), securityContext=POD, automountServiceAccountToken=True),
        ],
    ),
    "cloudnative-pg": (
        entry("cloudnative-pg", "ghcr.io/cloudnative-pg/", ["read-secrets", "write-secrets", "change-config-maps", "run-pods", "exec-pods", "change-roles", "change-webhooks"]),
        controller(
            "cloudnative-pg",
            [
                rule("", "configmaps secrets services", "create delete get list patch update watch"),
                rule("", "pods pods/exec", "create delete get list patch watch"),
                rule("", "pods/status", "get"),
                rule("", "serviceaccounts persistentvolumeclaims", "create delete get list patch update watch"),
                rule("apps", "deployments", "create delete get list patch update watch"),
                rule("batch", "jobs", "create delete get list patch watch"),
                rule("policy", "poddisruptionbudgets", "create delete get list patch update watch"),
                rule("rbac.authorization.k8s.io", "roles rolebindings", "create get list patch update watch"),
                rule("admissionregistration.k8s.io", "mutatingwebhookconfigurations validatingwebhookconfigurations", "get patch"),
                rule("postgresql.cnpg.io", "clusters backups poolers", "create delete get list patch update watch"),
            ],
            container("ghcr.io/cloudnative-pg/cloudnative-pg:1.27.0", ports=[{"containerPort": 9443}]),
        ),
    ),
    "redis": (
        entry("redis", "docker.io/bitnami/", [], []),
        [
            account("redis", "redis") | {"automountServiceAccountToken": False},
            service("redis-master", "redis", [6379]),
            {
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": {"name": "redis-configuration", "namespace": "redis"},
                "data": {"redis.conf": 'appendonly yes\nsave ""\n', "master.conf": 'dir /data\nrename-command FLUSHDB ""\n', "users.acl": ""},
            },
            workload(
                "StatefulSet", "redis-master", "redis", "redis",
                container(
                    "docker.io/bitnami/redis:8.2.0",
                    env=[
                        {"name": "ALLOW_EMPTY_PASSWORD", "value": "no"},
                        {"name": "REDIS_REPLICATION_MODE", "value": "master"},
                        {"name": "REDIS_PASSWORD_FILE", "value": "/opt/bitnami/redis/secrets/redis-password"},
                        {"name": "REDIS_TLS_ENABLED", "value": "no"},
                    ],
                    livenessProbe={"exec": {"command": ["sh", "-c", "/health/ping_liveness_local.sh 5"]}},
                ),
                securityContext={**POD, "fsGroup": 1001, "fsGroupChangePolicy": "Always", "sysctls": [], "supplementalGroups": []},
                automountServiceAccountToken=False,
                volumes=[{"name": "health", "configMap": {"name": "redis-health", "defaultMode": 493}}, {"name": "tmp", "emptyDir": {}}],
            ),
        ],
    ),
    "postgresql": (
        entry("postgresql", "docker.io/bitnami/", [], []),
        [
            workload(
                "StatefulSet", "postgresql", "postgresql", "postgresql",
                container(
                    "docker.io/bitnami/postgresql:17.6.0",
                    env=[
                        {"name": "POSTGRESQL_PORT_NUMBER", "value": "5432"},
                        {"name": "POSTGRES_PASSWORD_FILE", "value": "/opt/bitnami/postgresql/secrets/postgres-password"},
                        {"name": "POSTGRESQL_ENABLE_LDAP", "value": "no"},
                        {"name": "POSTGRESQL_ENABLE_TLS", "value": "no"},
                        {"name": "PGDATA", "value": "/bitnami/postgresql/data"},
                    ],
                ),
                securityContext={**POD, "fsGroup": 1001},
                automountServiceAccountToken=False,
                volumes=[{"name": "dshm", "emptyDir": {"medium": "Memory"}}, {"name": "password", "secret": {"secretName": "postgresql"}}],
            )
        ],
    ),
    "reloader": (
        entry("reloader", "ghcr.io/stakater/", ["read-secrets", "run-pods"]),
        controller(
            "reloader",
            [
                rule("", "secrets configmaps", "list get watch"),
                rule("apps", "deployments daemonsets statefulsets", "list get update patch"),
                rule("batch", "cronjobs", "list get"),
                rule("batch", "jobs", "create delete list get"),
                rule("", "events", "create patch"),
            ],
            container("ghcr.io/stakater/reloader:v1.4.8"),
        ),
    ),
    "opentelemetry-collector": (
        entry("opentelemetry-collector", "docker.io/otel/", []),
        controller(
            "opentelemetry-collector",
            [rule("", "pods namespaces nodes", SEE), rule("apps", "replicasets", SEE)],
            container("docker.io/otel/opentelemetry-collector-k8s:0.133.0", env=[{"name": "MYPOD_IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}}, {"name": "GOMEMLIMIT", "value": "200MiB"}]),
        ),
    ),
    "kyverno": (
        entry("kyverno", "reg.kyverno.io/kyverno/", ["change-webhooks"]),
        controller(
            "kyverno",
            [
                rule("admissionregistration.k8s.io", "mutatingwebhookconfigurations validatingwebhookconfigurations", "create delete get list patch update watch"),
                rule("kyverno.io", "policies clusterpolicies", "create delete get list patch update watch"),
                rule("rbac.authorization.k8s.io", "roles clusterroles rolebindings clusterrolebindings", "list watch"),
                rule("", "configmaps namespaces", SEE),
                rule("authorization.k8s.io", "subjectaccessreviews", "create"),
            ],
            container("reg.kyverno.io/kyverno/kyverno:v1.15.0", env=[{"name": "TUF_ROOT", "value": "/.sigstore"}]),
        ),
    ),
}  # fmt: skip
"""By name: the entry and what the chart renders."""
