"""A line of the effective stack file: a value, and behind it where it was said; folded where it has to be, which YAML reads alike."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass

_COLUMN = 52
_HEAD = re.compile(r'( *)(?:- )?(?:"(?:[^"\\]|\\.)*"|[^\s"]+):(?= |$)')
"""What stays on one line: YAML reads no key that goes on below."""
_BETWEEN_WORDS = re.compile(r"(?<=\S) (?=\S)")
"""Where a value may go on below: YAML makes one space of it, so not between two."""
_NARROWEST = 2
"""Columns that a terminal is taken to have at least: some say 1 of themselves."""
_LEAST = 20
"""Columns that the values have beside the places, however narrow the terminal is."""


@dataclass(frozen=True)
class Line:
    """A line, whether anybody said it, and where."""

    text: str
    said: bool
    place: str = ""

    @property
    def behind(self) -> str:
        """What stands behind the value."""
        return f"  # {self.place}" if self.place else ""

    def shown(self, room: int, column: int) -> str:
        """Return it with its place from that column on: on one line where there is room, else folded, the place below."""
        text, behind = self.text if self.said else f"#{self.text[1:]}", self.behind
        whole = f"{text:<{column}}{behind}" if behind else text
        if len(whole) <= room:
            return whole
        lines = self._folded(text, room)
        if behind and len(f"{lines[-1]:<{column}}{behind}") > room:
            lines.append("")
        return "\n".join([*lines[:-1], f"{lines[-1]:<{column}}{behind}" if behind else lines[-1]])

    def _folded(self, text: str, room: int) -> list[str]:
        head = _HEAD.match(self.text)
        if not head or not self.text[head.end() :].strip():
            return [text]
        below = f"{' ' if self.said else '#'}{' ' * (len(head[1]) + 3)}"
        lines = [text[: head.end()]]
        for word in _BETWEEN_WORDS.split(text[head.end() + 1 :]):
            if len(lines[-1]) + 1 + len(word) > room:
                lines.append(f"{below}{word}")
            else:
                lines[-1] += f" {word}"
        return lines


def as_text(lines: list[Line], columns: int | None = None) -> str:
    """Return lines as so many columns show them whole; without columns each keeps to itself."""
    room = max(columns, _NARROWEST) - 1 if columns else sys.maxsize
    column = max(min(_COLUMN, room - max((len(line.behind) for line in lines), default=0)), _LEAST)
    return "".join(f"{line.shown(room, column)}\n" for line in lines)
