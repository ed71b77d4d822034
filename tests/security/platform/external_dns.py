"""external-dns as its chart renders it: it reads what has an address, and writes in Azure with an identity of its own."""

from typing import Any

from tests.security.platform.objects import HARDENED, account, binding, role, rule, workload

NAME = "external-dns"
ENTRY: dict[str, Any] = {
    "name": NAME,
    "owner": "platform@contoso.com",
    "reason": "keeps the DNS records of every team's Ingresses",
    "images": ["registry.k8s.io/external-dns/"],
    "serviceAccounts": [{"name": NAME, "roles": [NAME], "rights": ["no-limits"]}],
}
_SEE = "get watch list"
_CONTAINER = {
    "image": "registry.k8s.io/external-dns/external-dns:v0.18.0",
    "args": ["--source=ingress", "--provider=azure", "--registry=txt"],
    "securityContext": HARDENED | {"runAsUser": 65532, "runAsGroup": 65532},
}
MANIFESTS = [
    account(NAME, NAME),
    role(
        NAME,
        [
            rule("", "services pods endpoints", _SEE),
            rule("", "nodes", "list watch"),
            rule(["extensions", "networking.k8s.io"], "ingresses", _SEE),
            rule("discovery.k8s.io", "endpointslices", _SEE),
        ],
    ),
    binding(f"{NAME}-viewer", NAME, [NAME], own=NAME),
    workload(
        "Deployment", NAME, NAME, NAME, _CONTAINER, securityContext={"fsGroup": 65534, "runAsNonRoot": True}
    ),
]
