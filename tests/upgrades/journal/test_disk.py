"""A disk that is full, read-only or gone with the process, at every write: the journal and the stack file are whole, one line tells."""

from __future__ import annotations

import os

import pytest

from tests.disk import failures
from tests.upgrades.files.test_edit import STACK, step
from tests.upgrades.journal.test_journal import now
from upgrades.engine.process import EngineRecord
from upgrades.files.edit import make
from upgrades.files.yaml_nodes import EditError
from upgrades.journal.file import Journal, read

EVENTS = ["started", "gates-passed", "edited", "up-started", "up-finished"]


def modes(folder):
    """The files and folders that somebody else may look into."""
    return [
        path.name
        for path in folder.rglob("*")
        if path.stat().st_mode & 0o077 and not path.name.startswith("Pulumi.dev.yaml")
    ]


@pytest.mark.parametrize("how", ["full", "read-only", "kill"])
def test_every_entry_that_was_written_is_there_and_the_next_run_goes_on(tmp_path, how):
    folder = tmp_path / "project"
    path, written = folder / ".upgrades" / "dev.jsonl", tmp_path / "written"

    def scenario():
        written.write_text("")
        with Journal(path, now) as journal:
            for event in EVENTS:
                try:
                    journal.write(event, why="because " * 20)
                except OSError:  # a rollout says that it stops: by then there may be room again
                    journal.write("stopped")
                    raise
                written.write_text(event)

    for _number, raised in failures(how, scenario, folder):
        assert raised is None or isinstance(raised, OSError)
        told = written.read_text()
        there = [entry["event"] for entry in read(path)]
        if how == "full" and isinstance(raised, OSError) and there[-1:] == ["stopped"]:
            assert there.pop()
        least = EVENTS.index(told) + 1 if told else 0
        assert there in (EVENTS[:least], EVENTS[: least + 1]), (
            "an entry that is on disk may not have been told of"
        )
        with Journal(path, now) as journal:
            journal.write("resumed")
        after = [entry["event"] for entry in read(path) if entry["event"] != "stopped"]
        assert after == [*there, "resumed"]
        assert modes(folder) == []


@pytest.mark.parametrize("how", ["full", "read-only", "kill"])
def test_a_journal_that_is_put_aside_is_there_once(tmp_path, how):
    folder = tmp_path / "project"
    path = folder / "dev.jsonl"

    def scenario():
        with Journal(path, now) as journal:
            journal.write("finished")
            journal.archive()
            journal.write("started")

    for _number, raised in failures(how, scenario, folder):
        assert raised is None or isinstance(raised, OSError)
        entries = [entry["event"] for file in sorted(folder.glob("*.jsonl")) for entry in read(file)]
        assert entries in ([], ["finished"], ["finished", "started"])


@pytest.mark.parametrize("how", ["full", "read-only", "kill"])
def test_the_stack_file_is_the_old_one_or_the_new_one(tmp_path, how):
    folder = tmp_path / "project"
    file = folder / "Pulumi.dev.yaml"
    after = STACK.replace("name: general\n      version: 1.34.7", "name: general\n      version: 1.35.7")

    def prepared():
        made = os.open(file, os.O_RDONLY | os.O_CREAT, 0o640)
        os.close(made)
        with file.open("w") as stream:
            stream.write(STACK)
        make(file, step("general"))

    for _number, raised in failures(how, prepared, folder):
        assert raised is None or isinstance(raised, EditError)
        assert raised is None or "Pulumi.dev.yaml: cannot be written: " in str(raised)
        assert file.read_text() in (STACK, after)
        assert raised is None or file.read_text() == STACK
        left = [path.name for path in folder.rglob("*") if path.is_file() and path != file]
        assert left in ([], ["Pulumi.dev.yaml.new"])
        assert how == "kill" or not left or how == "read-only"
        assert modes(folder) == []
        assert all(path.stat().st_mode & 0o777 in {0o600, 0o640} for path in folder.rglob("*.yaml*"))
        make(file, step("general"))
        assert file.read_text() == after


def test_a_damaged_record_of_an_engine_is_none(tmp_path):
    record = EngineRecord(tmp_path / "dev.engine")
    record.note(os.getpid())
    assert record.works()
    assert record.path.stat().st_mode & 0o777 == 0o600
    whole = record.path.read_bytes()
    for text in (
        b"",
        b"[1]",
        b"7",
        b"null",
        b"{}",
        b'{"host": 1}',
        b"\xff",
        b"[" * 5000,
        whole[: len(whole) // 2],
    ):
        record.path.write_bytes(text)
        assert not record.works()
    record.path.write_bytes(whole.replace(str(os.getpid()).encode(), b'"x"'))
    assert not record.works()
