"""The built site in a real browser, on a phone and on a desk: nothing is wider than the window, and no word of a table breaks within."""

from __future__ import annotations

import subprocess

import pytest

from tests.adoption.workflows import ROOT
from tests.upgrades.browser import Browser

BROKEN = """
(() => {
  const found = [], range = document.createRange();
  for (const cell of document.querySelectorAll("article table:not([class]) :is(td, th)")) {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    for (let text; (text = texts.nextNode());)
      for (const word of text.data.matchAll(/[A-Za-z0-9]+/g)) {
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map(at => Math.round(at.top))).size > 1) found.push(word[0]);
      }
  }
  return found;
})()
"""
WIDER = """
[...document.querySelectorAll("article table:not([class])")]
  .filter(table => table.scrollWidth > table.parentElement.clientWidth + 1)
  .map(table => table.innerText.slice(0, 80))
"""


@pytest.mark.soak
def test_every_page_reads_on_a_phone_and_on_a_desk(tmp_path):
    subprocess.run(["make", "--silent", "site"], cwd=ROOT, check=True)
    pages = sorted((ROOT / ".cache/site/html").rglob("*.html"))
    assert len(pages) > 40
    with Browser(tmp_path) as browser:
        for width, height, mobile in ((390, 844, True), (768, 1024, True), (1280, 900, False)):
            for page in pages:
                browser.open(page.as_uri(), width, height, mobile=mobile)
                at = f"{page.name} at {width}"
                assert browser.ask("document.documentElement.scrollWidth") <= width, at
                assert (browser.ask(BROKEN), browser.ask(WIDER)) == ([], []), at
