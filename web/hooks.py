"""What the site has beside docs/: the project's own pages from the root, and links to files of the repository as text."""

from __future__ import annotations

import posixpath
import re
from html import escape, unescape
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File

ROOT = Path(__file__).parents[1]
PAGES = {"CONTRIBUTING.md": "contributing.md", "SECURITY.md": "security.md", "CHANGELOG.md": "changelog.md"}
"""Pages of the root, and where they are on the site. The README is the repository's: the site begins with docs/README.md."""
HOME = {"README.md": "README.md"}
OWN = {"site.css": "site.css", "offline_worker.js": "iframe-worker.js"}
"""Files of this folder, and where they are on the site."""
ELSEWHERE = re.compile(
    r"""<(?:script|img|iframe|source|link(?![^>]*rel=.canonical))\b[^>]*\s(?:src|href)=["']?(?:https?:)?//[^>]*>"""
)
TABLE = re.compile(r"<table(?: data-cards)?>.*?</table>", re.DOTALL)
CELL = re.compile(r"<(t[hd])([^>]*)>(.*?)</t[hd]>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
PHONE = 38
"""Letters that a phone shows side by side. A column needs as many as its longest cell has, up to LONG, as longer ones wrap well, and its longest word."""
LONG = 18
PARAGRAPH = 150
"""Letters of a cell that beside another column is a tower."""
CODE = re.compile(r"<code>([^<]*)</code>")
SEAM = re.compile(r"(?<=[_/.:])(?=[A-Za-z_])|(?<=[a-z])(?=[A-Z])")
"""Where a name may go on in the next line: between its words."""
ROW = re.compile(r"(?m)^\|.*$")
NUMBERED = re.compile(r"^\d+\. .*\n(?:(?: {3,}.*)?\n)+", re.MULTILINE)
LINK = re.compile(r"\[([^\]]+)\]\(([^)#:\s]+)((?:#[^)\s]*)?)\)")


def on_files(files: Any, config: Any) -> Any:
    """Add the root's pages, the style sheet, and what the search needs in a folder."""
    for name, place in PAGES.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        files.append(File.generated(config, place, content=text))
    for name, place in OWN.items():
        text = (Path(__file__).parent / name).read_text(encoding="utf-8")
        files.append(File.generated(config, place, content=text))
    return files


def on_post_page(output: str, page: Any, **_: Any) -> str:
    """See that a page loads nothing from elsewhere. Raises ValueError, which ends the build."""
    if found := ELSEWHERE.search(output):
        raise ValueError(f"{page.file.src_uri}: {found[0]}: a page of the site loads nothing from elsewhere")
    return TABLE.sub(lambda found: _with_seams(found[0]), output)


def on_page_content(html: str, **_: Any) -> str:
    """Mark the tables that are too wide for a phone, and give each cell its column's name: there a row becomes a card."""
    return TABLE.sub(lambda found: _as_cards(found[0]), html)


def _with_seams(table: str) -> str:
    """Let long names in a table end their lines between words; after the search has read them."""
    return CODE.sub(lambda code: f"<code>{SEAM.sub('<wbr>', code[1])}</code>", table)


def _as_cards(table: str) -> str:
    rows = [CELL.findall(row) for row in table.split("</tr>") if "<t" in row]
    plain = [[TAG.sub("", text).strip() for _, _, text in row] for row in rows if row]
    columns = list(zip(*plain, strict=False))
    needs = [max(min(LONG, max(map(len, column))), _word(column)) for column in columns]
    if sum(needs) <= PHONE and max(len(text) for column in columns for text in column) <= PARAGRAPH:
        return table
    names = [escape(unescape(name), quote=True) for name in plain[0]]
    at = iter([name for _ in plain for name in names])

    def named(found: re.Match[str]) -> str:
        tag, more, text = found.groups()
        name = next(at, "")
        return f'<{tag}{more} data-label="{name}">{text}</{tag}>' if tag == "td" and name else found[0]

    return CELL.sub(named, table.replace("<table>", "<table data-cards>", 1))


def _word(column: Any) -> int:
    """Return how many letters the longest word of a column has, that goes on in no other line."""
    words = (word for text in column for word in re.split(r"[\s/-]", unescape(text)))
    return max((len(part) for word in words for part in SEAM.split(word)), default=0)


def _without_bars(row: re.Match[str]) -> str:
    """Take off the stroke before a bar within code: in a table a code host needs it, and Python's Markdown shows it."""
    return re.sub(r"`[^`]+`", lambda code: code[0].replace("\\|", "|"), row[0])


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Turn links as they are right in the repository into such as are right on the site."""
    place = page.file.src_uri
    here = "" if place in PAGES.values() else posixpath.join("docs", posixpath.dirname(place))

    def on_the_site(found: re.Match[str]) -> str:
        words, link, anchor = found.groups()
        target = posixpath.normpath(posixpath.join(here, link))
        if target.startswith("docs/") and target.endswith((".md", ".svg")):
            path = target.removeprefix("docs/")
        elif target in PAGES | HOME:
            path = (PAGES | HOME)[target]
        else:
            return f"{words} (`{target}`)" if words.strip("`") != target else f"`{target}`"
        start = posixpath.dirname(place) or "."
        return f"[{words}]({posixpath.relpath(path, start)}{anchor})"

    def turned(text: str) -> str:
        # What belongs to a numbered item is three spaces in; Python's Markdown wants four, and a line
        # between two items of several paragraphs; or it counts from 1 again.
        text = NUMBERED.sub(lambda item: re.sub(r"(?m)^   ", " " * 4, item[0]) + "\n", text)
        return ROW.sub(_without_bars, LINK.sub(on_the_site, text))

    parts = re.split(r"(^```.*?^```)", markdown, flags=re.DOTALL | re.MULTILINE)
    return "".join(part if part.startswith("```") else turned(part) for part in parts)
