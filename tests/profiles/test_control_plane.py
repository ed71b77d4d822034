"""On a real API server: the loaders are let in and land where they should, rights end at the own node, typos end early."""

import json
import time
import uuid
from datetime import date
from typing import Any, NamedTuple

import pytest
from secure_aks_lifecycle.versions.version import Version
from secure_aks_security.admission.manifests import NAMESPACE as ADMISSION_NAMESPACE
from secure_aks_security.admission.manifests import Modes, manifests
from secure_aks_security.rules import load_rules
from secure_aks_security.stack_file.configuration import configure

from components.profiles.names import KINDS, NAMESPACE, SERVICE_ACCOUNT
from components.profiles.workload import confined
from components.program.profiles import security_profiles
from emulator.control_plane.client import ApiClient, ApiError
from emulator.control_plane.nodes import NodePool
from settings.sections.profiles import Profiles
from tests.components.helpers import run
from tests.control_plane_fixture import started
from tests.profiles.helpers import BOTH, IMAGE, pool, tool
from tests.profiles.page import commands, written
from tests.profiles.reporter import Reporter

VERSION = "1.35.6"
DECLARED = Profiles.model_validate({**BOTH, "loaderImage": IMAGE, "samples": True})
STACK = {
    "secure-aks:profiles": BOTH,
    "secure-aks:teams": [{"name": "app"}],
    "secure-aks:policies": {
        "security": {"pod-image-registry": {"allowedRegistries": ["mcr.microsoft.com/", "team.azurecr.io/"]}}
    },
}


def _nodes(prefix):
    """Nodes of every sort, and the pools of the stack that they belong to; `prefix` keeps other tests' apart."""
    critical, batch = "CriticalAddonsOnly=true:NoSchedule", "batch=true:NoExecute"
    sorts: dict[str, dict[str, Any]] = {
        "s": {"taints": (critical,), "mode": "System"},
        "t": {"taints": (batch,)},
        "p": {"spot": True},
        "a": {"os_sku": "AzureLinux", "sandboxed": True},
        "g": {"os_sku": "AzureLinuxOSGuard"},
        "w": {"os_type": "Windows", "os_sku": "Windows2025"},
    }
    return {
        f"{prefix}{key}": (
            NodePool(name=f"{prefix}{key}", version=VERSION, **sort),
            pool(
                f"{prefix}{key}",
                os_type=sort.get("os_type", "Linux"),
                os_sku=sort.get("os_sku", "Ubuntu2404"),
                mode=sort.get("mode", "User"),
            ),
        )
        for key, sort in sorts.items()
    }


class Cluster(NamedTuple):
    """An API server with the policies and the component's objects, its nodes by pool, and a namespace for trials."""

    admin: ApiClient
    prefix: str
    nodes: dict[str, list[str]]
    objects: list[dict[str, Any]]
    namespace: str


@pytest.fixture(scope="module")
def control_plane():
    """One of its own: the admission policies of this module hold for everybody on it."""
    yield from started()


@pytest.fixture(scope="module")
def cluster(control_plane):
    """The control plane with nodes, the security pack's admission policies, and then the component's objects."""
    admin = control_plane.client()
    prefix = f"x{uuid.uuid4().hex[:3]}"
    pools = _nodes(prefix)
    nodes = {name: control_plane.add_nodes(node_pool, 2) for name, (node_pool, _) in pools.items()}
    configuration = configure(load_rules(), STACK)
    assert configuration.problems == ()
    policies = manifests(configuration, Modes(), VERSION, date(2026, 11, 23))
    parameters = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": ADMISSION_NAMESPACE}}
    probe = f"{prefix}-probe"
    admin.create("/api/v1/namespaces", {"metadata": {"name": probe}})
    for manifest in (parameters, *policies):
        admin.apply(manifest, "tests", force=True)
    _in_force(admin, probe)
    done = run(lambda: security_profiles("profiles", DECLARED, [declared for _, declared in pools.values()]))
    objects = [one.inputs for one in done.registered if one.type.startswith("kubernetes:")]
    for manifest in objects:
        admin.apply(manifest, "tests", force=True)
    _loaders_limited(control_plane, nodes[f"{prefix}t"][0])
    return Cluster(admin, prefix, nodes, objects, probe)


def _refused(admin, path, body):
    """The API server's words against creating an object, none if it would take it."""
    try:
        admin.create(f"{path}?dryRun=All", body)
    except ApiError as error:
        return error.message
    return ""


def _in_force(admin, namespace):
    """A policy takes effect about a second after its creation: wait until one refuses."""
    bad = pod("probe", {"type": "Localhost", "localhostProfile": "nobody-has-this"})
    path = f"/api/v1/namespaces/{namespace}/pods"
    _until(lambda: "nobody-has-this" in _refused(admin, path, bad), wanted=True)


