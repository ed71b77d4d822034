"""`kill -9` in the middle of an `up`, and the lock that goes with the process."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.emulator.helpers import ROOT

RUN = """
import sys, time, pathlib
from tests.emulator.helpers import Project, Service, ThingProvider
from emulator.dry_run.stack import EmulatedStack

folder = pathlib.Path(sys.argv[1])
service = Service()
{before}
EmulatedStack("dev", folder, providers={{"test": lambda: ThingProvider(service)}}).up()
"""
STOP = """
def stop():
    {then}
    (folder / "reached").touch()
    time.sleep(60)
service.before[{what!r}, {name!r}] = stop
"""
PROGRAM = """
a = Thing("a", {{"x": {0}}})
b = Thing("b", {{"id": "b-1", "of": a.made}})
Thing("c", {{"x": 1}}, pulumi.ResourceOptions(depends_on=[b]))
"""


@pytest.fixture
def killed(project):
    """Return what runs `up` in another process until it is about to do something, and kills it there."""

    def run(p, what, name, then="pass"):
        script = p.folder / "run.py"
        script.write_text(RUN.format(before=STOP.format(what=what, name=name, then=then)))
        process = subprocess.Popen(
            [sys.executable, str(script), str(p.folder)], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}
        )
        try:
            end = time.monotonic() + 60
            while not (p.folder / "reached").exists():
                assert process.poll() is None
                assert time.monotonic() < end
                time.sleep(0.02)
            assert f"locked by process {process.pid} (up since" in p.refused("up")
            said = p.stack().preview().stdout
            assert f"this is how far process {process.pid} (up since" in said
            assert "interrupted" not in said
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()

    return run


def pending(p):
    return {
        op["resource"]["urn"].rsplit("::", 1)[-1]: op["type"]
        for op in p.stack().export_stack().deployment.get("pending_operations", [])
    }


def test_a_create_that_had_not_come_through_is_done_again(project, killed):
    p = project(PROGRAM.format(1))
    killed(p, "create", "b")
    assert set(p.resources()) == {"demo-dev", "default", "a"}
    assert pending(p) == {"b": "creating"}
    p.service.things["a-1"] = {"x": 1, "filled": "in", "made": "made-a-1"}
    said = p.up().stdout
    assert "the last run on this stack was interrupted" in said
    assert "interrupted while creating it: it does not exist" in said
    assert set(p.service.things) == {"a-1", "b-1", "c-1"}
    assert pending(p) == {}
    assert set(p.ops().values()) == {"same"}


def test_a_create_that_had_come_through_is_taken_over(project, killed):
    p = project(PROGRAM.format(1))
    killed(p, "create", "b")
    p.service.things["a-1"] = {"x": 1, "filled": "in", "made": "made-a-1"}
    p.service.things["b-1"] = {"id": "b-1", "of": "made-a-1", "filled": "in", "made": "made-b-1", "more": 1}
    said = p.up().stdout
    assert "it exists and is taken over as it is" in said
    assert [entry for entry in p.service.log if entry[0] == "create"] == [("create", "c-1")]
    assert p.resources()["b"]["id"] == "b-1"
    assert "more" not in p.resources()["b"]["inputs"], "nobody asked for it"
    assert set(p.ops().values()) == {"same"}


def test_a_create_that_nobody_can_tell_about_is_said(project, killed):
    p = project(PROGRAM.format(1))
    killed(p, "create", "c")
    p.service.things |= {"a-1": {"made": "made-a-1"}, "b-1": {"made": "x"}}
    events = p.stack().preview().stdout
    assert "interrupted while creating it: if the service has it, delete it there" in events
    assert pending(p) == {"c": "creating"}, "a preview changes nothing"


def test_an_update_is_read_back(project, killed):
    p = project(PROGRAM.format(1))
    p.up()
    p.program(PROGRAM.format(2))
    killed(p, "update", "a")
    assert pending(p) == {"a": "updating"}
    assert p.ops()["a"] == "update", "it had not come through"
    p.service.things["a-1"] |= {"x": 2, "more": 1}
    assert p.ops() == {"a": "same", "b": "same", "c": "same"}
    p.up()
    assert pending(p) == {}
    assert p.resources()["a"]["inputs"] == {"filled": "in", "x": 2}, "nobody asked for more"


def test_a_delete_is_read_back(project, killed):
    p = project(PROGRAM.format(1))
    p.up()
    p.program('a = Thing("a", {"x": 1})')
    killed(p, "delete", "b")
    assert pending(p) == {"b": "deleting"}
    assert "c" not in p.resources()
    del p.service.things["b-1"]
    assert "b" not in p.ops()
    p.up()
    assert set(p.resources()) == {"demo-dev", "default", "a"}


def test_a_torn_last_line_of_the_journal_is_left_out(project, killed):
    p = project(PROGRAM.format(1))
    killed(p, "create", "c")
    journal = p.folder / ".emulator" / "dev.journal"
    journal.write_text(journal.read_text() + '{"put": {"urn": "urn:pulumi:dev::demo::x::y", "ty')
    assert {"a", "b"} <= set(p.resources())
    assert "y" not in p.resources()


def test_the_state_is_never_half_written(project):
    p = project(PROGRAM.format(1))
    p.up()
    files = sorted(f.name for f in (p.folder / ".emulator").iterdir())
    assert files == ["dev.history.jsonl", "dev.json", "dev.lock"]
    state = p.folder / ".emulator" / "dev.json"
    assert json.loads(state.read_text())["version"] == 3
    assert state.stat().st_mode & 0o077 == 0
