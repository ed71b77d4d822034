"""Drains rehearsed on a real API server, scheduler and controllers: what would be stuck is named, in its batch, with the reason."""

from __future__ import annotations

import io
import json
import uuid
from contextlib import contextmanager

import pytest
import typer

from tests.upgrades.rehearsal.printed import (
    budget,
    disk,
    node,
    pod,
    printed,
    replica_set,
    stateful_set,
)
from upgrades.commands.look.rehearse import rehearse as rehearse_command
from upgrades.rehearsal.api import RehearsalError
from upgrades.rehearsal.drains import rehearse
from upgrades.rehearsal.dump import Dump
from upgrades.rehearsal.stage import Stage
from upgrades.rehearsal.text import as_text

RUN = uuid.uuid4().hex[:6]
SHOP, DATA = f"shop-{RUN}", f"data-{RUN}"
SYSTEM = [f"{RUN}-system-{n}" for n in range(2)]
DISKS = [f"{RUN}-disks-{n}" for n in range(2)]
WEB = [f"{RUN}-web-{n}" for n in range(2)]
SECRET = {
    "kind": "Secret",
    "metadata": {"namespace": SHOP, "name": "key"},
    "data": {"key": "aHVudGVyMg=="},
}

CLUSTER = [
    *(node(name, "system", f"we-{n}", mode="system") for n, name in enumerate(SYSTEM, 1)),
    *(node(name, "disks", f"we-{n}", cpu="1") for n, name in enumerate(DISKS, 1)),
    *(node(name, "web", f"we-{n}") for n, name in enumerate(WEB, 1)),
    SECRET,
    # Two of two have to stay: none may go.
    replica_set(SHOP, "stuck", 2, "web"),
    *(pod(SHOP, f"stuck-{n}", WEB[n], "ReplicaSet/stuck", {"app": "stuck"}, pool="web") for n in range(2)),
    budget(SHOP, "stuck", 2),
    # One of two has to stay: one after another goes.
    replica_set(SHOP, "moves", 2, "web"),
    *(pod(SHOP, f"moves-{n}", WEB[n], "ReplicaSet/moves", {"app": "moves"}, pool="web") for n in range(2)),
    budget(SHOP, "moves", 1),
    # One of two has to stay, and one is not ready: the other may not go.
    replica_set(SHOP, "sick", 2, "system"),
    pod(SHOP, "sick-0", SYSTEM[1], "ReplicaSet/sick", {"app": "sick"}, ready=False, pool="system"),
    pod(SHOP, "sick-1", SYSTEM[0], "ReplicaSet/sick", {"app": "sick"}, pool="system"),
    budget(SHOP, "sick", 1),
    pod(SHOP, "agent", SYSTEM[0], "DaemonSet/agent", {"app": "agent"}),
    pod(SHOP, "slow", SYSTEM[1], "ReplicaSet/slow", {"app": "slow"}, grace=7200, pool="system"),
    pod(SHOP, "bare", SYSTEM[1], labels={"app": "bare"}, pool="system"),
    # The surge node comes in the first node's zone, and the disk is in the second's.
    stateful_set(DATA, "base", "disks", cpu="800m"),
    pod(
        DATA,
        "base-0",
        DISKS[1],
        "StatefulSet/base",
        {"app": "base"},
        "800m",
        claim="data-base-0",
        pool="disks",
    ),
    *disk(DATA, "data-base-0", "we-2"),
    # This one's zone is where the surge node comes.
    stateful_set(DATA, "near", "disks", cpu="800m"),
    pod(
        DATA,
        "near-0",
        DISKS[0],
        "StatefulSet/near",
        {"app": "near"},
        "800m",
        claim="data-near-0",
        pool="disks",
    ),
    *disk(DATA, "data-near-0", "we-1"),
]


@pytest.fixture(scope="module")
def dump():
    return Dump([("cluster.json", printed(*CLUSTER))])


@pytest.fixture(scope="module")
def done(control_plane, dump):
    with Stage(control_plane.client(), dump) as stage:
        result = rehearse(stage, dump.pools("10%", 30))
        left = [json.dumps(item) for item in stage.pods()]
        secrets = stage.api.call("GET", f"/api/v1/namespaces/{SHOP}/secrets")["items"]
    return result, left, secrets


def codes(result, name):
    return {(one.code, one.pool, one.batch) for one in result.stuck if one.pod.startswith(name)}


def test_the_pools_go_in_order_in_batches_of_their_surge(done):
    assert done[0].batches == {
        "system": [(SYSTEM[0],), (SYSTEM[1],)],
        "disks": [(DISKS[0],), (DISKS[1],)],
        "web": [(WEB[0],), (WEB[1],)],
    }


