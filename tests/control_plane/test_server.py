"""What the control plane offers: RBAC, admission, audit, nodes, kubectl."""

from __future__ import annotations

import ssl
import time
from http.client import HTTPSConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from emulator.control_plane.builder import kubernetes_version
from emulator.control_plane.client import ApiError
from emulator.control_plane.nodes import NodePool
from tests.control_plane.audit import events_of

if TYPE_CHECKING:
    from emulator.control_plane.server import ControlPlane


def eventually(check, seconds=60) -> Any:
    """Poll until `check` gives something true and return that; the last answer otherwise."""
    end = time.monotonic() + seconds
    while not (answer := check()) and time.monotonic() < end:
        time.sleep(0.05)
    return answer


def pod(name, **spec):
    container = {"name": "app", "image": "registry.invalid/app:1", **spec.pop("container", {})}
    return {"metadata": {"name": name}, "spec": {"containers": [container], **spec}}


def test_it_is_the_pinned_release(control_plane):
    assert control_plane.client().get("/version")["gitVersion"] == f"v{kubernetes_version()}"


def test_nobody_gets_in_without_a_certificate(control_plane):
    address = urlsplit(control_plane.url)
    tls = ssl.create_default_context(cafile=str(control_plane.authority.files.certificate))
    connection = HTTPSConnection(address.hostname, address.port, context=tls)
    connection.request("GET", "/api/v1/namespaces")
    assert connection.getresponse().status == 401
    connection.close()


def test_etcd_wants_a_certificate(control_plane):
    log = (control_plane.folder / "logs" / "kube-apiserver.log").read_text()
    assert "command failed" not in log
    command = next(
        path.read_text() for path in Path("/proc").glob("[0-9]*/cmdline") if _is_etcd(path, control_plane)
    )
    assert "--client-cert-auth" in command


def _is_etcd(path, control_plane):
    try:
        return f"--data-dir={control_plane.folder / 'etcd'}" in path.read_text()
    except OSError:
        return False


def test_a_user_may_do_what_a_role_grants_its_group_and_no_more(control_plane, namespace):
    admin = control_plane.client()
    member = control_plane.client("anna@example.org", ["group-1", "group-2"])
    pods = f"/api/v1/namespaces/{namespace}/pods"
    with pytest.raises(ApiError, match="403 Forbidden: pods is forbidden"):
        member.get(pods)
    rbac = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}"
    rule = {"apiGroups": [""], "resources": ["pods"], "verbs": ["list"]}
    admin.create(f"{rbac}/roles", {"metadata": {"name": "r"}, "rules": [rule]})
    binding = {
        "metadata": {"name": "r"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "r"},
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "group-2"}],
    }
    admin.create(f"{rbac}/rolebindings", binding)
    assert eventually(lambda: member.request("GET", pods)[0] == 200)
    with pytest.raises(ApiError, match="cannot create resource"):
        member.create(pods, pod("p"))


def test_the_audit_log_names_user_groups_verb_and_outcome(control_plane, namespace):
    member = control_plane.client("audited@example.org", ["auditors"])
    with pytest.raises(ApiError):
        member.create(f"/api/v1/namespaces/{namespace}/configmaps", {"metadata": {"name": "c"}})
    last = [event for event in events_of(control_plane) if event.user == "audited@example.org"][-1]
    assert last.groups == ("auditors", "system:authenticated")
    assert last[2:8] == ("create", "", "configmaps", namespace, "", 403)


def test_the_audit_log_keeps_no_secret(control_plane, namespace):
    secret = {"metadata": {"name": "s"}, "stringData": {"password": "correct-horse"}}
    control_plane.client().create(f"/api/v1/namespaces/{namespace}/secrets", secret)
    log = (control_plane.folder / "audit.log").read_text()
    assert f'"namespace":"{namespace}","name":"s"' in log
    assert "correct-horse" not in log


def test_pod_security_is_on(control_plane, namespace):
    admin = control_plane.client()
    labels = {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "restricted"}}}
    admin.call(
        "PATCH", f"/api/v1/namespaces/{namespace}", labels, content_type="application/merge-patch+json"
    )
    privileged = pod("p", container={"securityContext": {"privileged": True}})
    with pytest.raises(ApiError, match='violates PodSecurity "restricted'):
        admin.create(f"/api/v1/namespaces/{namespace}/pods", privileged)


