"""A journal that was damaged anywhere: refused by its line, or everything that was written to its end is still there."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.upgrades.journal.test_journal import STEP
from upgrades.journal.file import Journal, JournalDamagedError, read
from upgrades.journal.progress import State, progress
from upgrades.journal.record import record
from upgrades.render.html import report_page
from upgrades.render.report import as_data, as_markdown

MINUTES = count()
RESTORE = "restore the line, or put the file aside and plan again"
LEAVE = "leave the file as it is, and go on with that one"
REFUSAL = re.compile(
    rf"dev\.jsonl: line \d+( or one above it)? .*; ({RESTORE}|{LEAVE}) \(nothing was changed\)"
)


def now():
    return datetime(2026, 8, 1, 12, tzinfo=UTC) + timedelta(minutes=next(MINUTES))


def rollout(path):
    """Write what a rollout of one step writes, with a stop."""
    with Journal(path, now) as journal:
        journal.write(
            "started", format=1, steps=[STEP], soak=5, stack="dev", cluster="aks", target="1.35.7", by="me"
        )
        journal.write("gates-passed", index=0, gates=[])
        journal.write("stopped", why="Azure sagt nein: ✗", remedy="resume", gates=[])
        journal.write("resumed")
        journal.write("edited", index=0)
        journal.write("up-started", index=0, preview=["update AgentPool general"])
        journal.write("up-finished", index=0)
        journal.write("settled", index=0, gates=[])
        journal.write("step-finished", index=0)
        journal.write("finished")
    return path.read_bytes()


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return rollout(tmp_path_factory.mktemp("journal") / "dev.jsonl")


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("damaged") / "dev.jsonl"


def written(whole):
    return [{k: v for k, v in json.loads(line).items() if k != "sum"} for line in whole.splitlines()]


def used(path, data):
    """Read a journal as every command does; None where it is refused, in one line that names the line and a way on."""
    path.write_bytes(data)
    try:
        entries = read(path)
        at = progress(entries)
        found = record(entries)
    except JournalDamagedError as error:
        told = str(error)
        with pytest.raises(JournalDamagedError), Journal(path, now) as journal:
            progress(journal.entries)
        assert path.read_bytes() == data, "what is refused is not touched"
        assert REFUSAL.fullmatch(told)
        assert told.isprintable()
        return None
    if found:
        for form in (as_markdown, report_page, as_data):
            assert form(found)
    assert at.state in State
    return entries


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_changed_byte_anywhere(whole, path, data):
    place = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[place]))
    entries = used(path, whole[:place] + bytes([byte]) + whole[place + 1 :])
    assert entries is None or entries == written(whole)[: len(entries)]
    assert entries is None or len(entries) == len(written(whole)) or place == len(whole) - 1


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_bytes_put_in_anywhere(whole, path, data):
    place = data.draw(st.integers(0, len(whole)))
    more = data.draw(
        st.binary(min_size=1, max_size=5) | st.sampled_from([b"\n", b"{", b"}", b"\r", b'"', b"null\n"])
    )
    entries = used(path, whole[:place] + more + whole[place:])
    assert entries is None or entries == written(whole)


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_bytes_taken_out_anywhere(whole, path, data):
    start = data.draw(st.integers(0, len(whole) - 1))
    end = data.draw(st.integers(start + 1, len(whole)))
    rest = whole[:start] + whole[end:]
    entries = used(path, rest)
    if b'"sum"' not in rest:
        return  # all sums went: a journal of before them
    assert entries is None or entries == written(whole)[: len(entries)]
    if entries is not None and end < len(whole):
        assert len(entries) == len(written(whole)), "what stood behind the damage is dropped"


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_lines_moved_left_out_or_doubled(whole, path, data):
    lines = whole.splitlines(keepends=True)
    other = data.draw(st.lists(st.sampled_from(range(len(lines))), min_size=1, max_size=len(lines)))
    entries = used(path, b"".join(lines[number] for number in other))
    assert entries is None or other == list(range(len(other)))


def test_a_cut_keeps_every_whole_line_and_the_next_entry_tells_of_the_torn_one(whole, path):
    ends = [place for place in range(len(whole)) if whole[place : place + 1] == b"\n"]
    for place in sorted(
        {*range(0, len(whole), 23), *ends, *(end + 1 for end in ends), *(end - 1 for end in ends)}
    ):
        path.write_bytes(whole[:place])
        left = whole[:place].rpartition(b"\n")[2]
        ended = place == len(whole) or whole[place : place + 1] == b"\n"
        kept = whole[:place].count(b"\n") + (1 if left and ended else 0)
        with Journal(path, now) as journal:
            assert journal.entries == written(whole)[:kept]
            told = journal.write("resumed")
        assert ("torn" in told) is (bool(left) and not ended)
        assert len(read(path)) == kept + 1


def test_the_report_tells_of_a_torn_line(whole, path):
    path.write_bytes(whole[: whole.index(b'"up-started"')])
    with Journal(path, now) as journal:
        journal.write("resumed")
    found = record(read(path))
    assert found
    assert 'the line it was writing is dropped: {"seq": 6' in found.incidents[-1].text


def test_a_journal_of_before_the_sums_goes_on_with_them(whole, path):
    """And damage above the first sum is found all the same."""
    old = b"".join(json.dumps(entry).encode() + b"\n" for entry in written(whole)[:4])
    path.write_bytes(old)
    with Journal(path, now) as journal:
        assert len(journal.entries) == 4
        journal.write("edited", index=0)
    assert len(read(path)) == 5
    assert used(path, path.read_bytes().replace(b"1.34.7", b"1.33.7", 1)) is None


def test_a_line_in_the_middle_that_has_lost_its_sum(whole, path):
    lines = whole.splitlines(keepends=True)
    lines[4] = re.sub(rb', "sum": "\w+"', b"", lines[4])
    path.write_bytes(b"".join(lines))
    with pytest.raises(JournalDamagedError, match="line 5 is not as it was written"):
        read(path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": 2}, "line 1 is of the format 2, which another version of this tool wrote"),
        ({"format": [1]}, r"line 1 is of the format \[1\]"),
        ({"event": "paused"}, "line 1 tells of 'paused', which another version of this tool wrote"),
        ({"at": "0001-01-01T00:00:00+23:59"}, "line 1 cannot be used: at is no time"),
        ({"at": "9999-12-31T23:59:59-23:59"}, "line 1 cannot be used: at is no time"),
        ({"process": {"host": "h", "pid": "1; rm"}}, "line 1 cannot be used: process names no host and process id"),
        ({"soak": float("inf")}, "line 1 cannot be used: soak is no number"),
        ({"index": float("nan")}, "line 1 cannot be used: index is no whole number"),
        ({"why": ["\x1b[31m"]}, r"line 1 cannot be used: why is no text: \['.x1b\[31m'\]"),
    ],
)  # fmt: skip
def test_another_version_or_shape_is_named(path, change, words):
    entry = {
        "seq": 1,
        "at": "2026-08-01T12:00:00+00:00",
        "event": "started",
        "steps": [STEP],
        "soak": 0,
    } | change
    path.write_text(json.dumps(entry) + "\n")
    with pytest.raises(JournalDamagedError, match=words) as caught:
        progress(read(path))
    assert str(caught.value).isprintable()
    elsewhere = {"format", "event"} & change.keys()
    assert str(caught.value).endswith(f"; {LEAVE if elsewhere else RESTORE} (nothing was changed)")


def test_text_that_no_utf_8_has_comes_back(path):
    path.unlink(missing_ok=True)
    with Journal(path, now) as journal:
        written = journal.write("stopped", why="bytes: \udcff", remedy="\x1b[31m")
    assert read(path) == [written]
