"""Webhooks: whether somebody answers, and whether an upgrade runs into them."""

from __future__ import annotations

import pytest

from upgrades.observe.cluster.webhooks import webhooks

SLICES = "/apis/discovery.k8s.io/v1/endpointslices"
HOOKS = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
NAMESPACES = [
    {"metadata": {"name": name, "labels": {"kubernetes.io/metadata.name": name}}}
    for name in ("kube-system", "shop")
]


def rule(*resources, group="", operations=("CREATE",), **more):
    return {"apiGroups": [group], "operations": list(operations), "resources": list(resources), **more}


def hook(*rules, **more):
    service = {"namespace": "checks", "name": "checks"}
    return {"name": "checks.example.com", "clientConfig": {"service": service}, "rules": list(rules), **more}


def seen(one, endpoints=()):
    class Reader:
        def items(self, path):
            labels = {"kubernetes.io/service-name": "checks"}
            return {
                HOOKS: [{"webhooks": [one]}],
                SLICES: [{"metadata": {"namespace": "checks", "labels": labels}, "endpoints": endpoints}],
                "/api/v1/namespaces": NAMESPACES,
            }.get(path, [])

    (found,) = webhooks(Reader())  # pyright: ignore[reportArgumentType]  # its one method
    return found


def expression(operator, *values):
    one = {"key": "kubernetes.io/metadata.name", "operator": operator, "values": list(values)}
    return {"matchExpressions": [one]}


@pytest.mark.parametrize(
    ("one", "is_in_the_way"),
    [
        (hook(rule("pods")), True),
        (hook(rule("*")), True),
        (hook(rule("pods/eviction")), True),
        (hook(rule("pods/*")), True),
        (hook(rule("*/*", group="*", operations=["*"])), True),
        (hook(rule("nodes", operations=["UPDATE"])), True),
        (hook(rule("leases", group="coordination.k8s.io")), True),
        # An API server of another version brings its own roles up to date before it is ready.
        (hook(rule("clusterroles", group="rbac.authorization.k8s.io", operations=["UPDATE"])), True),
        (hook(rule("clusterrolebindings", group="rbac.authorization.k8s.io")), True),
        (hook(rule("roles", group="rbac.authorization.k8s.io")), False),
        (hook(), False),
        (hook(rule("pods", operations=["DELETE"])), False),
        (hook(rule("pods", group="example.com")), False),
        (hook(rule("pods/exec")), False),
        (hook(rule("*/scale")), False),
        (hook(rule("services", "deployments")), False),
        (hook(rule("pods", scope="Cluster")), False),
        (hook(rule("nodes", scope="Namespaced")), False),
        (hook(rule("pods"), namespaceSelector={}), True),
        # That a webhook leaves kube-system alone saves AKS's own pods, and nobody else's.
        (hook(rule("pods"), namespaceSelector=expression("NotIn", "kube-system")), True),
        (hook(rule("pods"), namespaceSelector=expression("NotIn", "kube-system", "shop")), False),
        (hook(rule("pods"), namespaceSelector={"matchLabels": {"checked": "yes"}}), False),
        # Nodes are in no namespace, so no selector of namespaces leaves them out.
        (hook(rule("nodes"), namespaceSelector={"matchLabels": {"checked": "yes"}}), True),
    ],
)
def test_what_an_upgrade_runs_into(one, is_in_the_way):
    assert seen(one).in_the_way is is_in_the_way


@pytest.mark.parametrize(
    ("endpoints", "count"),
    [
        ((), 0),
        (None, 0),
        ([{"conditions": {"ready": False}}], 0),
        ([{"conditions": {"ready": True}}, {"conditions": {}}, {}], 3),
    ],
)
def test_backends_that_answer(endpoints, count):
    assert seen(hook(), endpoints).ready_backends == count


def test_a_backend_by_address_is_nobodys_to_see():
    assert seen({**hook(), "clientConfig": {"url": "https://checks.example.com"}}).ready_backends is None
