"""The tour does what it shows, and the pictures are of what it prints today."""

from __future__ import annotations

import re

import pytest

from tests.lab_stack import LabStack

from .page import edit, missing
from .pictures import PRINTED, draw, stale, words
from .walk import TOUR, clone, walk


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    return walk(clone(tmp_path_factory.mktemp("tour")))


@pytest.mark.soak
def test_the_tour_word_for_word(printed):
    assert len(printed["make preview"]) == 3
    assert len(printed["make up"]) == 2
    assert list(printed)[-1] == "make destroy"


def test_its_count_is_that_of_the_shipped_stack(shipped_up):
    """In every run, so that a resource that is added is told here."""
    resources = LabStack("dev", shipped_up.folder).resources()
    made = len([one for one in resources if "::default" not in one["urn"]])  # providers that nobody declared
    said = re.findall(
        r"(?m)^    (?:[+-] )?(\d+) (to create|created|unchanged|deleted)$", TOUR.read_text("utf-8")
    )
    assert {what: int(count) for count, what in said} == {
        "to create": made, "created": made, "unchanged": made - 1, "deleted": made
    }  # fmt: skip


@pytest.mark.soak
@pytest.mark.parametrize("name", PRINTED)
def test_a_picture_is_of_today(printed, name):
    assert stale(name, printed) == [], "draw it anew: .venv/bin/python -m tests.tour"


def test_a_line_that_is_not_shown_is_found():
    shown = "one\n  two  and three\nfour\n"
    assert missing(shown, "one\ntwo … three\nfour\n") == []
    assert missing(shown, "one\n… three\n") == []
    assert missing(shown, "one\nfive\nfour\n") == ["five"]
    assert missing(shown, "four\none\n") == ["one"]  # not in this order


def test_an_edit_wants_its_lines_once(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text("x:\n  - name: a\n    version: 1\n  - name: b\n    version: 1\n")
    edit(tmp_path, "--- a.yaml\n   - name: b\n-    version: 1\n+    version: 2\n")
    assert file.read_text() == "x:\n  - name: a\n    version: 1\n  - name: b\n    version: 2\n"
    for wrong in ("-  - name: c\n", "-    nope\n"):
        with pytest.raises(AssertionError, match="has not once"):
            edit(tmp_path, f"--- a.yaml\n{wrong}+  x\n")


def test_a_picture_with_another_line_is_stale(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.tour.pictures.FOLDER", tmp_path)
    command, _, _ = PRINTED["plan"]
    before = {command: ["  1  control plane 1.35.6 -> 1.36.2   15 min\n"]}
    drawn = draw("plan", before).read_text()
    assert "1.36.2" in words(drawn)
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "").replace(
        "https://www.textualize.io", ""
    )
    assert stale("plan", before) == []
    assert stale("plan", {command: [before[command][0].replace("15", "16")]}) == [
        "  1  control plane 1.35.6 -> 1.36.2   16 min"
    ]