def test_a_validating_admission_policy_refuses(control_plane, namespace):
    admin = control_plane.client()
    root = "/apis/admissionregistration.k8s.io/v1"
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["configmaps"]}
    policy = {
        "metadata": {"name": namespace},
        "spec": {
            "matchConstraints": {"resourceRules": [rule]},
            "validations": [{"expression": "object.metadata.name != 'no'", "message": "not this name"}],
        },
    }
    binding = {
        "metadata": {"name": namespace},
        "spec": {
            "policyName": namespace,
            "validationActions": ["Deny"],
            "matchResources": {
                "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}},
            },
        },
    }
    admin.create(f"{root}/validatingadmissionpolicies", policy)
    admin.create(f"{root}/validatingadmissionpolicybindings", binding)
    maps = f"/api/v1/namespaces/{namespace}/configmaps?dryRun=All"
    try:
        refusal = eventually(lambda: _refusal(admin, maps, {"metadata": {"name": "no"}}))
        assert refusal.status == 422
        assert "not this name" in refusal.message
        assert _refusal(admin, maps, {"metadata": {"name": "yes"}}) is None
    finally:
        admin.delete(f"{root}/validatingadmissionpolicybindings/{namespace}")
        admin.delete(f"{root}/validatingadmissionpolicies/{namespace}")


def _refusal(client, path, body):
    try:
        client.create(path, body)
    except ApiError as error:
        return error
    return None


def test_nodes_look_as_in_aks_and_run_pods(control_plane, namespace):
    admin = control_plane.client()
    pool = NodePool(
        name=f"p{namespace[-6:]}",
        version="1.35.6",
        os_type="Windows",
        os_sku="Windows2025",
        zones=("1", "2"),
        taints=("os=windows:NoSchedule",),
        labels={"workload": "web"},
        spot=True,
    )
    names = control_plane.add_nodes(pool, 2)
    try:
        nodes = eventually(lambda: _ready(admin, names))
        assert [node["status"]["nodeInfo"]["kubeletVersion"] for node in nodes] == ["v1.35.6", "v1.35.6"]
        labels = nodes[1]["metadata"]["labels"]
        assert labels["kubernetes.io/os"] == "windows"
        assert labels["kubernetes.azure.com/agentpool"] == pool.name
        assert labels["topology.kubernetes.io/zone"] == "westeurope-2"
        assert labels["workload"] == "web"
        keys = {taint["key"] for taint in nodes[0]["spec"]["taints"]}
        assert keys == {"os", "kubernetes.azure.com/scalesetpriority"}
        tolerations = [{"operator": "Exists"}]
        selector = {"kubernetes.azure.com/agentpool": pool.name}
        pods = f"/api/v1/namespaces/{namespace}/pods"
        eventually(
            lambda: admin.request("GET", f"/api/v1/namespaces/{namespace}/serviceaccounts/default")[0] == 200
        )
        admin.create(pods, pod("p", nodeSelector=selector, tolerations=tolerations))
        assert eventually(lambda: admin.get(f"{pods}/p")["status"]["phase"] == "Running")
        admin.delete(f"{pods}/p")
        assert eventually(lambda: admin.request("GET", f"{pods}/p")[0] == 404)
    finally:
        for name in names:
            admin.delete(f"/api/v1/nodes/{name}")


def _ready(admin, names):
    nodes = [admin.get(f"/api/v1/nodes/{name}") for name in names]
    conditions = [c for n in nodes for c in n.get("status", {}).get("conditions", ()) if c["type"] == "Ready"]
    untainted = not any(
        t["key"].startswith("node.kubernetes.io/") for n in nodes for t in n["spec"]["taints"]
    )
    return nodes if untainted and [c["status"] for c in conditions] == ["True"] * len(names) else None


def test_kubectl_works_as_any_user(control_plane: ControlPlane, namespace):
    assert (
        control_plane.kubectl("get", "namespace", namespace, "-o", "name").stdout
        == f"namespace/{namespace}\n"
    )
    done = control_plane.kubectl("get", "namespaces", user="eve@example.org")
    assert done.returncode == 1
    assert 'User "eve@example.org" cannot list resource "namespaces"' in done.stderr


def test_every_port_is_on_loopback(control_plane):
    listening = _listening_inodes()
    ours = {inode for pid in _processes(control_plane.folder) for inode in _socket_inodes(pid)}
    addresses = [listening[inode] for inode in ours & listening.keys()]
    assert len(addresses) >= 3
    assert set(addresses) == {"0100007F"}


def _listening_inodes():
    rows = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path("/proc/net", table).read_text().splitlines()
    ]
    return {row[9]: row[1].split(":")[0] for row in rows if row[3] == "0A"}


def _processes(folder):
    for path in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if path.readlink() == folder:
                yield path.parent
        except OSError:
            continue


def _socket_inodes(process):
    for path in (process / "fd").iterdir():
        try:
            target = str(path.readlink())
        except OSError:
            continue
        if target.startswith("socket:["):
            yield target[8:-1]