def _loaders_limited(control_plane, node):
    """The same for the policy of the loaders themselves, which came last."""
    loader = control_plane.client(f"system:serviceaccount:{NAMESPACE}:{SERVICE_ACCOUNT}")
    label = {"metadata": {"labels": {"seccomp.secure-aks/probe": "1"}}}
    path = f"/api/v1/nodes/{node}?dryRun=All"

    def refused():
        try:
            loader.call("PATCH", path, label, content_type="application/merge-patch+json")
        except ApiError as error:
            return "may only label the node that it runs on" in error.message
        return False

    _until(refused, wanted=True)


def pod(name, seccomp=None, apparmor=None):
    """A pod that no rule refuses."""
    security = {
        "runAsNonRoot": True,
        "runAsUser": 65534,
        "seccompProfile": seccomp or {"type": "RuntimeDefault"},
    }
    if apparmor:
        security["appArmorProfile"] = apparmor
    container = {
        "name": "app",
        "image": f"mcr.microsoft.com/app@sha256:{'0' * 64}",
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "32Mi"}},
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name},
        "spec": {
            "automountServiceAccountToken": False,
            "securityContext": security,
            "containers": [container],
        },
    }


def _until(found, wanted):
    for _ in range(240):
        if found() == wanted:
            return
        time.sleep(0.25)
    assert found() == wanted


def _pods_of(admin, kind):
    listed = admin.get(f"/api/v1/namespaces/{NAMESPACE}/pods", labelSelector=f"app.kubernetes.io/name={kind}")
    return listed["items"]


@pytest.mark.parametrize(("kind", "without"), [("seccomp", "w"), ("apparmor", "wg")])
def test_the_loaders_are_admitted_and_land_on_exactly_the_right_nodes(
    cluster, kind, without, record_property
):
    admin, nodes = cluster.admin, cluster.nodes
    wanted = {name for of, names in nodes.items() if of[-1] not in without for name in names}

    def where():
        placed = {item["spec"].get("nodeName") for item in _pods_of(admin, kind)}
        return {name for name in placed if name and any(name in names for names in nodes.values())}

    _until(where, wanted)
    record_property(
        "counted", f"the {kind} loader on {len(wanted)} of {sum(map(len, nodes.values()))} nodes, no other"
    )


def test_the_loader_is_let_in_because_it_is_declared_not_because_of_where_it_is(cluster):
    """Another DaemonSet in the same namespace is refused for what the loaders may."""
    admin, objects = cluster.admin, cluster.objects
    (loader,) = [one for one in objects if one["metadata"]["name"] == "apparmor"]
    other = {**loader, "metadata": {**loader["metadata"], "name": "other"}}

    with pytest.raises(ApiError) as refused:
        admin.apply(other, "tests", dry_run=True)
    assert "Unconfined" in refused.value.message or "MAC_ADMIN" in refused.value.message


def test_pods_under_declared_profiles_are_admitted(cluster):
    for kind, names in BOTH.items():
        for name in names:
            made = confined(pod(f"{kind}-{name}"), DECLARED, Version.parse(VERSION), **{kind: name})
            assert _refused(cluster.admin, f"/api/v1/namespaces/{cluster.namespace}/pods", made) == ""


@pytest.mark.parametrize("kind", KINDS)
def test_pods_under_an_unknown_profile_are_refused_with_its_name(cluster, kind):
    typo = {"type": "Localhost", "localhostProfile": "prevent-chmd"}
    bad = pod("typo", **{kind: typo})

    words = _refused(cluster.admin, f"/api/v1/namespaces/{cluster.namespace}/pods", bad)
    assert "prevent-chmd, which nothing loads" in words


def test_the_samples_are_admitted(cluster):
    admin, objects = cluster.admin, cluster.objects
    wanted = {one["metadata"]["name"] for one in objects if one["kind"] == "Pod"}
    found = {
        item["metadata"]["name"]
        for item in admin.get("/api/v1/namespaces/security-profiles-samples/pods")["items"]
    }

    assert wanted == found == {"hello-apparmor", "chmod-prevented"}


@pytest.fixture
def reporter(control_plane, cluster, tmp_path):
    tool("curl")
    admin = cluster.admin
    node, other = cluster.nodes[f"{cluster.prefix}t"]
    _until(lambda: node in {item["spec"].get("nodeName") for item in _pods_of(admin, "seccomp")}, wanted=True)
    (mine,) = [item for item in _pods_of(admin, "seccomp") if item["spec"].get("nodeName") == node]
    return Reporter(control_plane, admin, "seccomp", mine, other, tmp_path)


def _labels(admin, node):
    labels = admin.get(f"/api/v1/nodes/{node}")["metadata"]["labels"]
    return {key: value for key, value in labels.items() if "secure-aks/" in key}


