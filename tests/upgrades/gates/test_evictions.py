"""Every answer of the API server to an eviction that is only asked: gone, refused by whom, or not told."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import pytest

from tests.upgrades.builders import v
from upgrades.gates.workloads.evictions import Evictions
from upgrades.model.clusters import WHOLE
from upgrades.model.steps import Duration, Step
from upgrades.model.view import View
from upgrades.model.workloads import Pod
from upgrades.observe.cluster import evictions as asking
from upgrades.observe.cluster.evictions import WAITS, evictions
from upgrades.observe.cluster.refusals import NotAskedError, body, is_admission, refusal
from upgrades.observe.errors import ClusterError

POD = Pod("shop", "db-0", "general", "StatefulSet/db")
BUDGET = {
    "code": 429,
    "reason": "TooManyRequests",
    "message": "Cannot evict pod as it would violate the pod's disruption budget.",
    "details": {
        "causes": [
            {
                "reason": "DisruptionBudget",
                "message": "The disruption budget db needs 2 healthy pods and has 2 currently",
            }
        ]
    },
}


@pytest.mark.parametrize("status", [200, 201, 404])
def test_a_pod_that_goes_or_is_gone_is_no_finding(status):
    assert refusal(POD, status, {}) is None


@pytest.mark.parametrize(
    ("status", "answer", "words"),
    [
        (
            429,
            BUDGET,
            "a PodDisruptionBudget does not allow it now: The disruption budget db needs 2 healthy pods",
        ),
        (
            429,
            {"message": "Cannot evict pod as it would violate the pod's disruption budget."},
            "PodDisruptionBudget",
        ),
        (
            403,
            {"message": 'admission webhook "drain.example.com" denied the request: the broker moves first'},
            "webhook drain.example.com denies it: the broker moves first",
        ),
        (
            429,
            {"message": 'admission webhook "drain.example.com" denied the request: wait'},
            "webhook drain.example.com denies it: wait",
        ),
        (
            500,
            {"message": 'admission webhook "d.e" denied the request: '},
            "webhook d.e denies it: without a reason",
        ),
        (
            500,
            {
                "message": "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."
            },
            "more than one PodDisruptionBudget counts it",
        ),
        (
            500,
            {
                "message": 'Internal error occurred: failed calling webhook "d.e": failed to call webhook: Post "https://d.e.svc": timeout'
            },
            "webhook d.e does not answer, and nothing goes without its word: failed to call webhook",
        ),
        (
            400,
            {"message": 'admission webhook "d.e" denied the request without explanation'},
            "webhook d.e denies it: without explanation",
        ),
        (422, {"message": "policy says no"}, "refused (422): policy says no"),
        (
            403,
            {"message": 'ValidatingAdmissionPolicy "keep" with binding "keep" denied request: keep it'},
            "admission policy keep denies it: keep it",
        ),
        (
            413,  # one of the reasons that a policy may give
            {
                "message": "pods \"db-0\" is forbidden: ValidatingAdmissionPolicy 'keep' with binding 'all' denied request: later"
            },
            "admission policy keep denies it: later",
        ),
        (
            404,
            {"message": 'admission webhook "d.e" denied the request: no such broker'},
            "webhook d.e denies it: no such broker",
        ),
        (
            401,
            {"message": 'admission webhook "d.e" denied the request: '},
            "denies it: without a reason",
        ),
    ],
)
def test_a_refusal_names_the_pod_and_who_refuses(status, answer, words):
    found = refusal(POD, status, answer)
    assert found is not None
    assert (found.namespace, found.pod, found.pool) == ("shop", "db-0", "general")
    assert words in found.refusal


@pytest.mark.parametrize(
    ("status", "answer", "words"),
    [
        (429, {"message": "too many requests, try again"}, "is busy"),
        (
            403,
            {"message": 'pods "db-0" is forbidden: User "x" cannot create resource "pods/eviction"'},
            "grant create on pods/eviction",
        ),
        (
            400,
            {"message": 'admission webhook "d.e" does not support dry run'},
            "webhook d.e takes no dry runs",
        ),
        (401, {}, "answered 401"),
        (500, {"message": "etcd leader changed"}, "etcd leader changed"),
    ],
)
def test_an_answer_about_something_else_is_unknown(status, answer, words):
    with pytest.raises(NotAskedError, match=words):
        refusal(POD, status, answer)


class Busy:
    """An API server that is busy so many times before it answers."""

    def __init__(
        self, times, status=429, message="Too many requests, please try again later.", then=(201, "")
    ):
        self.left, self.asked = times, 0
        self.busy, self.then = (status, message), then

    def post(self, _path, _body):
        self.asked += 1
        self.left -= 1
        return self.busy if self.left >= 0 else self.then


KEPT = 429, json.dumps(BUDGET)


@pytest.mark.parametrize("status", [429, 500, 503, 504])
@pytest.mark.parametrize(("then", "refused"), [((201, ""), 0), (KEPT, 1)])
def test_a_busy_api_server_is_asked_again(monkeypatch, status, then, refused):
    waited = []
    monkeypatch.setattr(time, "sleep", waited.append)
    server = Busy(len(WAITS), status, then=then)
    assert len(evictions(server, [POD], "general")) == refused  # pyright: ignore[reportArgumentType]  # all of a reader that is used
    assert waited == list(WAITS)


def test_a_refusal_is_not_asked_for_again(monkeypatch):
    monkeypatch.setattr(time, "sleep", pytest.fail)
    silent = 'failed calling webhook "d.e": timeout'
    for said in (KEPT, (500, json.dumps({"message": silent})), (403, "policy says no")):
        server = Busy(0, then=said)
        assert len(evictions(server, [POD], "general")) == 1  # pyright: ignore[reportArgumentType]  # as above
        assert server.asked == 1


def test_an_api_server_that_stays_busy_is_not_waited_for_at_every_pod(monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda _: None)
    monkeypatch.setattr(asking, "AT_ONCE", 1)
    server = Busy(1000)
    pods = [Pod("shop", f"web-{number}", "general", "ReplicaSet/web") for number in range(10)]
    with pytest.raises(ClusterError, match=r"is busy \(429\): Too many requests"):
        evictions(server, pods, "general")  # pyright: ignore[reportArgumentType]  # as above
    assert server.asked == len(pods) + len(WAITS)


def test_what_is_asked_changes_nothing():
    assert body(POD)["deleteOptions"] == {"dryRun": ["All"]}


class Refusing:
    """An API server that lets no pod go, and knows nothing of some."""

    def __init__(self, *unknown):
        self.unknown = unknown

    def post(self, path, _body):
        if any(f"/{name}/" in path for name in self.unknown):
            return 500, json.dumps({"message": "etcd leader changed"})
        return 429, json.dumps({"message": f"{path}: a disruption budget keeps it"})


@pytest.mark.parametrize(
    ("pool", "names"), [("general", ["db-0"]), (WHOLE, ["db-0", "web-0"]), ("batch", [])]
)
def test_the_pods_of_a_pool_are_asked_about_or_those_of_every_pool(pool, names):
    pods = [
        POD,
        Pod("shop", "web-0", "system", "StatefulSet/web"),
        Pod("shop", "log-0", "system", "DaemonSet/log"),
        Pod("shop", "static-0", "system", "Node/n1"),
    ]
    found = evictions(Refusing(), pods, pool)  # pyright: ignore[reportArgumentType]  # all of a reader that is used
    assert [one.pod for one in found] == names


def test_a_pod_that_has_ended_is_asked_about_too():
    """kubectl drain evicts it as any other: no budget holds it, and a webhook may."""
    pods = [
        Pod("shop", "done", "general", "Job/x", phase=phase) for phase in ("Succeeded", "Failed", "Unknown")
    ]
    assert len(evictions(Refusing(), pods, "general")) == len(pods)  # pyright: ignore[reportArgumentType]  # as above


def test_what_cannot_be_asked_for_one_pod_hides_no_refusal_of_another(monkeypatch):
    monkeypatch.setattr(asking, "WAITS", ())
    pods = [
        POD,
        Pod("shop", "web-0", "general", "ReplicaSet/web"),
        Pod("shop", "web-1", "general", "ReplicaSet/web"),
    ]
    found = evictions(Refusing("web-0", "web-1"), pods, "general")  # pyright: ignore[reportArgumentType]  # as above
    assert [(one.pod, one.told) for one in found] == [("db-0", True), ("web-0", False)]
    step = Step("dev", "aks", "general", v("1.34.7"), v("1.35.7"), "next", Duration(15, 60))
    result = Evictions().run(View(at=datetime(2026, 11, 23, tzinfo=UTC), evictions=tuple(found)), step)
    assert [finding.why.partition(":")[0] for finding in result.findings] == [
        "would not be evicted",
        "nobody knows whether it would be evicted, nor others maybe",
    ]
    with pytest.raises(ClusterError, match="etcd leader changed"):
        evictions(Refusing("db-0"), [POD], "general")  # pyright: ignore[reportArgumentType]  # as above


@pytest.mark.parametrize(
    ("message", "is_theirs"),
    [
        ('admission webhook "d.e" denied the request: who are you', True),
        ("ValidatingAdmissionPolicy 'keep' with binding 'all' denied request: no", True),
        ("Unauthorized", False),
    ],
)
def test_a_401_of_a_webhook_is_not_taken_for_a_login_that_is_refused(message, is_theirs):
    assert is_admission(json.dumps({"code": 401, "message": message})) is is_theirs
