"""Reading a real API server: every part of the view, and what is refused stays unknown with its reason."""

from __future__ import annotations

import time
import uuid

import pytest
from kubernetes import config

from emulator.control_plane import NodePool
from upgrades.observe.kubernetes import read

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
    names = control_plane.add_nodes(NodePool(name, "1.35.6"), 2)
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
    pods = [pod for pod in parts["pods"] if pod.namespace == namespace]
    assert len(pods) == 2
    assert all(pod.runs and pod.owner.startswith("ReplicaSet/web-") for pod in pods)
    assert pods[0].local_volumes == ("emptyDir data", "hostPath /var/log (log)")
    budget = next(budget for budget in parts["budgets"] if budget.namespace == namespace)
    assert budget.allowed == 0
    assert budget.pools == {pod.pool for pod in pods}
    workload = next(w for w in parts["workloads"] if w.namespace == namespace)
    assert (workload.kind, workload.desired, workload.ready) == ("Deployment", 2, 2)
    webhook = next(w for w in parts["webhooks"] if w.name == "nobody.example.com")
    assert (webhook.failure_policy, webhook.ready_backends, webhook.in_the_way) == ("Fail", 0, False)
    assert parts["deprecated"] is not None
    admin.delete(f"/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/hook-{namespace}")


def test_a_cordoned_node_is_seen(control_plane, pool, tmp_path):
    node = next(n for n in read(client_for(control_plane, tmp_path)).parts["nodes"] if n.pool == pool)
    control_plane.kubectl("cordon", node.name)
    again = read(client_for(control_plane, tmp_path)).parts["nodes"]
    assert [n.schedulable for n in again if n.name == node.name] == [False]


def test_what_the_api_server_refuses_is_unknown_and_says_why(control_plane, tmp_path):
    found = read(client_for(control_plane, tmp_path, user="nobody", groups=["none"]))
    assert all(part is None for part in found.parts.values())
    assert found.unread["nodes"] == "the API server answered 403 Forbidden"