def test_a_node_says_what_is_loaded_on_it_and_takes_it_back(cluster, reporter):
    admin = cluster.admin
    assert reporter.run({"hardened": "a1", "prevent-chmod": "b2"}).returncode == 0
    assert _labels(admin, reporter.node) == {
        "seccomp.secure-aks/hardened": "a1",
        "seccomp.secure-aks/prevent-chmod": "b2",
    }
    assert reporter.run({"hardened": "a1", "prevent-chmod": "b2"}, verb="check").returncode == 0

    assert reporter.run({"hardened": "a3"}, verb="check").returncode == 1
    done = reporter.run({"hardened": "a3"})
    assert done.returncode == 0, done.stdout
    assert _labels(admin, reporter.node) == {"seccomp.secure-aks/hardened": "a3"}
    assert reporter.run({}).returncode == 0
    assert _labels(admin, reporter.node) == {}


def test_a_pod_as_the_page_writes_it_starts_on_the_node_that_says_so_and_on_no_other(
    control_plane, cluster, reporter
):
    """The page's own commands, and its pod, which waits until a node has both profiles."""
    admin, path = cluster.admin, f"/api/v1/namespaces/{cluster.namespace}/pods"
    made = pod("as-on-the-page")
    for key, value in written("spec").items():
        made["spec"][key] = {**made["spec"].get(key, {}), **value}
    made["spec"]["tolerations"] = [{"operator": "Exists"}]
    admin.create(path, made)
    one = f"{path}/as-on-the-page"

    def state():
        found = admin.get(one)
        placed = {item["type"]: item.get("message", "") for item in found["status"].get("conditions", ())}
        return found["spec"].get("nodeName"), "affinity" in placed.get("PodScheduled", "")

    try:
        _until(state, (None, True))
        assert reporter.run({"prevent-chmod": "b2"}).returncode == 0
        label = {"metadata": {"labels": {"apparmor.secure-aks/hardened": "a1"}}}
        assert reporter.patch(label)[0] == 200
        _until(lambda: state()[0], reporter.node)

        pods, nodes = [words for words in commands("kubectl") if words[1] == "get"]
        shown = control_plane.kubectl(*pods[1:])
        assert shown.returncode == 0
        assert "seccomp-" in shown.stdout
        rows = [line.split() for line in control_plane.kubectl(*nodes[1:]).stdout.splitlines()]
        assert [row[0] for row in rows if row[-1] == "b2"] == [reporter.node]
    finally:
        admin.delete(one)
        reporter.patch({"metadata": {"labels": {"apparmor.secure-aks/hardened": None}}})
        reporter.run({})


def test_a_loader_may_touch_no_node_but_its_own(cluster, reporter):
    done = reporter.run({"hardened": "a1"}, node=reporter.other)

    assert done.returncode == 1
    assert "may only label the node that it runs on" in done.stdout
    assert _labels(cluster.admin, reporter.other) == {}


@pytest.mark.parametrize(
    "change",
    [
        {"metadata": {"labels": {"kubernetes.azure.com/agentpool": "other"}}},
        {"metadata": {"labels": {"team": "mine"}}},
        {"metadata": {"labels": {"kubernetes.io/os": None}}},
        {"metadata": {"annotations": {"a": "b"}}},
        {"metadata": {"finalizers": ["a.example/b"]}},
        {"spec": {"taints": None}},
        {"spec": {"unschedulable": True}},
    ],
    ids=lambda change: json.dumps(change)[:60],
)
def test_a_loader_may_change_nothing_of_its_node_but_its_labels(reporter, change):
    code, message = reporter.patch(change)

    assert code in {403, 422}, message
    assert "nothing of a node but the labels of its profiles" in message


def test_a_token_of_no_pod_may_label_nothing(cluster, reporter):
    admin = cluster.admin
    path = f"/api/v1/namespaces/{NAMESPACE}/serviceaccounts/{SERVICE_ACCOUNT}/token"
    request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    reporter.token = admin.create(path, request)["status"]["token"]
    code, message = reporter.patch({"metadata": {"labels": {"seccomp.secure-aks/hardened": "a"}}})

    assert code in {403, 422}
    assert "may only label the node that it runs on" in message


@pytest.mark.usefixtures("cluster")
def test_a_loader_may_do_nothing_else(control_plane):
    user = f"system:serviceaccount:{NAMESPACE}:{SERVICE_ACCOUNT}"
    for verb, resource in (("get", "nodes"), ("list", "nodes"), ("update", "nodes"), ("delete", "nodes"), ("patch", "nodes/status"),
                           ("get", "secrets"), ("create", "pods"), ("list", "pods")):  # fmt: skip
        name, _, sub = resource.partition("/")
        done = control_plane.kubectl(
            "auth", "can-i", verb, name, f"--subresource={sub}", f"--as={user}", "-A"
        )
        assert done.stdout.strip() == "no", (verb, resource)
    done = control_plane.kubectl("auth", "can-i", "patch", "nodes", f"--as={user}")
    assert done.stdout.strip() == "yes"
