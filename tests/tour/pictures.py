"""The landing page's pictures: what the tour printed, drawn by rich as a terminal."""

from __future__ import annotations

import io
import re
from html import unescape
from textwrap import wrap
from typing import TYPE_CHECKING

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from .walk import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

FOLDER = ROOT / "docs/pictures"
PREVIEW, PLAN = "make preview", "./secure-aks upgrades plan --stack dev --to 1.36.2 --lab"
REFUSED = re.compile(
    r" *(✗|- \[mandatory\].*(legal-step|pod-privileged)|\[pod-privileged\]|error: |pool \w+ of \S+ goes down).*"
)
CHANGED = re.compile(r" [~+]  .*|Resources:|    ~ \d+ to update|    \d+ unchanged")
PRINTED = {
    "preview": (PREVIEW, 1, CHANGED),
    "refused": (PREVIEW, 2, REFUSED),
    "plan": (PLAN, 0, re.compile(r".*\S.*")),
}
"""A picture's command, which time of it on the tour, and the lines that it shows; left out are progress and outputs."""
COLOURS = (
    (r"mandatory|error:.*|✗|legal-step|pod-privileged", "bold red"),
    (r"^ ~ .*|~ \d+ to update|\S+ -> \S+", "yellow"),
    (r"^\$ .*", "bold cyan"),
    (r"\d+ unchanged", "green"),
    (r"^ {5}\S.*", "dim"),
)
WIDTH = 96


def lines(name: str, printed: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the lines of a picture, out of what the tour printed."""
    command, time, shows = PRINTED[name]
    # Where the clone lies is another place on each machine; not every font has the cross in colours.
    text = re.sub(r"\(local: \S*/(policies/\w+)\)", r"(local: \1)", printed[command][time]).replace(
        "❌", "✗ "
    )
    return [line.rstrip() for line in text.splitlines() if shows.fullmatch(line.rstrip())]


def draw(name: str, printed: Mapping[str, Sequence[str]]) -> Path:
    """Write a picture; return its file."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    for line in [f"$ {PRINTED[name][0]}", *lines(name, printed)]:
        indent = " " * (len(line) - len(line.lstrip()))
        text = Text(
            "\n".join(
                wrap(line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
            )
        )
        for pattern, style in COLOURS:
            text.highlight_regex(pattern, style)
        console.print(text)
    file = FOLDER / f"{name}.svg"
    svg = console.export_svg(title=f"Secure AKS: {name}", theme=MONOKAI, unique_id=f"secure-aks-{name}")
    # A page loads nothing from elsewhere: the fonts are those of the reader's machine.
    svg = re.sub(r"@font-face \{.*?\}\n?", "", svg, flags=re.DOTALL).replace(
        "Fira Code, monospace", "monospace"
    )
    file.write_text(re.sub(r"(?m)[ \t]+$", "", svg).rstrip() + "\n", encoding="utf-8")
    return file


def words(svg: str) -> list[str]:
    """Return the words of a picture, in the order of reading."""
    shown = [unescape(part) for part in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]
    return " ".join(shown).replace("\xa0", " ").split()


def stale(name: str, printed: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the lines of today's command that a picture has not got."""
    drawn = "".join(words((FOLDER / f"{name}.svg").read_text(encoding="utf-8")))
    return [line for line in lines(name, printed) if "".join(line.split()) not in drawn]
