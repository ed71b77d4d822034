"""Starting, stopping and what is left when somebody is killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from emulator.control_plane.client import ApiError
from emulator.control_plane.commands import command
from emulator.control_plane.processes import ProcessError
from emulator.control_plane.server import ControlPlane
from emulator.go_modules import BuildError
from tests.control_plane.audit import events_of

pytestmark = pytest.mark.control_plane

STARTED = """
import sys, time
from pathlib import Path
from emulator.control_plane.server import ControlPlane
folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
control_plane = ControlPlane(folder).start(detached=folder is not None)
print(control_plane.folder, flush=True)
if folder is None:
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def built(control_plane):
    """The session's own control plane stays up meanwhile: several at a time work."""


def processes(folder):
    """The processes that belong to a control plane, by process id."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_text().split("\0")
        except OSError:
            continue
        if any(str(folder) in word for word in words) and STARTED not in words:
            found[int(path.parent.name)] = words
    return found


def gone(folder):
    end = time.monotonic() + 60
    while processes(folder) and time.monotonic() < end:
        time.sleep(0.05)
    return not processes(folder)


def start_elsewhere(*arguments, **variables):
    child = subprocess.Popen(
        [sys.executable, "-c", STARTED, *arguments],
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout
    return child, Path(child.stdout.readline().strip())


def test_nothing_is_left_when_the_test_run_is_killed():
    child, folder = start_elsewhere()
    assert len(processes(folder)) == 6  # the guard and five parts
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert gone(folder)
    end = time.monotonic() + 60
    while folder.exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert not folder.exists()


@pytest.mark.soak
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent was killed")
def test_nothing_is_left_when_the_guard_is_killed():
    child, folder = start_elsewhere()
    guard = next(pid for pid, words in processes(folder).items() if any("guard.py" in word for word in words))
    os.kill(guard, signal.SIGKILL)
    assert gone(folder)
    child.kill()
    child.communicate()
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()


def test_the_admin_may_act_as_anybody_and_the_audit_log_says_both(control_plane, namespace):
    as_bert = control_plane.client(impersonate=("bert@example.org", ("group-7",)))
    with pytest.raises(ApiError, match=r"bert@example\.org"):
        as_bert.get(f"/api/v1/namespaces/{namespace}/pods")
    event = [one for one in events_of(control_plane) if one.user == "bert@example.org"][-1]
    assert event.groups[0] == "group-7"
    assert event.raw["user"]["username"] == "control-plane-admin"


@pytest.mark.soak
def test_a_folder_of_ones_own_keeps_the_data(tmp_path):
    path = "/api/v1/namespaces/default/configmaps"
    with ControlPlane(tmp_path) as first:
        first.client().create(path, {"metadata": {"name": "kept"}})
        before = first.kubeconfig(tmp_path / "config", user="anna@example.org").read_text()
        with pytest.raises(ProcessError, match="another control plane runs here"):
            ControlPlane(tmp_path).start()
        assert first.client().get(f"{path}/kept")["metadata"]["name"] == "kept"
    assert gone(tmp_path / "etcd")
    with ControlPlane(tmp_path) as second:
        assert second.client().get(f"{path}/kept")["metadata"]["name"] == "kept"
        assert (
            before.splitlines()[-5:]
            == second.kubeconfig(user="anna@example.org").read_text().splitlines()[-5:]
        )


def test_a_detached_one_outlives_its_starter_and_is_stopped_by_folder(tmp_path):
    child, folder = start_elsewhere(str(tmp_path))
    assert child.wait() == 0
    child.communicate()
    later = ControlPlane(folder)
    assert later.attach()
    assert later.client().request("GET", "/readyz") == (200, b"ok")
    later.stop()
    assert gone(folder)
    assert not later.attach()
    later.stop()  # harmless


@pytest.mark.soak
def test_a_detached_one_ends_when_the_run_that_it_belongs_to_is_killed(tmp_path):
    with subprocess.Popen(["sleep", "600"]) as run:
        child, folder = start_elsewhere(str(tmp_path), SECURE_AKS_LAB_ENDS_WITH=str(run.pid))
        assert child.wait() == 0
        child.communicate()
        assert len(processes(folder)) == 6
        os.kill(run.pid, signal.SIGKILL)  # nobody waits for it yet, as where its own parent is killed with it
        assert gone(folder)


def test_what_this_run_detaches_ends_with_it():
    run = int(os.environ["SECURE_AKS_LAB_ENDS_WITH"])
    assert run in {os.getpid(), os.getppid()}  # a worker of pytest-xdist is a child of the run


@pytest.mark.soak
def test_a_detached_one_ends_when_its_folder_is_thrown_away(tmp_path):
    child, folder = start_elsewhere(str(tmp_path / "mine"))
    assert child.wait() == 0
    child.communicate()
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)  # what was written meanwhile
    assert gone(folder)


def test_a_part_that_ends_is_reported_with_its_log(tmp_path, monkeypatch):
    """Of the others none ends so soon: the API server waits for etcd, and they wait for it."""

    def said(name, at):
        return [str(at.bin / name), "--data-dir=/dev/null/x"] if name == "etcd" else command(name, at)

    monkeypatch.setattr("emulator.control_plane.server.command", said)
    with pytest.raises(ProcessError, match=r"etcd ended with exit code 1:\n(.|\n)*/dev/null/x"):
        ControlPlane(tmp_path).start()
    assert gone(tmp_path)


@pytest.mark.soak
def test_a_port_taken_meanwhile_is_tried_again(tmp_path, monkeypatch):
    import emulator.control_plane.server as server  # noqa: PLC0415, PLR0402 - patched below

    real, taken = server._free_ports, []

    def first_taken(*arguments):
        ports = real(*arguments)
        if not taken:
            taken.append(server.socket.create_server(("127.0.0.1", ports[0])))
        return ports

    monkeypatch.setattr(server, "_free_ports", first_taken)
    try:
        with ControlPlane(tmp_path) as started:
            assert started.url
    finally:
        taken[0].close()


def test_without_binaries_it_says_what_to_run(tmp_path, monkeypatch):
    monkeypatch.setenv("SECURE_AKS_CACHE", str(tmp_path))
    unbuilt = ControlPlane()
    with pytest.raises(BuildError, match="make control-plane"):
        unbuilt.start()
    assert not unbuilt.folder.exists()


@pytest.mark.soak
def test_a_stopped_one_answers_no_more(control_plane):
    with ControlPlane() as other:
        client = other.client()
        assert other.url != control_plane.url
        with pytest.raises(ApiError, match="404"):
            client.get("/api/v1/namespaces/nowhere")
    with pytest.raises(OSError, match="refused"):
        client.get("/api/v1/namespaces")
    assert not other.folder.exists()
