"""Reading a real API server: every part of the view, and what is refused stays unknown with its reason."""

from __future__ import annotations

import time
import uuid

import pytest
from kubernetes import config

from emulator.control_plane.nodes import NodePool
from upgrades.observe.cluster.kubernetes import read

DEPLOYMENT: dict = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web"},
    "spec": {
        "replicas": 2,
        "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {
                "containers": [{"name": "web", "image": "registry.example/web:1.0"}],
                "volumes": [
                    {"name": "data", "emptyDir": {}},
                    {"name": "log", "hostPath": {"path": "/var/log"}},
                ],
            },
        },
    },
}
BUDGET: dict = {
    "apiVersion": "policy/v1",
    "kind": "PodDisruptionBudget",
    "metadata": {"name": "web"},
    "spec": {"minAvailable": 2, "selector": {"matchLabels": {"app": "web"}}},
}
HOOK = {
    "apiVersion": "admissionregistration.k8s.io/v1",
    "kind": "ValidatingWebhookConfiguration",
    "webhooks": [
        {
            "name": "nobody.example.com",
            "failurePolicy": "Fail",
            "sideEffects": "None",
            "admissionReviewVersions": ["v1"],
            "clientConfig": {"service": {"namespace": "nowhere", "name": "nobody"}},
            "rules": [
                {
                    "apiGroups": ["example.com"],
                    "apiVersions": ["v1"],
                    "operations": ["CREATE"],
                    "resources": ["things"],
                }
            ],
        }
    ],
}


def client_for(control_plane, tmp_path, **who):
    path = control_plane.kubeconfig(tmp_path / "kubeconfig", **who)
    return config.new_client_from_config(str(path))


def until(found, seconds=40):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if (result := found()) is not None:
            return result
        time.sleep(0.3)
    raise AssertionError("the control plane did not get there")


@pytest.fixture
def pool(control_plane):
    name = f"p{uuid.uuid4().hex[:6]}"
    names = control_plane.add_nodes(NodePool(name, "1.35.6", zones=("1", "2")), 2)
    yield name
    for node in names:
        control_plane.client().delete(f"/api/v1/nodes/{node}")


def test_every_part_of_the_view_is_read(control_plane, namespace, pool, tmp_path):
    admin = control_plane.client()
    for manifest in (DEPLOYMENT, BUDGET):
        admin.apply({**manifest, "metadata": {**manifest["metadata"], "namespace": namespace}}, "test")
    hook = {**HOOK, "metadata": {"name": f"hook-{namespace}"}}
    admin.apply(hook, "test")
    client = client_for(control_plane, tmp_path)

    def settled():
        parts = read(client).parts
        mine = [budget for budget in parts["budgets"] if budget.namespace == namespace]
        ready = [w for w in parts["workloads"] if w.namespace == namespace and w.ready == 2]
        # The lists are read one after another: what the first shows may be older than what the last does.
        running = [pod for pod in parts["pods"] if pod.namespace == namespace and pod.runs]
        return parts if ready and len(running) == mine[0].pods == 2 and mine[0].pools else None

    parts = until(settled)
    nodes = [node for node in parts["nodes"] if node.pool == pool]
    assert [str(node.version) for node in nodes] == ["1.35.6", "1.35.6"]
    assert all(node.ready and node.schedulable for node in nodes)
    assert {node.zone for node in nodes} == {"westeurope-1", "westeurope-2"}
    pods = [pod for pod in parts["pods"] if pod.namespace == namespace]
    assert len(pods) == 2
    assert {pod.node for pod in pods} <= {node.name for node in parts["nodes"]}
    assert parts["uses"] == frozenset()
    assert all(pod.runs and pod.owner.startswith("ReplicaSet/web-") for pod in pods)
    assert pods[0].local_volumes == ("emptyDir data", "hostPath /var/log (log)")
    budget = next(budget for budget in parts["budgets"] if budget.namespace == namespace)
    assert budget.allowed == 0
    assert budget.pools == {pod.pool for pod in pods}
    workload = next(w for w in parts["workloads"] if w.namespace == namespace)
    assert (workload.kind, workload.desired, workload.ready) == ("Deployment", 2, 2)
    assert (workload.budgeted, workload.probed, workload.spread) == (True, False, False)
    webhook = next(w for w in parts["webhooks"] if w.name == "nobody.example.com")
    assert (webhook.failure_policy, webhook.ready_backends, webhook.in_the_way) == ("Fail", 0, False)
    assert parts["deprecated"] is not None
    admin.delete(f"/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/hook-{namespace}")


def test_a_cordoned_node_is_seen(control_plane, pool, tmp_path):
    node = next(n for n in read(client_for(control_plane, tmp_path)).parts["nodes"] if n.pool == pool)
    control_plane.kubectl("cordon", node.name)
    again = read(client_for(control_plane, tmp_path)).parts["nodes"]
    assert [n.schedulable for n in again if n.name == node.name] == [False]


