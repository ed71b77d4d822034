"""What somebody else who may write the state put into a team's place: nobody gets in by it, and nothing is hidden by it."""

from __future__ import annotations

import json
import os
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.upgrades.journal.bucket import START
from upgrades.journal import place
from upgrades.journal.file import JournalBusyError, JournalDamagedError, read
from upgrades.journal.holder import SILENT
from upgrades.journal.holder import read as holder_of
from upgrades.journal.lease import Lease
from upgrades.journal.place import PlaceError
from upgrades.journal.shared import Shared, SharedJournal

NAME = "leases/00000001.json"
ME = {"host": os.uname().nodename, "pid": os.getpid(), "began": "1"}


class Place:
    """A team's folder, as each machine sees it."""

    def __init__(self, folder):
        self.folder, self.url = folder, f"file://{folder}/state"
        self.below = folder / "state" / ".upgrades" / "aks" / "dev"

    def journal(self, machine):
        store = place.opened(self.url, "aks", "dev", os.environ)
        file = self.folder / machine / "dev.jsonl"
        return SharedJournal(
            file, lambda: START, Shared(store, self.url), Lease(store, self.url, "dev", machine)
        )

    def put(self, name, data):
        path = self.below / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def passes(self):
        for path in self.below.rglob("*.json"):
            stamp = path.stat().st_mtime - SILENT.total_seconds()
            os.utime(path, (stamp, stamp))


@pytest.fixture
def shared(tmp_path):
    return Place(tmp_path)


FORGED = {
    "no JSON": b"{",
    "nothing": b"",
    "no text": b"\xff\xfe\x00",
    "deep": b"[" * 100_000,
    "a list": b"[1]",
    "a word": b'"free"',
    "null": b"null",
    "free in words": json.dumps({"by": "eve", "free": "yes"}).encode(),
    "free by number": json.dumps({"by": "eve", "free": 1}).encode(),
    "a process that is none": json.dumps({"by": "eve", "process": [1]}).encode(),
    "a process id that is a command": json.dumps({"process": {**ME, "pid": "1; rm -rf /"}}).encode(),
    "a process id past every one": json.dumps({"process": {**ME, "pid": 10**30}}).encode(),
    "a process id that is a truth": json.dumps({"process": {**ME, "pid": True}}).encode(),
    "a host that is none": json.dumps({"process": {"host": {}, "pid": 1}}).encode(),
    "what steers a terminal": json.dumps({"by": "eve\x1b[2J\r", "since": "\x07", "process": {"host": "\x1b]0;x\x07", "pid": 1}}).encode(),
    "a name without end": json.dumps({"by": "e" * 100_000}).encode(),
    "several lines": json.dumps({"by": "eve\nmend: rm -rf /"}).encode(),
    "a surrogate": b'{"by": "\\ud800", "since": 3}',
}  # fmt: skip


@pytest.mark.parametrize("data", FORGED.values(), ids=FORGED)
def test_a_forged_lease_is_waited_for_and_then_taken_over(shared, data):
    shared.put(NAME, data)
    with pytest.raises(JournalBusyError) as refused, shared.journal("anna"):
        pass
    told = str(refused.value)
    assert told.isprintable()
    assert len(told) < 1000
    assert re.match(
        r"dev: a rollout of this stack is held by (eve|eee|\\ud800|somebody \(what \S+ says cannot be read\))",
        told,
    )
    assert "this takes over from" in told
    shared.passes()
    with shared.journal("anna") as journal:
        journal.write("retry", what="one")
    assert [entry["what"] for entry in read(shared.folder / "anna" / "dev.jsonl")] == ["one"]


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=60) | st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["by", "process", "machine", "since", "free", "host", "pid", "began"]), inner, max_size=5),
).map(lambda value: json.dumps(value).encode()))  # fmt: skip
def test_whatever_a_lease_says_it_has_a_holder_who_is_named_in_a_line(data):
    found = holder_of(NAME, 1, data, START, START)
    assert str(found).isprintable()
    assert found.is_gone in {True, False}
    assert not found.is_free or json.loads(data)["free"] is True


@pytest.mark.parametrize(
    "name", ["README", "٣.json", "0000000000000009.json", "-1.json", "00000009.json.bak", "1e9.json"]
)
def test_another_name_is_no_lease(shared, name):
    shared.put(f"leases/{name}", b'{"by": "eve"}')
    with shared.journal("anna") as journal:
        assert journal._lease.number == 1
        journal.write("retry", what="one")


@pytest.mark.parametrize("number", ["99999999", "999999999", "9" * 40])
def test_a_lease_of_any_height_has_a_next_one(shared, number):
    shared.put(f"leases/{number}.json", b'{"by": "eve"}')
    shared.passes()
    with shared.journal("anna") as journal:
        assert journal._lease.number == int(number) + 1
        journal.write("retry", what="one")
    with shared.journal("ben") as journal:
        assert [entry["what"] for entry in journal.entries] == ["one"]


def test_a_copy_that_no_holder_wrote_hides_nothing(shared):
    with shared.journal("anna") as journal:
        journal.write("retry", what="one")
    before = (shared.folder / "anna" / "dev.jsonl").read_bytes()
    shared.put("copies/99999999.jsonl", b"")
    with (
        pytest.raises(
            PlaceError, match=r"copies/99999999\.jsonl was written by nobody .* take that object away"
        ),
        shared.journal("ben"),
    ):
        pass
    (shared.below / "copies" / "99999999.jsonl").unlink()
    shared.put("copies/zzz.jsonl", b"")
    with shared.journal("ben") as journal:
        assert [entry["what"] for entry in journal.entries] == ["one"]
    assert (shared.folder / "anna" / "dev.jsonl").read_bytes() == before


def test_an_ended_rollout_of_another_name_takes_no_files_place(shared):
    with shared.journal("anna") as journal:
        journal.write("retry", what="one")
        good = journal.path.read_bytes()
        for name in (
            "dev.jsonl",
            "dev.lock",
            "prod.20261123T090000Z.jsonl",
            "dev.evil.jsonl",
            "dev.jsonl.jsonl",
        ):
            shared.put(f"done/{name}", good)
        shared.put("done/dev.2026-11-23T090000Z.jsonl", good)
        journal._shared.fetch_aside(shared.folder / "ben", "dev")
    assert [path.name for path in (shared.folder / "ben").iterdir()] == ["dev.2026-11-23T090000Z.jsonl"]


def test_a_damaged_rollout_that_has_ended_is_named_and_not_brought_here(shared):
    with shared.journal("anna") as journal:
        shared.put("done/dev.2026-11-23T090000Z.jsonl", b"\xff\n")
        with pytest.raises(
            JournalDamagedError, match=r"file://.*done/dev\.2026\S+\.jsonl: line 1 is no JSON"
        ):
            journal._shared.fetch_aside(shared.folder / "ben", "dev")
    assert not (shared.folder / "ben").exists()
