"""docs/first-cluster.md as data: the roles that it asks for, and what it says to do about a message."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

PAGE = (Path(__file__).parents[1] / "docs" / "first-cluster.md").read_text(encoding="utf-8")
ENTRA = "Entra"
"""What stands under *Where* for the directory."""
ON_ALL = ("the subscription", "the same", ENTRA)
"""How *Where* begins for what every stack takes."""


@dataclass(frozen=True)
class Right:
    """One row of the table of roles."""

    where: str
    role: str

    @property
    def settings(self) -> tuple[str, ...]:
        """The settings that name the things it is on, by how their paths end; none for the subscription and Entra."""
        return () if self.where.startswith(ON_ALL) else tuple(re.findall(r"`([\w.]+)`", self.where))


@dataclass(frozen=True)
class Trouble:
    """One row of *When a step fails*: the patterns of what it says, and what to do."""

    says: tuple[re.Pattern[str], ...]
    do: str


def table(header: str) -> list[list[str]]:
    """The rows of the table with this header."""
    lines = PAGE[PAGE.index(header) :].splitlines()[2:]
    end = next((number for number, line in enumerate(lines) if not line.startswith("|")), len(lines))
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[:end]]


def rights() -> list[Right]:
    """Who runs `up` has these, and no more."""
    rows = table("| Where | Role | Why |")
    above = ["" if where == "the same" else where for where, *_ in rows]
    filled = [where or above[number - 1] for number, where in enumerate(above)]
    return [Right(where, row[1]) for where, row in zip(filled, rows, strict=True)]


def permissions() -> list[str]:
    """The application permissions that a pipeline needs in Entra."""
    (entra,) = (right.role for right in rights() if right.where == ENTRA)
    return re.findall(r"Group\.[A-Za-z.]+[a-z]", entra)


def troubles() -> list[Trouble]:
    """What is said, in order, with what to do."""
    return [
        Trouble(
            tuple(
                re.compile(".*".join(re.escape(part.strip()) for part in text.split("...")), re.DOTALL)
                for text in re.findall(r"`(.*?)`", says)
            ),
            do,
        )
        for says, _, do in table("| What it says | What it is | What to do |")
    ]


def advice(message: str) -> str:
    """What the page says to do about a message: its first row that fits. Raises StopIteration where there is none."""
    return next(row.do for row in troubles() if any(pattern.search(message) for pattern in row.says))
