"""ingress-nginx as its manifest for clouds has it."""

from typing import Any

from tests.security.platform.objects import DIGEST, HARDENED, account, binding, role, rule, service, workload

NAMESPACE = "ingress-nginx"
_REGISTRY = "registry.k8s.io/ingress-nginx"
_ADMISSION = "ingress-nginx-admission"

ENTRY: dict[str, Any] = {
    "name": NAMESPACE,
    "owner": "platform@contoso.com",
    "reason": "the one way in from the internet, for the Ingresses of every team",
    "images": [f"{_REGISTRY}/"],
    "publicAddress": True,
    "serviceAccounts": [
        {"name": NAMESPACE, "roles": [NAMESPACE], "rights": ["read-secrets", "no-limits"]},
        {
            "name": _ADMISSION,
            "roles": [_ADMISSION],
            "rights": ["write-secrets", "read-secrets", "change-webhooks", "no-limits"],
        },
    ],
}

_SEE = "get list watch"
_CONTROLLER: dict[str, Any] = {
    "image": f"{_REGISTRY}/controller:v1.13.3@{DIGEST}",
    "args": ["/nginx-ingress-controller", "--ingress-class=nginx", "--validating-webhook=:8443"],
    "env": [
        {"name": "POD_NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
        {"name": "LD_PRELOAD", "value": "/usr/local/lib/libmimalloc.so"},
    ],
    "ports": [{"containerPort": 80, "name": "http"}, {"containerPort": 443, "name": "https"}],
    "livenessProbe": {"httpGet": {"path": "/healthz", "port": 10254}},
    "resources": {"requests": {"cpu": "100m", "memory": "90Mi"}},
    "securityContext": HARDENED
    | {
        "capabilities": {"add": ["NET_BIND_SERVICE"], "drop": ["ALL"]},
        "readOnlyRootFilesystem": False,
        "runAsUser": 101,
    },
    "volumeMounts": [{"name": "webhook-cert", "mountPath": "/usr/local/certificates/", "readOnly": True}],
}


def _job(name: str) -> dict[str, Any]:
    container = {
        "image": f"{_REGISTRY}/kube-webhook-certgen:v1.6.0@{DIGEST}",
        "args": ["create"],
        "securityContext": HARDENED | {"runAsUser": 65532},
    }
    return workload("Job", name, NAMESPACE, _ADMISSION, container)


MANIFESTS = [
    account(NAMESPACE, NAMESPACE),
    account(_ADMISSION, NAMESPACE),
    role(
        NAMESPACE,
        [
            rule("", "namespaces", "get"),
            rule("", "configmaps pods secrets endpoints", _SEE),
            rule("", "services", _SEE),
            rule("networking.k8s.io", "ingresses ingressclasses", _SEE),
            rule("networking.k8s.io", "ingresses/status", "update"),
            rule("coordination.k8s.io", "leases", "get update", "ingress-nginx-leader"),
            rule("coordination.k8s.io", "leases", "create"),
            rule("", "events", "create patch"),
            rule("discovery.k8s.io", "endpointslices", "list watch get"),
        ],
        NAMESPACE,
    ),
    role(_ADMISSION, [rule("", "secrets", "get create")], NAMESPACE),
    role(
        NAMESPACE,
        [
            rule("", "configmaps endpoints nodes pods secrets namespaces", "list watch"),
            rule("coordination.k8s.io", "leases", "list watch"),
            rule("", "nodes", "get"),
            rule("", "services", _SEE),
            rule("networking.k8s.io", "ingresses ingressclasses", _SEE),
            rule("", "events", "create patch"),
            rule("networking.k8s.io", "ingresses/status", "update"),
            rule("discovery.k8s.io", "endpointslices", "list watch get"),
        ],
    ),
    role(_ADMISSION, [rule("admissionregistration.k8s.io", "validatingwebhookconfigurations", "get update")]),
    binding(NAMESPACE, NAMESPACE, [NAMESPACE], own=NAMESPACE, namespace=NAMESPACE),
    binding(_ADMISSION, _ADMISSION, [_ADMISSION], own=NAMESPACE, namespace=NAMESPACE),
    binding(NAMESPACE, NAMESPACE, [NAMESPACE], own=NAMESPACE),
    binding(_ADMISSION, _ADMISSION, [_ADMISSION], own=NAMESPACE),
    service("ingress-nginx-controller", NAMESPACE, [80, 443], "LoadBalancer"),
    service("ingress-nginx-controller-admission", NAMESPACE, [443]),
    workload(
        "Deployment",
        "ingress-nginx-controller",
        NAMESPACE,
        NAMESPACE,
        _CONTROLLER,
        volumes=[{"name": "webhook-cert", "secret": {"secretName": _ADMISSION}}],
        nodeSelector={"kubernetes.io/os": "linux"},
    ),
    _job("ingress-nginx-admission-create"),
    _job("ingress-nginx-admission-patch"),
]
