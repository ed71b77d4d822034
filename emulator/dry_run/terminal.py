"""How a dry run looks: coloured in a terminal, plain lines elsewhere, one JSON document with `--json`."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, TextIO

from emulator.dry_run.report import note
from emulator.dry_run.text import plain, report_lines

if TYPE_CHECKING:
    from emulator.dry_run.report import Report

_LEAD = re.compile(r"[+>]?[ │├└─]*")
_BESIDE = str.maketrans("+>├└─", "  │  ")
"""The tree before a text, and how it runs on beside the text's further lines."""


class Terminal:
    """Shows one dry run on `out`."""

    def __init__(self, stack: str, out: TextIO, *, as_json: bool) -> None:
        """Look at `out`: NO_COLOR and TERM=dumb are respected."""
        self._stack, self._out, self._json = stack, out, as_json
        self._is_terminal = out.isatty() and not as_json and os.environ.get("TERM") != "dumb"

    def begin(self) -> None:
        """Say at once what this is."""
        if not self._json:
            self._out.write("\n".join((*note(), "", "")))
            self._out.flush()

    def finish(self, report: Report) -> None:
        """Show what came of it."""
        if self._json:
            self._out.write(json.dumps(report.to_json(self._stack), indent=2, default=str) + "\n")
        elif self._is_terminal:
            self._print(report)
        else:
            self._out.write("".join(plain(line) + "\n" for line in report_lines(report, self._stack)))
        self._out.flush()

    def _print(self, report: Report) -> None:
        from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
        from rich.text import Text  # noqa: PLC0415

        console = Console(file=self._out, highlight=False)
        for line in report_lines(report, self._stack, console.width):
            text = Text.assemble(*line)
            lead = _LEAD.match(text.plain)
            if lead and text.cell_len > console.width:
                stem, text = text.divide([lead.end()])
                first, *rest = text.wrap(console, max(console.width - lead.end() - 2, 20))
                beside = Text(f"{stem.plain.translate(_BESIDE)}  ", "dim")
                text = Text("\n").join([stem + first, *(beside + part for part in rest)])
            console.print(text, soft_wrap=True)
