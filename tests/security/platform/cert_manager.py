"""cert-manager as its static manifest has it."""

from typing import Any

from tests.security.platform.objects import HARDENED, account, binding, role, rule, service, workload

NAMESPACE = "cert-manager"
_CAINJECTOR, _WEBHOOK = f"{NAMESPACE}-cainjector", f"{NAMESPACE}-webhook"
_REGISTRY = "quay.io/jetstack"

ENTRY: dict[str, Any] = {
    "name": NAMESPACE,
    "owner": "platform@contoso.com",
    "reason": "issues and renews the certificates of every team's Ingresses",
    "images": [f"{_REGISTRY}/"],
    "serviceAccounts": [
        {
            "name": NAMESPACE,
            "roles": ["cert-manager-controller-*", "cert-manager-tokenrequest"],
            "rights": [
                "read-secrets",
                "write-secrets",
                "run-pods",
                "sign-certificates",
                "create-tokens",
                "no-limits",
            ],
        },
        {
            "name": _CAINJECTOR,
            "roles": [_CAINJECTOR],
            "rights": ["read-secrets", "change-webhooks", "change-api-services", "no-limits"],
        },
        {"name": _WEBHOOK, "roles": [f"{_WEBHOOK}:*"], "rights": ["write-secrets", "no-limits"]},
    ],
}

_OWN, _ACME = "cert-manager.io", "acme.cert-manager.io"
_SEE = "get list watch"
_ALL = "get list watch create update delete patch"
_PLAIN = {key: value for key, value in HARDENED.items() if key not in {"runAsNonRoot", "seccompProfile"}}
_POD = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
_ROLES = {
    "issuers": [
        rule(_OWN, "issuers issuers/status", "update patch"),
        rule(_OWN, "issuers", _SEE),
        rule("", "secrets", "get list watch create update delete"),
        rule("", "events", "create patch"),
    ],
    "certificates": [
        rule(_OWN, "certificates certificates/status certificaterequests", "update patch"),
        rule(_ACME, "orders", "create delete get list watch"),
        rule("", "secrets", _ALL),
    ],
    "orders": [rule(_ACME, "orders orders/status", "update patch"), rule("", "secrets", _SEE)],
    "challenges": [
        rule(_ACME, "challenges challenges/status", "update patch"),
        rule("", "secrets", _SEE),
        rule("", "pods services", "get list watch create delete"),
        rule("networking.k8s.io", "ingresses", "get list watch create delete update"),
        rule("gateway.networking.k8s.io", "httproutes", "get list watch create delete update"),
        rule("route.openshift.io", "routes/custom-host", "create"),
    ],
    "ingress-shim": [
        rule(_OWN, "certificates certificaterequests", "create update delete"),
        rule("networking.k8s.io", "ingresses/finalizers", "update"),
    ],
    "approve:cert-manager-io": [rule(_OWN, "signers", "approve", "issuers.cert-manager.io/*")],
    "certificatesigningrequests": [
        rule("certificates.k8s.io", "certificatesigningrequests", "get list watch update"),
        rule("certificates.k8s.io", "certificatesigningrequests/status", "update patch"),
        rule("certificates.k8s.io", "signers", "sign", "issuers.cert-manager.io/*"),
        rule("authorization.k8s.io", "subjectaccessreviews", "create"),
    ],
}


def _deployment(name: str, image: str, port: int) -> dict[str, Any]:
    container = {
        "image": f"{_REGISTRY}/{image}:v1.18.2",
        "imagePullPolicy": "IfNotPresent",
        "args": ["--v=2", "--leader-election-namespace=kube-system"],
        "ports": [{"containerPort": port, "name": "metrics"}],
        "env": [{"name": "POD_NAMESPACE", "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}}],
        "securityContext": _PLAIN,
    }
    return workload(
        "Deployment", name, NAMESPACE, name, container, securityContext=_POD, enableServiceLinks=False
    )


_VIEW = "cert-manager-view"
MANIFESTS = [
    *(account(name, NAMESPACE) for name in (NAMESPACE, _CAINJECTOR, _WEBHOOK)),
    *(role(f"cert-manager-controller-{name}", rules) for name, rules in _ROLES.items()),
    role(
        _CAINJECTOR,
        [
            rule(_OWN, "certificates", _SEE),
            rule("", "secrets", _SEE),
            rule("", "events", "get create update patch"),
            rule(
                "admissionregistration.k8s.io",
                "validatingwebhookconfigurations mutatingwebhookconfigurations",
                "get list watch update patch",
            ),
            rule("apiregistration.k8s.io", "apiservices", "get list watch update patch"),
            rule("apiextensions.k8s.io", "customresourcedefinitions", "get list watch update patch"),
        ],
    ),
    role(
        f"{_WEBHOOK}:subjectaccessreviews", [rule("authorization.k8s.io", "subjectaccessreviews", "create")]
    ),
    role(
        _VIEW,
        [rule(_OWN, "certificates certificaterequests issuers", _SEE)],
        **{"rbac.authorization.k8s.io/aggregate-to-view": "true"},
    ),
    *(
        binding(
            f"cert-manager-controller-{name}", f"cert-manager-controller-{name}", [NAMESPACE], own=NAMESPACE
        )
        for name in _ROLES
    ),
    binding(_CAINJECTOR, _CAINJECTOR, [_CAINJECTOR], own=NAMESPACE),
    binding(
        f"{_WEBHOOK}:subjectaccessreviews", f"{_WEBHOOK}:subjectaccessreviews", [_WEBHOOK], own=NAMESPACE
    ),
    role(
        "cert-manager:leaderelection",
        [
            rule("coordination.k8s.io", "leases", "get update patch", "cert-manager-controller"),
            rule("coordination.k8s.io", "leases", "create"),
        ],
        "kube-system",
    ),
    role(
        "cert-manager-tokenrequest",
        [rule("", "serviceaccounts/token", "create", NAMESPACE)],
        NAMESPACE,
    ),
    role(
        f"{_WEBHOOK}:dynamic-serving",
        [rule("", "secrets", "get list watch update", f"{_WEBHOOK}-ca"), rule("", "secrets", "create")],
        NAMESPACE,
    ),
    binding(
        "cert-manager:leaderelection",
        "cert-manager:leaderelection",
        [NAMESPACE],
        own=NAMESPACE,
        namespace="kube-system",
    ),
    binding(
        "cert-manager-tokenrequest",
        "cert-manager-tokenrequest",
        [NAMESPACE],
        own=NAMESPACE,
        namespace=NAMESPACE,
    ),
    binding(
        f"{_WEBHOOK}:dynamic-serving",
        f"{_WEBHOOK}:dynamic-serving",
        [_WEBHOOK],
        own=NAMESPACE,
        namespace=NAMESPACE,
    ),
    service(NAMESPACE, NAMESPACE, [9402]),
    service(_WEBHOOK, NAMESPACE, [443]),
    _deployment(NAMESPACE, "cert-manager-controller", 9402),
    _deployment(_CAINJECTOR, "cert-manager-cainjector", 9402),
    _deployment(_WEBHOOK, "cert-manager-webhook", 10250),
]