def test_a_node_that_aks_set_aside_or_that_lacks_something_is_seen(control_plane, pool, tmp_path):
    admin, client = control_plane.client(), client_for(control_plane, tmp_path)
    name = next(n for n in read(client).parts["nodes"] if n.pool == pool).name
    control_plane.kubectl("label", "node", name, "kubernetes.azure.com/upgrade-status=Quarantined")
    status = admin.get(f"/api/v1/nodes/{name}/status")["status"]
    conditions = [
        {**one, "status": "True"} if one["type"] == "DiskPressure" else one for one in status["conditions"]
    ]
    if not any(one["type"] == "DiskPressure" for one in conditions):
        conditions.append({"type": "DiskPressure", "status": "True"})
    patch = {"status": {"conditions": conditions}}
    admin.call("PATCH", f"/api/v1/nodes/{name}/status", patch, content_type="application/merge-patch+json")
    (seen,) = (n for n in read(client).parts["nodes"] if n.name == name)
    assert (seen.quarantined, seen.pressures) == (True, ("DiskPressure",))


DENIED = "the drain cleaner does that itself"


def test_the_api_server_says_which_pods_it_would_not_evict(control_plane, namespace, pool, tmp_path):
    """A budget, two of them, and an admission policy that stands for any webhook, with a code of its own: asked, answered, and nothing is evicted."""
    admin, client = control_plane.client(), client_for(control_plane, tmp_path)
    for name in ("free", "kept", "twice", "denied"):
        labels = {"app": name}
        spec = {
            "nodeSelector": {"agentpool": pool},
            "containers": [{"name": "web", "image": "registry.example/web:1.0"}],
        }
        meta = {"name": name, "namespace": namespace, "labels": labels}
        admin.create(f"/api/v1/namespaces/{namespace}/pods", {"metadata": meta, "spec": spec})
    for budget, app in (("kept", "kept"), ("one", "twice"), ("another", "twice")):
        keep = {"minAvailable": 1, "selector": {"matchLabels": {"app": app}}}
        admin.create(
            f"/apis/policy/v1/namespaces/{namespace}/poddisruptionbudgets",
            {"metadata": {"name": budget}, "spec": keep},
        )
    rules = [
        {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods/eviction"]}
    ]
    group, name = "/apis/admissionregistration.k8s.io/v1", f"evictions-{namespace}"
    policy = {
        "failurePolicy": "Fail",
        "matchConstraints": {"resourceRules": rules},
        "matchConditions": [
            {"name": "mine", "expression": f"request.namespace == '{namespace}' && request.name == 'denied'"}
        ],
        "validations": [{"expression": "false", "message": DENIED, "reason": "RequestEntityTooLarge"}],
    }
    admin.create(f"{group}/validatingadmissionpolicies", {"metadata": {"name": name}, "spec": policy})
    binding = {"policyName": name, "validationActions": ["Deny"]}
    admin.create(f"{group}/validatingadmissionpolicybindings", {"metadata": {"name": name}, "spec": binding})

    def answered():
        parts = read(client, pool).parts
        mine = {one.pod: one.refusal for one in parts["evictions"] if one.namespace == namespace}
        running = [one for one in parts["pods"] if one.namespace == namespace and one.runs]
        return mine if len(running) == 4 and mine.keys() == {"kept", "twice", "denied"} else None

    found = until(answered)
    assert "PodDisruptionBudget does not allow it now" in found["kept"]
    assert "more than one PodDisruptionBudget counts it" in found["twice"]
    assert f"admission policy {name} denies it: {DENIED}" in found["denied"]
    assert len(admin.get(f"/api/v1/namespaces/{namespace}/pods")["items"]) == 4, "nothing is evicted"
    assert read(client).parts["evictions"] is None, "no pool is named"
    for kind in ("bindings", "ies"):
        admin.delete(f"{group}/validatingadmissionpolic{'y' if kind == 'bindings' else ''}{kind}/{name}")


def test_who_may_not_ask_for_evictions_is_told_what_to_grant(control_plane, namespace, pool, tmp_path):
    admin = control_plane.client()
    role, subject = (
        f"reader-{namespace}",
        {"kind": "User", "name": "reader", "apiGroup": "rbac.authorization.k8s.io"},
    )
    rbac = "/apis/rbac.authorization.k8s.io/v1"
    reads = [{"apiGroups": [""], "resources": ["nodes", "pods"], "verbs": ["list"]}]
    admin.create(f"{rbac}/clusterroles", {"metadata": {"name": role}, "rules": reads})
    ref = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role}
    admin.create(
        f"{rbac}/clusterrolebindings", {"metadata": {"name": role}, "roleRef": ref, "subjects": [subject]}
    )
    spec = {
        "nodeSelector": {"agentpool": pool},
        "containers": [{"name": "web", "image": "registry.example/web:1.0"}],
    }
    admin.create(f"/api/v1/namespaces/{namespace}/pods", {"metadata": {"name": "one"}, "spec": spec})
    client = client_for(control_plane, tmp_path, user="reader", groups=["none"])

    def told():
        found = read(client, pool)
        here = [one for one in found.parts["pods"] or () if one.namespace == namespace and one.pool]
        return found.unread.get("evictions") if here else None

    assert "grant create on pods/eviction" in until(told)
    for kind in ("clusterrolebindings", "clusterroles"):
        admin.delete(f"{rbac}/{kind}/{role}")


def test_what_the_api_server_refuses_is_unknown_and_says_why(control_plane, tmp_path):
    found = read(client_for(control_plane, tmp_path, user="nobody", groups=["none"]))
    assert all(part is None for part in found.parts.values())
    assert found.unread["nodes"] == "the API server answered 403 Forbidden"
