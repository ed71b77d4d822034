"""One look of a drain: what is cordoned, what is evicted, what is left, and what is said when the API server refuses."""

from __future__ import annotations

import json

import pytest
from kubernetes.client import ApiClient

from upgrades.observe.cluster import draining
from upgrades.observe.errors import ClusterError

from .test_pods import PATHS, pod


def node(name, pool="general", *, cordoned=False):
    return {
        "metadata": {"name": name, "labels": {"agentpool": pool}},
        "spec": {"unschedulable": cordoned},
        "status": {"nodeInfo": {"kubeletVersion": "v1.35.5"}, "conditions": []},
    }


def on(name, place, **more):
    made = pod(name, node=place, **more)
    made["metadata"]["uid"] = name
    return made


@pytest.fixture
def drain(monkeypatch):
    """Look once at a cluster of these nodes and pods; `answers` are those to patches and evictions, by the end of their path."""

    def look(nodes, pods, **answers):
        asked = []

        class Reader:
            def __init__(self, _):
                pass

            def items(self, path):
                return {"/api/v1/nodes": nodes, PATHS["pods"]: pods}.get(path, [])

            def patch(self, path, change):
                asked.append(("cordon", path.rpartition("/")[2]))
                assert change == {"spec": {"unschedulable": True}}
                return answers.get("patch", (200, "{}"))

            def post(self, path, question):
                asked.append(("evict", path.split("/")[-2]))
                assert "dryRun" not in json.dumps(question)
                return answers.get("post", (201, "{}"))

        monkeypatch.setattr(draining, "ApiReader", Reader)
        return draining.drain_once(ApiClient(), "general"), asked

    return look


NODES = [node("n1"), node("n2", cordoned=True), node("n3", "web")]


def test_a_pool_is_cordoned_whole_and_emptied_a_node_at_a_time(drain):
    found, asked = drain(NODES, [on("a", "n1"), on("b", "n1"), on("c", "n2"), on("d", "n3")])
    assert asked == [("cordon", "n1"), ("evict", "a"), ("evict", "b")]
    assert found == (("shop/a", "shop/b", "shop/c"), ())


def test_what_belongs_to_its_node_stays_and_what_is_on_its_way_out_is_waited_for(drain):
    leaving = on("a", "n1", metadata={"deletionTimestamp": "2026-11-23T12:00:00Z"})
    found, asked = drain(
        NODES[1:], [leaving | {"spec": {"nodeName": "n2"}}, on("log", "n2", owner="DaemonSet")]
    )
    assert (found, asked) == ((("shop/a",), ()), [])
    assert drain(NODES[1:], [on("log", "n2", owner="DaemonSet"), on("job", "n2", phase="Succeeded")])[0] == (
        (),
        (),
    )


def test_a_refusal_is_told_and_the_pod_is_left(drain):
    budget = {"message": "Cannot evict pod as it would violate the pod's disruption budget."}
    (left, refused), _ = drain(NODES, [on("a", "n1")], post=(429, json.dumps(budget)))
    assert left == ("shop/a",)
    assert "pod shop/a: a PodDisruptionBudget does not allow it now" in refused[0]


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (
            {"patch": (403, '{"message": "nodes n1 is forbidden"}')},
            "node n1 cannot be cordoned: nodes n1 is forbidden; grant patch on nodes",
        ),
        ({"patch": (500, "<html>")}, "node n1 cannot be cordoned: <html>"),
        ({"post": (403, '{"message": "x cannot create resource y"}')}, "eviction of pod shop/a may not ask"),
    ],
)
def test_a_missing_right_is_named(drain, answers, words):
    with pytest.raises(ClusterError, match=words):
        drain(NODES, [on("a", "n1")], **answers)


def test_a_node_that_is_gone_meanwhile_is_no_failure(drain):
    assert drain(NODES, [], patch=(404, "{}"))[0] == ((), ())
