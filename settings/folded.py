"""Rows of text, folded to a terminal's width: what does not fit goes on below the row's last column.

Into a pipe or a file the width is 80, or what COLUMNS says.
"""

from __future__ import annotations

import re
import shutil
import textwrap

_LAST_COLUMN = re.compile(r".*(?<=\S)\s{2,}(?=\S)")
_PIPED = 80
"""Columns where there is no terminal."""
_NARROWEST = 2
"""Columns that a terminal is taken to have at least: some say 1 of themselves, and nothing is folded into none."""
_LEAST = 20
"""Characters that the last column has to have; with fewer the rest is only indented."""


def folded(text: str, columns: int | None = None) -> str:
    """Return lines that a terminal of so many columns (its own width unless given, 80 where there is none) shows whole; short ones stay as they are."""
    width = max(columns or shutil.get_terminal_size((_PIPED, 24)).columns, _NARROWEST) - 1
    lines = (_line(line, width) if len(line) > width else [line] for line in text.split("\n"))
    return "\n".join(part for parts in lines for part in parts)


def _line(line: str, width: int) -> list[str]:
    found = _LAST_COLUMN.match(line)
    hang = found.end() if found else 0
    if not found or hang > width - _LEAST:
        hang = len(line) - len(line.lstrip()) + 2
    return textwrap.wrap(
        line, width, subsequent_indent=" " * hang, break_long_words=False, break_on_hyphens=False
    )