def test_a_budget_that_allows_nothing_is_a_deadlock_in_each_batch(done):
    assert codes(done[0], "stuck") == {("budget", "web", 1), ("budget", "web", 2)}
    why = next(one.why for one in done[0].stuck if one.pod == "stuck-0")
    assert "budget stuck needs 2 healthy pods and has 2 currently" in why


def test_a_pod_that_is_not_ready_lets_a_budget_hold_the_others(done):
    assert codes(done[0], "sick-1") == {("budget", "system", 1)}


def test_what_may_go_one_after_another_is_not_stuck(done):
    assert codes(done[0], "moves") == set()


def test_a_daemon_is_not_drained(done):
    assert codes(done[0], "agent") == set()


def test_a_volume_of_a_zone_without_room_is_named_with_the_zone(done):
    assert codes(done[0], "base-0") == {("zone", "disks", 2)}
    [one] = [one for one in done[0].stuck if one.pod == "base-0"]
    assert "its volume is in zone we-2" in one.why
    assert [one for one in done[0].stuck if one.pod == "near-0"] == []


def test_a_pod_that_takes_longer_to_end_than_a_drain_waits_is_named(done):
    assert codes(done[0], "slow") == {("grace", "system", 2)}


def test_a_pod_without_a_controller_is_named(done):
    assert codes(done[0], "bare") == {("bare", "system", 2)}


def test_no_secret_is_loaded(done, dump):
    _, left, secrets = done
    assert "hunter2" not in "".join(left)
    assert [one for one in secrets if one["metadata"]["name"] == "key"] == []
    assert "Secret" not in dump.kinds


def test_the_report_says_all_of_it(done):
    text = as_text(done[0])
    assert "pool web: 2 nodes in 2 batches" in text
    assert f"batch 1: pod {SHOP}/stuck-0 on {WEB[0]}: a PodDisruptionBudget does not allow it now" in text
    assert "6 pods would be stuck." in text


@contextmanager
def _here(control_plane):
    yield control_plane.client()


def test_the_command_reads_files_and_stdin_and_ends_with_1_when_a_pod_would_be_stuck(
    control_plane, tmp_path, monkeypatch, capsys
):
    name, on = f"alone-{RUN}", f"{RUN}-alone-0"
    (tmp_path / "nodes.json").write_text(printed(node(on, "web", "we-1")))
    monkeypatch.setattr("sys.stdin", io.StringIO(printed(pod(name, "bare", on))))
    monkeypatch.setattr("upgrades.lab.api_server", lambda: _here(control_plane))
    with pytest.raises(typer.Exit) as ended:
        rehearse_command([str(tmp_path / "nodes.json"), "-"], as_json=True)
    said = json.loads(capsys.readouterr().out)
    assert ended.value.exit_code == 1
    assert said["batches"] == {"web": [[on]]}
    assert [(one["pod"], one["code"]) for one in said["stuck"]] == [("bare", "bare")]
    assert said["notRehearsed"] == []
    left = control_plane.client().get("/api/v1/nodes")["items"]
    assert [one for one in left if RUN in one["metadata"]["name"]] == []


def test_an_object_that_is_none_is_a_message_and_leaves_nothing(control_plane):
    """A type that is wrong deep inside is found where it is made ready, or by the API server."""
    for n, (change, words) in enumerate(
        [({"taints": ["x"]}, "is not as kubectl prints one"), ({"taints": [{"key": 1}]}, "cannot be loaded")]
    ):
        odd = node(f"{RUN}-odd-{n}", "web", "we-1")
        odd["spec"] = change
        dump = Dump([("cluster.json", printed(odd, pod(f"odd-{n}-{RUN}", "a", f"{RUN}-odd-{n}")))])
        with pytest.raises(RehearsalError, match=words), Stage(control_plane.client(), dump):
            pass
    left = control_plane.client().get("/api/v1/nodes")["items"]
    assert [one for one in left if f"{RUN}-odd" in one["metadata"]["name"]] == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            {"files": ["nowhere.json"]},
            "nowhere.json: cannot be read: No such file or directory; print it: kubectl",
        ),
        ({"pool": ["gone"]}, "--pool gone: the dump has no such pool; name one of: system, disks, web"),
        ({"max_surge": "-1"}, "--max-surge -1: is no number of nodes; write 1, or 33%"),
    ],
)
def test_what_cannot_be_rehearsed_is_told_before_anything_starts(options, words, tmp_path, monkeypatch):
    said = []
    monkeypatch.setattr("upgrades.commands.common.err.print", lambda text, **_: said.append(text))
    (tmp_path / "cluster.json").write_text(printed(*CLUSTER))
    with pytest.raises(typer.Exit) as ended:
        rehearse_command(**{"files": [str(tmp_path / "cluster.json")], **options})
    assert ended.value.exit_code == 2
    assert words in said[0]
