"""Every file that a command keeps: whatever the disk does at whichever write, what was there is there, or all of what is new."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from secure_aks_lifecycle.facts import catalog_file
from secure_aks_lifecycle.facts.catalog import SHIPPED
from secure_aks_lifecycle.facts.data_file import load_yaml
from secure_aks_lifecycle.whole_file import replace as whole

from emulator.cloud import file as cloud_file
from emulator.cloud.cloud import Cloud
from emulator.cloud.file import FileError
from settings.whole_file import write_whole
from tests.disk import How, failures
from tests.emulator.cloud.test_cloud import names, put
from tests.upgrades.files.test_edit import STACK, step
from upgrades.engine.process import EngineRecord
from upgrades.files.edit import make
from upgrades.files.yaml_nodes import EditError
from upgrades.journal import holds
from upgrades.journal.file import Journal, read

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
HOWS: list[How] = ["full", "read-only", "kill"]
OLD, NEW = "what was there\n", "what is new\n" * 500
AFTER = STACK.replace("name: general\n      version: 1.34.7", "name: general\n      version: 1.35.7")
CATALOG = load_yaml(SHIPPED, dict)


def now() -> datetime:
    return datetime(2026, 11, 23, tzinfo=UTC)


@dataclass(frozen=True)
class Kept:
    """A file that is kept: how it is written twice, what is in it, and what may be in it after a fault at any write of the second time."""

    first: Callable[[Path], object]
    second: Callable[[Path], object]
    there: Callable[[Path], object]
    before: object
    after: object
    name: str = "kept"
    private: bool = True
    aside: str = r"\.kept\.\w+"
    """What a killed process, or a disk that lets nobody delete, may leave beside it."""


def journalled(*events: str) -> Callable[[Path], object]:
    def write(path: Path) -> None:
        with Journal(path, now) as journal:
            for event in events:
                journal.write(event)

    return write


def held(path: Path) -> None:
    with Journal(path, now) as journal:
        journal.write(
            holds.HELD, pool="general", version="1.35.6", reason="it broke the disk driver", by="me"
        )


def lifted(path: Path) -> None:
    with Journal(path, now) as journal:
        journal.write(holds.LIFTED, pool="general", version="1.35.6", reason="the driver was mended", by="me")


def stack_file(path: Path) -> None:
    os.close(os.open(path, os.O_RDONLY | os.O_CREAT, 0o600))
    path.write_text(STACK)


def versions(path: Path) -> object:
    return load_yaml(path, lambda data: data["date"])


def lab(name: str) -> Callable[[Path], object]:
    return lambda path: put(Cloud(path), name)


def text(path: Path) -> object:
    return path.read_text() if path.exists() else None


KEPT: dict[str, Kept] = {
    "a journal": Kept(
        journalled("started"), journalled("edited", "finished"), lambda path: [e["event"] for e in read(path)],
        ["started"], ["started", "edited", "finished"], name="dev.jsonl", aside=r"dev\.lock",
    ),
    "a hold": Kept(held, lifted, lambda path: len(holds.standing_in(path)), 1, 0, name="dev.holds.jsonl", aside=r"dev\.holds\.lock"),
    "the record of an engine": Kept(
        lambda path: EngineRecord(path).note(1), lambda path: EngineRecord(path).note(os.getppid()),
        lambda path: f'"pid": {os.getppid()}' in path.read_text(), before=False, after=True,
    ),
    "versions in a stack file": Kept(
        stack_file, lambda path: make(path, step("general")), text, STACK, AFTER, name="Pulumi.dev.yaml", aside=r"Pulumi\.dev\.yaml\.new|\.upgrades",
    ),
    "the lab's state": Kept(lab("a"), lab("b"), lambda path: names(Cloud(path)), ["a"], ["a", "b"], name="cloud.json", aside=r"cloud\.json\..*|cloud\..*"),
    "a file of the lab": Kept(lambda path: cloud_file.replace(path, OLD), lambda path: cloud_file.replace(path, NEW), text, OLD, NEW, aside=r"kept\.\w+\.tmp"),
    "a report": Kept(lambda path: whole(path, OLD), lambda path: whole(path, NEW), text, OLD, NEW, private=False),
    "a page or schema": Kept(lambda path: write_whole(path, OLD), lambda path: write_whole(path, NEW), text, OLD, NEW, private=False),
    "the version catalog": Kept(
        lambda path: catalog_file.write(path, CATALOG), lambda path: catalog_file.write(path, CATALOG | {"date": date(2027, 1, 1)}),
        versions, CATALOG["date"], date(2027, 1, 1), private=False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("kept", KEPT.values(), ids=KEPT)
def test_what_was_there_is_there_or_all_that_is_new(tmp_path: Path, kept: Kept, how: How) -> None:
    begun, folder = tmp_path / "begun", tmp_path / "folder"
    begun.mkdir()
    kept.first(begun / kept.name)
    path = folder / kept.name

    def scenario() -> None:
        kept.second(path)

    for _number, raised in failures(how, scenario, folder, begun):
        assert raised is None or isinstance(raised, OSError | FileError | EditError | SystemExit)
        assert raised is None or "\n" not in str(raised)
        there = kept.there(path)
        assert there in (kept.before, kept.after) or begins(there, kept)
        others = [found.name for found in folder.rglob("*") if found != path]
        assert [
            name for name in others if not re.fullmatch(kept.aside, name) and not (begun / name).exists()
        ] == []
        if kept.private:
            assert [found.name for found in folder.rglob("*") if found.stat().st_mode & 0o077] == []
        else:
            assert how in {"kill", "read-only"} or others == []
        if there != kept.after and not begins(there, kept):
            kept.second(path)
            assert kept.there(path) == kept.after


def begins(there: object, kept: Kept) -> bool:
    """Whether it is a journal with the first of several new entries, each of which is whole."""
    before, after = kept.before, kept.after
    return (
        isinstance(there, list)
        and isinstance(before, list)
        and isinstance(after, list)
        and len(there) > len(before)
        and after[: len(there)] == there
    )


@pytest.mark.parametrize("write", [whole, write_whole])
def test_what_is_no_file_is_written_to_and_a_symlink_stays_one(
    tmp_path: Path, write: Callable[[Path, str], Any]
) -> None:
    """`--output /dev/stdout` of an administrator would put a file in its place."""
    pipe, said = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write(pipe, "text")
    said.append(os.read(reader, 10))
    os.close(reader)
    assert said == [b"text"]
    assert pipe.is_fifo()
    with pytest.raises((OSError, SystemExit), match="No such device or address"):  # nobody reads it any more
        write(pipe, "text")
    (tmp_path / "file").write_text("old")
    (tmp_path / "link").symlink_to("file")
    write(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text() == "new"
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "folder").mkdir()
    for wrong in ("loop", "folder"):
        with pytest.raises((OSError, SystemExit)):
            write(tmp_path / wrong, "new")


LAYERS = {
    "emulator/cloud/file.py", "policies/lifecycle/secure_aks_lifecycle/whole_file.py", "upgrades/files/whole.py", "upgrades/journal/file.py",
}  # fmt: skip
"""Where files are written, each of them above."""
OTHERS = {
    "policies/lifecycle/secure_aks_lifecycle/ending.py": "no file: the streams",
    "policies/security/secure_aks_security/ending.py": "no file: the streams",
    "policies/security/secure_aks_security/__main__.py": "a page of this repository, which git keeps",
    "emulator/control_plane/guard.py": "logs, and a lock without content",
    "emulator/control_plane/server.py": "an address that is read while its process lives",
    "emulator/control_plane/stack_cluster.py": "a marker, whose name says all",
    "emulator/engine/stacks.py": "in a temporary folder",
    "emulator/go_modules/module.py": "in a folder that is put in its place when it is whole",
    "policies/security/secure_aks_security/kept.py": "a cache beside Python's bytecode, put in its place when it is whole",
    "cli/adopt/command.py": "in a temporary folder",
    "emulator/entra/kubelogin.py": "written anew where it is not as it should be",
    "upgrades/session/journals.py": "a marker, whose name says all",
}
_WRITES = re.compile(
    r"""\.write_(text|bytes)\(|\.touch\(|os\.open\([^)]*O_(WRONLY|RDWR)|\bopen\([^)]*["'][wax]b?\+?["']|mkstemp"""
)


def test_no_file_is_written_in_another_way() -> None:
    rooms = ("settings", "components", "policies", "upgrades", "cli", "emulator")
    writing = {
        path.relative_to(ROOT).as_posix()
        for room in rooms
        for path in (ROOT / room).rglob("*.py")
        if _WRITES.search(path.read_text(encoding="utf-8"))
    }
    assert writing == LAYERS | OTHERS.keys()
