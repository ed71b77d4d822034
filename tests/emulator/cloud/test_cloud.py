"""The cloud's file: all of a change or nothing of it, for several threads and several processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from emulator.cloud.clock import now
from emulator.cloud.cloud import Cloud, CloudFileError
from emulator.cloud.events import record
from emulator.cloud.file import stamp
from emulator.errors import UsageError

ROOT = Path(__file__).parents[3]


def put(cloud: Cloud, name: str, value: int = 0) -> None:
    with cloud.change() as state:
        state.put(f"/things/{name}", "thing", name, {"value": value})
        record(state, "created", f"/things/{name}")


def names(cloud: Cloud) -> list[str]:
    return [r.name for r in cloud.of_type("thing")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "cloud.json"


def test_what_is_put_is_there_for_the_next_process(path: Path) -> None:
    put(Cloud(path), "a")
    other = Cloud(path)
    put(other, "b")
    assert names(other) == ["a", "b"]
    assert [(e["serial"], e["name"]) for e in other.events()] == [(1, "a"), (2, "b")]


def test_a_cloud_sees_what_another_one_wrote(path: Path) -> None:
    one, two = Cloud(path), Cloud(path)
    assert names(two) == []
    put(one, "a")
    assert names(two) == ["a"]
    put(two, "b")
    assert names(one) == ["a", "b"]


@pytest.mark.parametrize("stored", [True, False])
def test_a_change_that_raises_did_not_happen(path: Path, stored: bool) -> None:  # noqa: FBT001 - a case
    cloud = Cloud(path if stored else None)
    put(cloud, "a")

    def fail() -> None:
        with cloud.change() as state:
            state.put("/things/b", "thing", "b", {})
            state.resources["/things/a"].properties["value"] = 9
            record(state, "created", "/things/b")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert names(cloud) == ["a"]
    assert cloud.of_type("thing")[0].properties == {"value": 0}
    assert [e["name"] for e in cloud.events()] == ["a"]
    put(cloud, "c")
    assert [e["name"] for e in cloud.events()] == ["a", "c"]


def test_what_is_read_is_a_copy(path: Path) -> None:
    cloud = Cloud(path)
    put(cloud, "a")
    found = cloud.get("/THINGS/A")
    assert found is not None
    found.properties["value"] = 9
    assert cloud.of_type("thing")[0].properties == {"value": 0}


def test_a_kill_between_the_log_and_the_state(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud = Cloud(path)
    put(cloud, "a")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("emulator.cloud.file.replace", die)
        with pytest.raises(KeyboardInterrupt):
            put(cloud, "b")
    assert len((path.parent / "cloud-events.jsonl").read_text().splitlines()) == 2
    fresh = Cloud(path)
    assert names(fresh) == ["a"]
    assert [e["name"] for e in fresh.events()] == ["a"]
    put(fresh, "c")
    assert [(e["serial"], e["name"]) for e in fresh.events()] == [(1, "a"), (2, "c")]


def test_a_kill_while_the_state_is_written(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud = Cloud(path)
    put(cloud, "a")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("emulator.cloud.file.os.replace", die)
        with pytest.raises(KeyboardInterrupt):
            put(cloud, "b")
    assert names(Cloud(path)) == ["a"]
    assert sorted(p.name for p in path.parent.iterdir()) == [
        "cloud-events.jsonl",
        "cloud.json",
        "cloud.json.lock",
    ]


WRITER = """
import sys
from pathlib import Path
from emulator.cloud.cloud import Cloud
from emulator.cloud.events import record
cloud = Cloud(Path(sys.argv[1]))
for i in range(int(sys.argv[3])):
    name = f"{sys.argv[2]}{i:05d}"
    with cloud.change() as state:
        state.put(f"/things/{name}", "thing", name, {"padding": "x" * 2000})
        record(state, "created", f"/things/{name}")
    if i == 0:
        print("started", flush=True)
"""


def writer(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", WRITER, str(path), name, str(count)]
    return subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_two_processes_lose_nothing_of_each_other(path: Path) -> None:
    children = [writer(path, name, 40) for name in "ab"]
    for child in children:
        child.communicate()
        assert child.returncode == 0
    cloud = Cloud(path)
    assert names(cloud) == sorted(f"{n}{i:05d}" for n in "ab" for i in range(40))
    assert [e["serial"] for e in cloud.events()] == list(range(1, 81))
    assert sorted(e["name"] for e in cloud.events()) == names(cloud)


@pytest.mark.parametrize("attempt", range(4))
def test_a_process_killed_at_any_moment_leaves_a_whole_cloud(path: Path, attempt: int) -> None:
    child = writer(path, "a", 100_000)
    assert child.stdout is not None
    child.stdout.readline()
    threading.Event().wait(0.05 + attempt * 0.013)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    cloud = Cloud(path)
    there = names(cloud)
    assert there == [f"a{i:05d}" for i in range(len(there))]
    assert [e["name"] for e in cloud.events()] == there
    put(cloud, "z")
    assert names(cloud)[-1] == "z"
    assert cloud.events()[-1]["serial"] == len(there) + 1


def test_threads_take_turns(path: Path) -> None:
    cloud = Cloud(path)
    threads = [threading.Thread(target=put, args=(cloud, f"t{i:02d}")) for i in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names(cloud) == [f"t{i:02d}" for i in range(20)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"schema": 2}',
        '{"schema": 1}',
        json.dumps({"schema": 1, "resources": {"a": {"x": 1}}}),
    ],
)
def test_a_file_that_is_no_cloud(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(CloudFileError, match=r"cloud\.json: not a cloud .*delete it to start anew"):
        Cloud(path).of_type("thing")


def test_settings_and_faults_are_kept(path: Path) -> None:
    Cloud(path).configure(skew_minors=3)
    assert Cloud(path).view().settings.skew_minors == 3
    with pytest.raises(TypeError):
        Cloud(path).configure(unknown=1)


def test_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    for said, shown in (
        ("2026-11-23", "2026-11-23T00:00:00+00:00"),
        ("2026-11-23T10:00:00+02:00", "2026-11-23T08:00:00+00:00"),
    ):
        monkeypatch.setenv("SECURE_AKS_CLOCK", said)
        assert now().isoformat() == shown
    monkeypatch.setenv("SECURE_AKS_CLOCK", "tomorrow")
    with pytest.raises(UsageError, match="SECURE_AKS_CLOCK: 'tomorrow' is not an ISO date"):
        now()
    monkeypatch.delenv("SECURE_AKS_CLOCK")
    assert now().tzinfo is not None


def test_lock_and_log_names_are_beside_the_file(path: Path) -> None:
    put(Cloud(path), "a")
    assert Cloud(path).events()[0]["name"] == "a"
    assert stamp(path.with_name("nothing")) is None


def test_who_looks_sees_one_state_whatever_happens_meanwhile(path: Path) -> None:
    cloud = Cloud(path)
    put(cloud, "a")
    seen = cloud.view()
    with cloud.change() as state:
        state.put("/things/b", "thing", "b", {})
        state.resources["/things/a"].properties["value"] = 9
        assert [r.name for r in cloud.view().of_type("thing")] == ["a"]
    assert [(r.name, r.properties) for r in seen.of_type("thing")] == [("a", {"value": 0})]
    assert names(cloud) == ["a", "b"]
