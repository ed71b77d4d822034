"""The journal: nothing written is lost, a torn line is dropped, one holder at a time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upgrades.journal.file import Journal, JournalBusyError, JournalDamagedError, read
from upgrades.journal.progress import progress
from upgrades.journal.record import record
from upgrades.render.report import as_markdown

ROOT = Path(__file__).parents[3]


def now():
    return datetime(2026, 8, 1, 12, tzinfo=UTC)


LINE = '{"seq": 1, "at": "2026-08-01T12:00:00+00:00", "event": "noted"}\n'


def test_entries_come_back_in_order(tmp_path):
    path = tmp_path / "dev.jsonl"
    with Journal(path, now) as journal:
        journal.write("noted", parts=2)
        journal.write("finished")
    assert read(path) == [
        {"seq": 1, "at": "2026-08-01T12:00:00+00:00", "event": "noted", "parts": 2},
        {"seq": 2, "at": "2026-08-01T12:00:00+00:00", "event": "finished"},
    ]


def test_damage_in_the_middle_is_an_error_and_is_not_skipped(tmp_path):
    path = tmp_path / "dev.jsonl"
    path.write_text(LINE + 'nonsense\n{"seq": 3}\n')
    with pytest.raises(JournalDamagedError, match=r"dev.jsonl: line 2 is no JSON"):
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
        "from upgrades.journal.file import Journal\n"
        "with Journal(pathlib.Path(sys.argv[1]), lambda: datetime.datetime.now(datetime.UTC)) as journal:\n"
        "    journal.write('noted'); print('held', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(path)], cwd=ROOT, stdout=subprocess.PIPE) as child:
        assert child.stdout
        assert child.stdout.readline() == b"held\n"
        with pytest.raises(JournalBusyError, match=f"process {child.pid}"), Journal(path, now):
            pass
        child.send_signal(signal.SIGKILL)
    with Journal(path, now) as journal:
        assert [entry["event"] for entry in journal.entries] == ["noted"]


def test_a_finished_journal_is_put_aside(tmp_path):
    path = tmp_path / "dev.jsonl"
    with Journal(path, now) as journal:
        journal.write("finished")
        aside = journal.archive()
        journal.write("noted")
    assert [entry["event"] for entry in read(aside)] == ["finished"]
    assert [entry["event"] for entry in read(path)] == ["noted"]


def test_writing_without_holding_is_refused(tmp_path):
    with pytest.raises(ValueError, match="is not held"):
        Journal(tmp_path / "dev.jsonl", now).write("started")


STEP = {
    "stack": "dev", "cluster": "aks", "target": "general", "before": "1.34.7", "after": "1.35.7", "reason": "next",
    "expected": 30, "longest": 60, "addresses": 1, "cores": 8,
}  # fmt: skip


def started(**changes):
    return {
        "seq": 1,
        "at": "2026-08-01T12:00:00+00:00",
        "event": "started",
        "steps": [STEP],
        "soak": 0,
    } | changes


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (None, "line 1 is null and not an entry"),
        ([1], "line 1 is a list and not an entry"),
        (7, "line 1 is a number"),
        ("x", "line 1 is a text"),
        ({}, "names no event"),
        (started(event=3), "names no event"),
        (started(seq=2), "has seq 2 where 1 belongs"),
        (started(seq=None), "has seq None"),
        (started(at=None), "at is no time"),
        (started(at="2026-08-01T12:00:00"), "no time with a zone"),
        (started(steps=None), "steps is null and not a list"),
        (started(steps=2), "steps is a number and not a list"),
        (started(steps=[None]), r"steps\[0\] is null"),
        (started(steps=[{}]), r"steps\[0\]: 'expected' is missing"),
        (started(steps=[STEP | {"before": 1.35}]), r"steps\[0\]: before is no text: 1.35"),
        (started(steps=[STEP | {"before": "1.35"}]), "names no patch"),
        (started(steps=[STEP, STEP | {"longest": "60"}]), r"steps\[1\]: longest is no whole number"),
        (started(steps=[STEP | {"cores": True}]), "cores is no whole number"),
        (
            started(steps=[STEP | {"pool": {"version": "1.34.7", "name": "general", "nodes": "3"}}]),
            "pool.nodes is '3'",
        ),
        (started(steps=[STEP | {"pool": []}]), r"steps\[0\]"),
        (started(soak="x"), "soak is no number"),
        (started(index=-1), "index is no whole number"),
        (started(until="soon"), "cannot be used"),
        (started(baseline={"failing": 3}), "baseline"),
        (started(gates=[{"code": 1}]), "code is no text"),
        (started(preview=[1]), "preview holds something"),
        ({key: value for key, value in started().items() if key != "steps"}, "has no steps"),
    ],
)
def test_a_line_of_another_shape_is_named_and_nothing_is_lost(tmp_path, entry, words):
    path = tmp_path / "dev.jsonl"
    path.write_text(json.dumps(entry) + "\n")
    before = path.read_bytes()
    for look in (progress, record):
        with pytest.raises(JournalDamagedError, match=words) as caught:
            look(read(path))
        assert str(caught.value).startswith("dev.jsonl: line 1 ")
        assert "\n" not in str(caught.value)
    with pytest.raises(JournalDamagedError, match="line 1"), Journal(path, now) as journal:
        progress(journal.entries)
    assert path.read_bytes() == before


def test_a_whole_last_line_that_is_no_json_is_damage_and_no_torn_line(tmp_path):
    path = tmp_path / "dev.jsonl"
    path.write_text(LINE + "nonsense\n")
    with pytest.raises(JournalDamagedError, match="line 2 is no JSON"), Journal(path, now):
        pass
    assert path.read_text() == LINE + "nonsense\n"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None, max_examples=300)
@given(
    st.dictionaries(
        st.sampled_from([*started(), "until", "baseline", "gates", "preview", "index", "why"]),
        VALUES,
        max_size=3,
    )
)
def test_whatever_stands_in_a_line_it_is_used_or_refused_and_never_a_traceback(tmp_path_factory, changes):
    path = tmp_path_factory.mktemp("journal") / "dev.jsonl"
    path.write_text(json.dumps(started(**changes)) + "\n")
    entries = read(path)
    try:
        progress(entries)
        found = record(entries)
    except JournalDamagedError:
        return
    assert found is not None
    as_markdown(found)
