"""Foreign text is text in every form of every report: no markup of HTML, Markdown, SARIF or a terminal, nothing that steers one."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from io import StringIO

import pytest

from tests.upgrades.check.test_forms import sample
from tests.upgrades.journal.test_journal import STEP, now
from upgrades.check.markdown import as_markdown as check_markdown
from upgrades.check.sarif import as_sarif
from upgrades.check.text import as_text
from upgrades.check.values import Check, Finding
from upgrades.commands.common import InertConsole
from upgrades.journal.file import Journal, read
from upgrades.journal.record import record
from upgrades.render.html import report_page
from upgrades.render.report import as_data, as_markdown

EVIL = (
    "<script>alert(1)</script>", "\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x07", "\x1b[2J\x00\x07\x9b31m", "[red]x[/red] [/bold]",
    "[a](http://evil.example) {0} {{ 7 * 7 }}", "' onmouseover='x", "</style><img src=x>", "\u202eder\u2066", "a\\",
)  # fmt: skip
STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Tags(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self, page):
        super().__init__()
        self.found = set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found |= {tag, *(f"{tag} {name}" for name, _ in attrs)}


def evil_record(tmp_path, text):
    path = tmp_path / "dev.jsonl"
    gate = {"code": "PDB001", "title": text, "level": text, "verdict": "fail", "ignored": []}
    gates = [gate | {"findings": [{"resource": text, "why": text, "remedy": text}]}]
    step = STEP | {"target": text, "reason": text, "cluster": text}
    with Journal(path, now) as journal:
        journal.write(
            "started", steps=[step], soak=0, stack=text, cluster=text, target=text, by=text, engine=text
        )
        journal.write("gates-passed", index=0, gates=gates)
        journal.write("up-started", index=0, preview=[text])
        journal.write("stopped", why=text, remedy=text, gates=gates)
    found = record(read(path))
    assert found
    return found


def evil_check(text):
    done = sample()
    report = done.reports[0]
    finding = Finding(report.findings[0].rule, "", text, text)
    cluster = replace(report.observed.cluster, name=text)
    observed = replace(report.observed, cluster=cluster, where=text)
    return Check(
        done.on, 60, done.catalog, [replace(report, observed=observed, findings=(finding,))], done.unseen
    )


def printed(*renderables):
    console = InertConsole(file=StringIO(), width=200, force_terminal=False)
    for item in renderables:
        console.print(item)
    return console.file.getvalue()  # pyright: ignore[reportAttributeAccessIssue]  # a StringIO


@pytest.mark.parametrize("text", EVIL)
def test_a_page_has_the_tags_of_any_other(tmp_path, text):
    page = report_page(evil_record(tmp_path / "evil", text))
    assert Tags(page).found == Tags(report_page(evil_record(tmp_path / "plain", "plain"))).found
    assert not STEERS.search(page)


@pytest.mark.parametrize("text", EVIL)
def test_markdown_and_terminal_and_sarif_are_steered_by_nothing(tmp_path, text):
    check = evil_check(text)
    for shown in (as_markdown(evil_record(tmp_path, text)), check_markdown(check), printed(as_text(check))):
        assert not STEERS.search(shown)
    (run,) = as_sarif(check)["runs"]
    for result in run["results"]:
        message = result["message"]["text"]
        assert not STEERS.search(message)
        assert not re.search(r"(?<!\\)\[[^\]\\]*\]\(", message), "an embedded link"
    assert json.dumps(as_data(evil_record(tmp_path / "data", text))).isascii()


def test_what_a_terminal_shows_of_foreign_text_is_the_text_itself():
    shown = printed(as_text(evil_check("[red]x[/red] \x1b[2J")))
    assert r"[red]x[/red] \u001b[2J" in shown
    assert printed("[bold]ours[/bold]") == "ours\n"


def test_our_own_styles_still_reach_a_terminal():
    console = InertConsole(file=StringIO(), width=80, force_terminal=True, color_system="standard")
    console.print("[red]ours[/red]", "\x1b[2J", highlight=False)
    assert console.file.getvalue() == "\x1b[31mours\x1b[0m \\u001b[2J\n"  # pyright: ignore[reportAttributeAccessIssue]
