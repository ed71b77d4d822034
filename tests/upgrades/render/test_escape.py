"""Foreign text in Markdown is shown as text: a real Markdown reader finds no image, link, emphasis, heading or table in it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.upgrades.builders import TODAY, catalog, cluster, pool, v
from upgrades.plan.planner import plan
from upgrades.plan.waves.schedule import schedule
from upgrades.render.change_text import pull_request
from upgrades.render.escape import cell
from upgrades.render.markdown import as_markdown

EVIL = "![p](http://evil.example/x.png)"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (EVIL, "!\\[p\\](http&#58;//evil.example/x.png)"),
        ("[a](javascript:alert(1))", "\\[a\\](javascript:alert(1))"),
        ("<img src=x onerror=y>", "&lt;img src=x onerror=y>"),
        ("**bold** _soft_ ~~gone~~", "\\*\\*bold\\*\\* \\_soft\\_ \\~\\~gone\\~\\~"),
        ("max_surge of pool_a", "max_surge of pool_a"),
        ("a|b\nc\r\nd", "a\\|b c d"),
        ("# head", "\\# head"),
        ("- item", "\\- item"),
        ("1. item", "1\\. item"),
        ("&lt;b&gt; &#60; a & b", "&amp;lt;b&amp;gt; &amp;#60; a & b"),
        ("www.evil.example", "www&#46;evil.example"),
        ("ask @everyone", "ask &#64;everyone"),
        ("run `kubectl get <x> | less`", "run `kubectl get <x> \\| less`"),
        ("a lone ` and " + EVIL, "a lone \\` and !\\[p\\](http&#58;//evil.example/x.png)"),
        ("1.34.7 to 1.35.7", "1.34.7 to 1.35.7"),
    ],
)
def test_each_kind_of_markup_is_text(text, shown):
    assert cell(text) == shown


@given(st.text(alphabet="ab`!*[]()<>_~|#\\&@:/. \n", max_size=40))
def test_outside_of_code_no_mark_is_left_unescaped(text):
    shown = cell(text)
    assert "\n" not in shown
    outside, at = "", 0
    while at < len(shown):  # what a reader of CommonMark sees, character by character
        if shown[at] == "\\" and at + 1 < len(shown):
            at += 2
            continue
        if shown[at] == "`":
            run = len(shown[at:]) - len(shown[at:].lstrip("`"))
            end = shown.find("`" * run, at + run)
            assert end > 0, "a backtick that opens nothing is escaped"
            at = end + run
            continue
        outside += shown[at]
        at += 1
    assert not set(outside) & set("*[]~|<")


def test_a_plan_shows_foreign_names_and_reasons_as_text():
    here = replace(cluster(pools=[pool(EVIL)]), name=EVIL, stack="a](http://x)", subscription=EVIL)
    made = plan(here, v("1.35.7"), catalog(), TODAY)
    text = as_markdown([made], schedule([made]), datetime(2026, 8, 1, tzinfo=UTC), by=EVIL)
    prose = text.split("```")[0] + text.split("```")[2]
    assert "![" not in prose
    assert re.search(r"(?<!\\)\]\(", prose) is None
    assert "http://" not in prose


def test_so_does_the_text_of_a_pull_request():
    here = replace(cluster(pools=[pool(EVIL, "1.33.7")]), name="a` ![x](http://y)", stack=EVIL)
    text = pull_request(plan(here, v("1.35.7"), catalog(), TODAY))
    assert "``a` ![x](http://y)``" in text, "code stays code"
    assert f"`{EVIL}`" in text
    assert "![" not in text.replace("``a` ![x](http://y)``", "").replace(f"`{EVIL}`", "")
    assert "- Also changes: the nodes move from Ubuntu 22.04 to 24.04" in pull_request(
        plan(cluster("1.35.7", [pool()]), v("1.35.7"), catalog(), TODAY)
    )
