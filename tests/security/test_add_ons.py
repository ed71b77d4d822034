"""AKS's own agents on a real API server that refuses: they get what they make, and nobody else gets the same.

In AKS's namespaces nobody else's roles are let in that would be refused elsewhere.
"""

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
CONTROLLER = "system:serviceaccount:payments:controller"
RBAC, ALL_RIGHTS = "rbac.authorization.k8s.io", "all-rights"
OF_AKS = (
    "flux-system",
    "dataprotection-microsoft",
    "app-routing-system",
    "aks-istio-system",
    "aks-istio-ingress",
)


def named(kind, name, **more) -> dict[str, Any]:
    version = f"{RBAC}/v1" if "Role" in kind else "apps/v1" if kind == "Deployment" else "v1"
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name}, **more}


def binding(name, account, namespace):
    role = {"apiGroup": RBAC, "kind": "ClusterRole", "name": "cluster-admin"}
    subject = {"kind": "ServiceAccount", "name": account, "namespace": namespace}
    return named("ClusterRoleBinding", name, roleRef=role, subjects=[subject])


def deployment(namespace):
    """What no rule lets by: on the node's network, as root, from a registry that nobody named."""
    labels = {"app": "agent"}
    pods = {"hostNetwork": True, "containers": [{"name": "agent", "image": "mcr.microsoft.com/agent:1"}]}
    spec = {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": pods}}
    return named("Deployment", "agent", spec=spec) | {"metadata": {"name": "agent", "namespace": namespace}}


def reader(namespace, **more):
    """A role that reads every Secret of a namespace, or one with other rights."""
    rule = {"apiGroups": [""], "resources": ["secrets"], "verbs": ["list"], **more}
    return named("Role", "reader", rules=[rule]) | {"metadata": {"name": "reader", "namespace": namespace}}


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
    everything = binding("tests", "x", "x") | {
        "subjects": [{"apiGroup": RBAC, "kind": "Group", "name": ALL_RIGHTS}]
    }
    admin.create(f"/apis/{RBAC}/v1/clusterrolebindings", everything)
    policies = manifests(configure(load_rules(), STACK), Modes(), "1.36.3", date(2026, 11, 23))
    for item in (named("Namespace", NAMESPACE), *policies):
        admin.apply(item, "tests", force=True)

    def sent(user, item, group="system:masters"):
        client = control_plane.client(user, [group])
        where = admin.resource_of(item["apiVersion"], item["kind"]).path(
            item["metadata"].get("namespace", "")
        )
        try:
            client.create(f"{where}?dryRun=All", item)
        except ApiError as error:
            return error.message
        return ""

    deadline = time.monotonic() + 60
    waiting = [
        (PERSON, deployment("payments")),
        (PERSON, binding("a", "a", "payments")),
        (PERSON, reader("kube-system"), ALL_RIGHTS),
    ]
    while not all(sent(*one) for one in waiting):
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


def test_nobody_else_makes_a_namespace_of_that_name(send):
    item = named("Namespace", "gatekeeper-system")  # which the fixture has not made
    item["metadata"]["labels"] = {"pod-security.kubernetes.io/enforce": "restricted"}
    assert "[namespace-reserved]" in send(PERSON, item)


@pytest.mark.parametrize("namespace", ["kube-system", *OF_AKS])
@pytest.mark.parametrize("user", [PERSON, CONTROLLER])
def test_nobody_elses_roles_have_more_in_the_namespaces_of_aks(send, user, namespace):
    assert "[rbac-read-secrets]" in send(user, reader(namespace), ALL_RIGHTS)
    assert send(user, reader(namespace, resourceNames=["own"], verbs=["get"]), ALL_RIGHTS) == ""
    assert (
        send(user, reader(namespace, resources=["leases"], apiGroups=["coordination.k8s.io"]), ALL_RIGHTS)
        == ""
    )


@pytest.mark.parametrize(
    ("rule", "group", "resource", "name"),
    [("rbac-workloads", "apps", "daemonsets", "kube-proxy"), ("rbac-endpoints", "", "services", "kube-dns")],
)
def test_nobody_else_changes_what_aks_runs_there_by_its_name(send, rule, group, resource, name):
    one = {"apiGroups": [group], "resources": [resource], "resourceNames": [name]}
    assert f"[{rule}]" in send(PERSON, reader("kube-system", **one, verbs=["patch"]), ALL_RIGHTS)
    assert send(PERSON, reader("kube-system", **one, verbs=["get"]), ALL_RIGHTS) == ""


def test_nobody_else_is_bound_to_more_there(send):
    role = {"apiGroup": RBAC, "kind": "ClusterRole", "name": "edit"}
    subject = {"kind": "ServiceAccount", "name": "app", "namespace": "payments"}
    item = named("RoleBinding", "editors", roleRef=role, subjects=[subject])
    item["metadata"]["namespace"] = "kube-system"
    assert "[rbac-built-in-roles]" in send(PERSON, item, ALL_RIGHTS)
    item["roleRef"] = {**role, "name": "makes-config-maps"}
    assert "[rbac-system-namespaces]" in send(PERSON, item, ALL_RIGHTS)
    item["roleRef"] = {**role, "name": "view"}
    assert send(PERSON, item, ALL_RIGHTS) == ""
    item["roleRef"] = {**role, "kind": "Role", "name": "extension-apiserver-authentication-reader"}
    assert send(PERSON, item, ALL_RIGHTS) == ""


@pytest.mark.parametrize(
    ("user", "group"),
    [
        *(
            (user, ALL_RIGHTS)
            for user in (
                "aksService",
                "masterclient",
                "aks-support",
                "system:apiserver",
                "system:addon-manager",
                MANAGER,
                AGENT,
            )
        ),
        ("whoever-aks-sends-next", "system:masters"),
    ],
)
def test_what_aks_writes_there_is_asked_nothing(send, user, group):
    for namespace in ("kube-system", *OF_AKS):
        assert send(user, reader(namespace, verbs=["*"], resources=["*"]), group) == ""


def test_who_has_lost_the_parameters_can_put_them_back(control_plane, send):
    """Until then the rules refuse everything but what is written in AKS's namespaces."""
    admin = control_plane.client()
    metadata = {"metadata": {"name": "parameters", "namespace": NAMESPACE}}
    where = f"/api/v1/namespaces/{NAMESPACE}/configmaps/parameters"
    kept = admin.get(where)["data"]
    admin.delete(where)

    def until(found):
        deadline = time.monotonic() + 60
        while not found():
            assert time.monotonic() < deadline
            time.sleep(0.2)

    until(lambda: "no params found" in send(PERSON, deployment("payments")))
    until(lambda: send(PERSON, reader("kube-system"), ALL_RIGHTS) == "")
    assert "already exists" in send(PERSON, named("Namespace", NAMESPACE))
    admin.apply(named("ConfigMap", "parameters", data=kept) | metadata, "tests", force=True)
    until(lambda: "[pod-" in send(PERSON, deployment("payments")))
    until(lambda: send(PERSON, reader("kube-system"), ALL_RIGHTS))
