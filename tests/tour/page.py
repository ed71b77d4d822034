"""A page as steps: what to run, what to edit, and what is shown then."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Step:
    """A fenced block: `sh` is run, `text` is shown by the run before it, `diff` and `python` are edits, `yaml` is the file that its first line names."""

    kind: str
    text: str
    line: int


def steps(page: Path, part: str = "") -> list[Step]:
    """Return the blocks of a page, or of its part below a heading, in order, with the lines that they stand on."""
    text = page.read_text(encoding="utf-8")
    begin = text.index(f"\n## {part}\n") if part else 0
    end = text.find("\n## ", begin + 1) if part else -1
    return [
        Step(found[1], found[2], text.count("\n", 0, found.start()) + 1)
        for found in _BLOCK.finditer(text, begin, len(text) if end < 0 else end)
    ]


def edit(folder: Path, diff: str) -> None:
    """Do what a `diff` block says: `--- file`, then lines as they stand after a space or `-`, and as they become after `+`."""
    head, *lines = diff.splitlines()
    file = folder / head.removeprefix("--- ")
    old, new = ("".join(f"{line[1:]}\n" for line in lines if line[0] in marks) for marks in (" -", " +"))
    text = file.read_text(encoding="utf-8")
    assert text.count(f"\n{old}") == 1, f"{file.name} has not once:\n{old}"
    file.write_text(text.replace(f"\n{old}", f"\n{new}"), encoding="utf-8")


def missing(shown: str, said: str) -> list[str]:
    """Return the lines of a `text` block that are not among the lines shown, in order; … stands for anything."""
    rest, gone = [line.strip() for line in shown.splitlines()], list[str]()
    for line in filter(None, map(str.strip, said.splitlines())):
        wanted = re.compile(r".*".join(re.escape(part.strip()) for part in line.split("…")))
        at = next((number for number, one in enumerate(rest) if wanted.fullmatch(one)), None)
        if at is None:
            gone.append(line)
        else:
            rest = rest[at + 1 :]
    return gone
