"""Flux as `flux install` has it: four controllers, of which two are cluster-admin."""

from typing import Any

from tests.security.platform.objects import HARDENED, account, binding, role, rule, service, workload

NAMESPACE = "flux-system"
_APPLIERS = ("kustomize-controller", "helm-controller")
_OTHERS = ("source-controller", "notification-controller")
_ROLE = "crd-controller-flux-system"
_OWN_RIGHTS = ["read-secrets", "create-tokens", "change-leases", "change-config-maps", "wildcards"]

ENTRY: dict[str, Any] = {
    "name": "flux",
    "namespace": NAMESPACE,
    "owner": "platform@contoso.com",
    "reason": "applies to the cluster what the teams' repositories say",
    "images": ["ghcr.io/fluxcd/"],
    "serviceAccounts": [
        *({"name": name, "roles": [_ROLE], "rights": [*_OWN_RIGHTS, "cluster-admin"]} for name in _APPLIERS),
        *({"name": name, "roles": [_ROLE], "rights": _OWN_RIGHTS} for name in _OTHERS),
    ],
}

_GROUPS = [f"{name}.toolkit.fluxcd.io" for name in ("source", "kustomize", "helm", "notification", "image")]


def _deployment(name: str) -> dict[str, Any]:
    container = {
        "image": f"ghcr.io/fluxcd/{name}:v1.6.0",
        "imagePullPolicy": "IfNotPresent",
        "args": ["--watch-all-namespaces=true", "--log-level=info", "--enable-leader-election"],
        "env": [
            {"name": "RUNTIME_NAMESPACE", "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}}
        ],
        "ports": [{"containerPort": 8080, "name": "http-prom"}, {"containerPort": 9440, "name": "healthz"}],
        "livenessProbe": {"httpGet": {"path": "/healthz", "port": "healthz"}},
        "resources": {
            "limits": {"cpu": "1000m", "memory": "1Gi"},
            "requests": {"cpu": "100m", "memory": "64Mi"},
        },
        "securityContext": HARDENED,
        "volumeMounts": [{"name": "temp", "mountPath": "/tmp"}],  # noqa: S108 - the manifest's own
    }
    volumes = [{"name": "temp", "emptyDir": {}}]
    return workload(
        "Deployment",
        name,
        NAMESPACE,
        name,
        container,
        securityContext={"fsGroup": 1337},
        volumes=volumes,
        terminationGracePeriodSeconds=60,
    )


MANIFESTS = [
    *(account(name, NAMESPACE) for name in (*_APPLIERS, *_OTHERS)),
    role(
        _ROLE,
        [
            *(rule(group, "*", "*") for group in _GROUPS),
            rule("", "namespaces secrets configmaps serviceaccounts", "get list watch"),
            rule("", "events", "create patch"),
            rule("", "configmaps", "get list watch create update patch delete"),
            rule("", "configmaps/status", "get update patch"),
            rule("coordination.k8s.io", "leases", "get list watch create update patch delete"),
            rule("", "serviceaccounts/token", "create"),
            {"nonResourceURLs": ["/livez/ping"], "verbs": ["head"]},
        ],
    ),
    binding("crd-controller-flux-system", _ROLE, [*_APPLIERS, *_OTHERS], own=NAMESPACE),
    binding("cluster-reconciler-flux-system", "cluster-admin", list(_APPLIERS), own=NAMESPACE),
    *(service(name, NAMESPACE, [80]) for name in _OTHERS),
    *(_deployment(name) for name in (*_APPLIERS, *_OTHERS)),
]
