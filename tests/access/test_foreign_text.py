"""Names, owners and reasons of a stack file in every form of the access table: text, and nothing else."""

import csv
import io
import re
from typing import Any

import pytest

from components.access.render import as_csv, as_markdown, as_text, platform_markdown
from components.access.table import AccessRow, PlatformRow

EVIL = (
    "a | b\n| c", "`code` | x", "</script><img src=x>", "[a](http://evil.example)", "\x1b[2J\x07\x9b", "\u202eder\u2066", "*a*\\",
    "=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)",
)  # fmt: skip
STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def rows(text: str):
    names: dict[str, Any] = dict.fromkeys(AccessRow._fields, text)
    names |= {"verbs": (text,), "resource_names": (text,)}
    row = AccessRow(**names)
    names = dict.fromkeys(PlatformRow._fields, text)
    names |= {"rights": ("read-secrets",), "roles": (text,), "images": (text,), "public_address": True}
    return [row], [PlatformRow(**names)]


@pytest.mark.parametrize("text", EVIL)
def test_nothing_steers_a_terminal_and_nothing_is_markup(text):
    access, platform = rows(text)
    for shown in (as_text(access, platform), as_csv(access, platform), platform_markdown(platform)):
        assert not STEERS.search(shown)
    plain = [len(re.findall(r"(?<!\\)\|", line)) for line in platform_markdown(rows("x")[1]).splitlines()]
    evil = platform_markdown(platform)
    assert [len(re.findall(r"(?<!\\)\|", line)) for line in evil.splitlines()] == plain
    owner = evil.splitlines()[2].split(" | ")[2]
    assert "<" not in owner
    assert not re.search(r"(?<!\\)[`\[*]", owner)
    assert "\n" not in as_markdown(access).splitlines()[2]
    assert len(as_markdown(access).splitlines()) == 3


@pytest.mark.parametrize("text", EVIL)
def test_a_spreadsheet_computes_no_cell(text):
    for line in csv.reader(io.StringIO(as_csv(*rows(text)))):
        assert not [cell for cell in line if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
