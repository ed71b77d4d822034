"""AKS's own agents on a real API server that refuses: they get what they make, and nobody else gets the same."""

import time
from datetime import date
from typing import Any

import pytest
from secure_aks_security.admission.manifests import NAMESPACE, Modes, manifests
from secure_aks_security.rules import load_rules
from secure_aks_security.stack_file.configuration import configure

from emulator.control_plane.client import ApiError
from tests.control_plane_fixture import started

STACK = {
    "secure-aks:cluster": {
        "name": "aks",
        "gitops": {"branch": "main"},
        "backup": {"container": "aks"},
        "ingress": {},
        "mesh": {"revisions": ["asm-1-29"]},
    }
}
MANAGER = "system:serviceaccount:kube-system:extension-operator"
AGENT = "system:serviceaccount:flux-system:fluxconfig-agent"
APPLIER = "system:serviceaccount:cluster-config:flux-applier"
PERSON = "somebody@contoso.com"
OF_AKS = (
    "flux-system",
    "dataprotection-microsoft",
    "app-routing-system",
    "aks-istio-system",
    "aks-istio-ingress",
)


def named(kind, name, **more) -> dict[str, Any]:
    versions = {"ClusterRoleBinding": "rbac.authorization.k8s.io/v1", "Deployment": "apps/v1"}
    return {"apiVersion": versions.get(kind, "v1"), "kind": kind, "metadata": {"name": name}, **more}


def binding(name, account, namespace):
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"}
    subject = {"kind": "ServiceAccount", "name": account, "namespace": namespace}
    return named("ClusterRoleBinding", name, roleRef=role, subjects=[subject])


def deployment(namespace):
    """What no rule lets by: on the node's network, as root, from a registry that nobody named."""
    labels = {"app": "agent"}
    pods = {"hostNetwork": True, "containers": [{"name": "agent", "image": "mcr.microsoft.com/agent:1"}]}
    spec = {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": pods}}
    return named("Deployment", "agent", spec=spec) | {"metadata": {"name": "agent", "namespace": namespace}}


@pytest.fixture(scope="module")
def control_plane():
    """One of its own: the admission policies of this module hold for everybody on it."""
    yield from started()


@pytest.fixture(scope="module")
def send(control_plane):
    """Send an object as a user who has every right: what refuses it is admission alone; answer with its words."""
    admin = control_plane.client()
    for name in ("payments", "cluster-config", *OF_AKS):
        admin.create("/api/v1/namespaces", {"metadata": {"name": name}})
    policies = manifests(configure(load_rules(), STACK), Modes(), "1.36.3", date(2026, 11, 23))
    for item in (named("Namespace", NAMESPACE), *policies):
        admin.apply(item, "tests", force=True)

    def sent(user, item):
        client = control_plane.client(user, ["system:masters"])
        where = admin.resource_of(item["apiVersion"], item["kind"]).path(
            item["metadata"].get("namespace", "")
        )
        try:
            client.create(f"{where}?dryRun=All", item)
        except ApiError as error:
            return error.message
        return ""

    deadline = time.monotonic() + 60
    while not (sent(PERSON, deployment("payments")) and sent(PERSON, binding("a", "a", "payments"))):
        assert time.monotonic() < deadline, "the admission policies did not take effect"
        time.sleep(0.2)
    return sent


@pytest.mark.parametrize("namespace", OF_AKS)
def test_what_aks_runs_in_its_own_namespaces_is_let_in(send, namespace):
    assert send("aksService", deployment(namespace)) == ""


@pytest.mark.parametrize("user", [MANAGER, "aksService"])
def test_an_extension_makes_its_own_namespace_and_its_controllers_cluster_administrators(send, user):
    assert send(user, named("Namespace", "flux-of-another-day")) == ""
    assert send(user, binding("cluster-reconciler-flux-system", "kustomize-controller", "flux-system")) == ""


def test_flux_agents_make_the_namespace_and_the_account_of_a_configuration(send):
    account = named("ServiceAccount", "flux-applier") | {
        "metadata": {"name": "flux-applier", "namespace": "cluster-config"}
    }
    assert send(AGENT, named("Namespace", "another-config")) == ""
    assert send(AGENT, account) == ""
    assert send(AGENT, binding("flux-applier-cluster-config", "flux-applier", "cluster-config")) == ""


REFUSED = {
    "a workload": (deployment("payments"), "pod-capabilities-dropped"),
    "one beside the configuration": (deployment("cluster-config"), "pod-capabilities-dropped"),
    "a cluster administrator": (binding("b", "app", "payments"), "rbac-cluster-admin"),
    "a namespace without limits": (named("Namespace", "unlimited"), "namespace-pod-security"),
}


@pytest.mark.parametrize("user", [APPLIER, PERSON])
@pytest.mark.parametrize(("item", "rule"), REFUSED.values(), ids=REFUSED)
def test_what_the_repository_says_is_refused_as_from_anybody(send, user, item, rule):
    assert f"[{rule}]" in send(user, item)


def test_nobody_else_makes_a_namespace_of_that_name(send, control_plane):
    admin = control_plane.client()
    admin.delete("/api/v1/namespaces/app-routing-system")
    again = named("Namespace", "app-routing-system")
    again["metadata"]["labels"] = {"pod-security.kubernetes.io/enforce": "restricted"}
    deadline = time.monotonic() + 60
    while "already exists" in (words := send(PERSON, again)):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert "[namespace-reserved]" in words
