"""States of the lab's backend that were damaged: one line with the file, the place and a way on, before the engine takes them for empty or ends in a panic."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from emulator.cloud.file import FileError
from emulator.engine.states import is_up, look_whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KEEPER = {"type": "passphrase", "state": {"salt": "v1:x"}}
NEW = {
    "version": 3,
    "checkpoint": {"stack": "organization/demo/dev", "latest": {"secrets_providers": KEEPER}},
}
"""What `pulumi stack init` writes, and `pulumi destroy` leaves."""


URN = "urn:pulumi:dev::demo::pulumi:pulumi:Stack::demo-dev"
_PROVIDER = "urn:pulumi:dev::demo::pulumi:providers:azure-native::default"
TREE = [
    {"urn": URN, "custom": False, "type": "pulumi:pulumi:Stack", "outputs": {"a": 1}},
    {"urn": _PROVIDER, "custom": True, "type": "pulumi:providers:azure-native", "id": "x"},
    {
        "urn": f"{URN}-group", "custom": True, "type": "azure-native:resources:ResourceGroup", "parent": URN,
        "provider": f"{_PROVIDER}::x", "dependencies": [URN], "propertyDependencies": {"a": None, "b": [URN]},
    },
]  # fmt: skip


def up() -> dict[str, Any]:
    gone = TREE[2] | {"delete": True}
    latest = NEW["checkpoint"]["latest"] | {"resources": [*TREE, gone]}  # type: ignore[index]
    return json.loads(json.dumps(NEW | {"checkpoint": {"latest": latest}}))


@pytest.fixture
def state(tmp_path: Path) -> Path:
    path = tmp_path / "my lab" / "backend" / ".pulumi" / "stacks" / "demo" / "dev.json"
    path.parent.mkdir(parents=True)
    return path


def told(state: Path) -> str:
    with pytest.raises(FileError) as raised:
        look_whole(state.parents[3])
    said = str(raised.value)
    assert said.isprintable()
    assert said.startswith(f"{state}: ")
    return said


def test_what_the_engine_writes_is_whole(state: Path) -> None:
    backend = state.parents[3]
    look_whole(backend)
    for written, has_resources in ((NEW, False), (up(), True)):
        state.write_text(json.dumps(written))
        look_whole(backend)
        assert is_up(backend, "dev") is has_resources
    assert not is_up(backend, "prod")


def _latest(**members: Any) -> Callable[[dict[str, Any]], None]:
    return lambda state: state["checkpoint"]["latest"].update(members)


def _first(**members: Any) -> Callable[[dict[str, Any]], None]:
    return lambda state: state["checkpoint"]["latest"]["resources"][0].update(members)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda state: state.update(version=99), "version: it has to be one of 3, 4"),
        (lambda state: state.update(version=None), "version:"),
        (lambda state: state.update(version=True), "version:"),
        (lambda state: state.pop("version"), "version:"),
        (lambda state: state.update(checkpoint={}), "checkpoint.latest:"),
        (lambda state: state.update(checkpoint=[]), "checkpoint:"),
        (lambda state: state["checkpoint"].update(latest=None), "checkpoint.latest: it has to be an object"),
        (_latest(secrets_providers=None), "checkpoint.latest.secrets_providers: it has to name"),
        (_latest(secrets_providers={}), "checkpoint.latest.secrets_providers:"),
        (_latest(secrets_providers=KEEPER | {"state": None}), "checkpoint.latest.secrets_providers:"),
        (_latest(resources=None), "checkpoint.latest.resources: it has to be a list"),
        (_latest(resources="x"), "checkpoint.latest.resources:"),
        (_latest(resources=[None]), "checkpoint.latest.resources[0]: it has to be an object"),
        (_latest(resources=[{"type": "x"}]), "checkpoint.latest.resources[0].urn: it has to name"),
        (_first(outputs=None), "checkpoint.latest.resources[0].outputs:"),
        (_first(custom=1), "checkpoint.latest.resources[0].custom:"),
        (_first(dependencies={}), "checkpoint.latest.resources[0].dependencies:"),
        (_first(urn=""), "checkpoint.latest.resources[0].urn:"),
        (_first(urn="x"), "checkpoint.latest.resources[0].urn:"),
        (_first(dependencies=[5]), "checkpoint.latest.resources[0].dependencies:"),
        (
            _first(parent=URN),
            "checkpoint.latest.resources[0].parent: it names a resource that is not before it",
        ),
        (_first(propertyDependencies={"a": [URN]}), "checkpoint.latest.resources[0].propertyDependencies:"),
        (_first(provider=f"{URN}::id"), "checkpoint.latest.resources[0].provider: no resource before it"),
        (_latest(resources=TREE[::-1]), "checkpoint.latest.resources[0].provider:"),
        (
            _latest(resources=TREE * 2),
            "checkpoint.latest.resources[3].urn: a resource before it has the same",
        ),
    ],
)
def test_another_shape_is_told_with_its_place(state: Path, change: Any, why: str) -> None:
    damaged = up()
    change(damaged)
    state.write_text(json.dumps(damaged))
    assert f"is no state of a stack ({why}" in told(state)


@pytest.mark.parametrize(
    "data",
    [b"", b"\0", b"\xff\xfe{\0", b"[1]", b"null", b"[" * 100_000, b'{"version": ' + b"9" * 9999 + b"}",
     json.dumps(up()).encode()[:100], json.dumps(up()).encode("utf-16"), b"\xef\xbb\xbf" + json.dumps(up()).encode()],
)  # fmt: skip
def test_what_is_no_json_of_a_state_is_told(state: Path, data: bytes) -> None:
    state.write_bytes(data)
    assert told(state).endswith(f"delete {shlex.quote(str(state.parents[4]))} to start the lab anew")


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_what_is_no_file_is_told_at_once(state: Path, make: Any) -> None:
    make(state)
    assert "cannot be read" in told(state)


def test_the_newest_whole_backup_is_the_way_on(state: Path) -> None:
    state.write_text("{")
    older = state.parents[2] / "backups" / "demo" / "dev"
    older.mkdir(parents=True)
    for time, text in ((1, json.dumps(NEW)), (2, json.dumps(up())), (3, "")):
        (older / f"dev.{time}.json").write_text(text)
    said = told(state)
    assert f"{shlex.quote(str(older / 'dev.2.json'))} {shlex.quote(str(state))}" in said
    subprocess.run(["sh", "-c", said.rpartition("put its newest backup back: ")[2]], check=True)
    look_whole(state.parents[3])
    assert is_up(state.parents[3], "dev")
