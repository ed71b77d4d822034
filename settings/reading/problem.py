"""What is wrong with a stack file, and the error that carries all of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from settings.words import shown

_MOST = 100
"""Problems that a terminal is shown; who has more mends these first."""
_LONGEST_PATH = 200


@dataclass(frozen=True)
class Problem:
    """One thing wrong: where (path in the stack file, and file and line where known), why, and what to write instead."""

    path: str
    why: str
    remedy: str
    file: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        heading = f"{self.path} ({place})" if place else self.path
        return f"{heading}\n    why:  {self.why}\n    mend: {self.remedy}"


class SettingsError(Exception):
    """The stack file is refused; `.problems` holds every reason."""

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        """Take the name of the stack file and what is wrong with it."""
        self.source = shown(source, _LONGEST_PATH)
        self.problems = tuple(map(_printable, problems))
        super().__init__(self.render())

    def render(self) -> str:
        """Return the whole list as text for a terminal."""
        count = len(self.problems)
        heading = f"{self.source} is refused: {count} problem{'s' if count > 1 else ''}"
        parts = [f"{n}. {problem}" for n, problem in enumerate(self.problems[:_MOST], 1)]
        if count > _MOST:
            parts.append(f"... and {count - _MOST} more; mend these first")
        return "\n\n".join([heading, *parts])

    def in_a_line(self) -> str:
        """Return the first problem, and how many come after it, in one line."""
        first, *others = self.problems
        more = f", and {len(others)} more" if others else ""
        place = f"{first.path}, line {first.line}" if first.line else first.path
        return f"{self.source} is refused: {place}: {first.why}; {first.remedy}{more}"


def _printable(problem: Problem) -> Problem:
    path = shown(problem.path, _LONGEST_PATH)
    return replace(problem, path=path, why=shown(problem.why), remedy=shown(problem.remedy))
