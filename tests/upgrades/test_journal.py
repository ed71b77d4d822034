"""The journal: nothing written is lost, a torn line is dropped, one holder at a time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upgrades.journal import Journal, JournalBusyError, JournalDamagedError, read

ROOT = Path(__file__).parents[2]


def now():
    return datetime(2026, 8, 1, 12, tzinfo=UTC)


def test_entries_come_back_in_order(tmp_path):
    path = tmp_path / "dev.jsonl"
    with Journal(path, now) as journal:
        journal.write("started", steps=2)
        journal.write("finished")
    assert read(path) == [
        {"seq": 1, "at": "2026-08-01T12:00:00+00:00", "event": "started", "steps": 2},
        {"seq": 2, "at": "2026-08-01T12:00:00+00:00", "event": "finished"},
    ]


@given(cut=st.integers(0, 200))
def test_a_cut_at_any_byte_loses_at_most_the_torn_line(tmp_path_factory, cut):
    path = tmp_path_factory.mktemp("journal") / "dev.jsonl"
    with Journal(path, now) as journal:
        for number in range(4):
            journal.write("step", number=number)
    whole = path.read_bytes()
    path.write_bytes(whole[: min(cut, len(whole))])
    kept = path.read_bytes().count(b"\n")
    with Journal(path, now) as journal:
        assert [entry["number"] for entry in journal.entries] == list(range(kept))
        journal.write("resumed")
    assert [entry["seq"] for entry in read(path)] == list(range(1, kept + 2))


def test_damage_in_the_middle_is_an_error_and_is_not_skipped(tmp_path):
    path = tmp_path / "dev.jsonl"
    path.write_text('{"seq": 1}\nnonsense\n{"seq": 3}\n')
    with pytest.raises(JournalDamagedError, match=r"dev.jsonl: line 2"):
        read(path)


def test_a_second_holder_is_refused_and_told_who_holds_it(tmp_path):
    path = tmp_path / "dev.jsonl"
    with (
        Journal(path, now),
        pytest.raises(JournalBusyError, match=f"process {os.getpid()}"),
        Journal(path, now),
    ):
        pass
    with Journal(path, now):
        pass


def test_a_killed_holder_lets_the_next_one_in(tmp_path):
    path = tmp_path / "dev.jsonl"
    code = (
        "import sys, time, datetime, pathlib\n"
        "from upgrades.journal import Journal\n"
        "with Journal(pathlib.Path(sys.argv[1]), lambda: datetime.datetime.now(datetime.UTC)) as journal:\n"
        "    journal.write('started'); print('held', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(path)], cwd=ROOT, stdout=subprocess.PIPE) as child:
        assert child.stdout
        assert child.stdout.readline() == b"held\n"
        with pytest.raises(JournalBusyError, match=f"process {child.pid}"), Journal(path, now):
            pass
        child.send_signal(signal.SIGKILL)
    with Journal(path, now) as journal:
        assert [entry["event"] for entry in journal.entries] == ["started"]


def test_a_finished_journal_is_put_aside(tmp_path):
    path = tmp_path / "dev.jsonl"
    with Journal(path, now) as journal:
        journal.write("finished")
        aside = journal.archive()
        journal.write("started")
    assert [entry["event"] for entry in read(aside)] == ["finished"]
    assert [entry["event"] for entry in read(path)] == ["started"]


def test_writing_without_holding_is_refused(tmp_path):
    with pytest.raises(ValueError, match="is not held"):
        Journal(tmp_path / "dev.jsonl", now).write("started")
