"""The lines of a journal's file: sealed, so that one that was changed, moved, left out or put in is told from those that were written.

Each line ends with a sum over itself and all bytes before it. Lines without one, of an older version, are taken as they are for as
long as none with one stands above them.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from settings.words import shown

if TYPE_CHECKING:
    from pathlib import Path

Entry = dict[str, Any]
"""One line: `seq` (from 1), `at` (ISO time, UTC), `event`, and what the event carries."""

_SEAL = re.compile(rb'(\{.*), "sum": "([0-9a-f]{16})"\}', re.DOTALL)


_HOLDS = "holds/"
_RESTORE = "restore the line, or put the file aside and plan again"
_RESTORE_HOLDS = "restore the line: without the file, plans take again what rollbacks hold"


def called(path: Path) -> str:
    """Return what messages call a journal's file: by its name; one of holds, which has the name of the rollout's, in its folder."""
    return f"{_HOLDS if path.parent.name == _HOLDS[:-1] else ''}{path.name}"


class JournalDamagedError(Exception):
    """A whole line of the journal cannot be used; the message names the line, what is wrong with it, and what to do."""

    def __init__(
        self,
        name: str,
        line: int | str,
        wrong: str,
        remedy: str = "",
    ) -> None:
        """Name the file, as `called` does, the line counted from 1, and what is wrong with it."""
        wrong = " ".join(shown(wrong).splitlines())
        remedy = remedy or (_RESTORE_HOLDS if name.startswith(_HOLDS) else _RESTORE)
        super().__init__(f"{name}: line {line} {wrong}; {remedy} (nothing was changed)")


class Entries(list[Entry]):
    """The lines of a journal, with the name of its file for messages."""

    def __init__(self, name: str) -> None:
        """Begin with none."""
        super().__init__()
        self.name = name


def kind_of(value: object) -> str:
    """Name the kind of a JSON value, for a message."""
    names = ((list, "a list"), (str, "a text"), (bool, "a truth value"), ((int, float), "a number"))
    return next((name for kind, name in names if isinstance(value, kind)), "a mapping" if value else "null")


class Chain:
    """The sum over the lines so far."""

    def __init__(self) -> None:
        self._so_far = hashlib.sha256()

    def sealed(self, entry: Entry) -> bytes:
        """Return an entry as the next line, with its sum and its end."""
        # A lone surrogate, which UTF-8 has no bytes for, becomes JSON's escape of it.
        body = json.dumps(entry, ensure_ascii=False)[:-1].encode("utf-8", "backslashreplace")
        return body + b', "sum": "' + self._sum(body) + b'"}\n'

    def fits(self, line: bytes) -> bool | None:
        """Tell whether the next line, without its end, is as it was written; None when it has no sum."""
        found = _SEAL.fullmatch(line)
        return None if found is None else found[2] == self._sum(found[1])

    def take(self, line: bytes) -> None:
        """Go on after a line, its end included."""
        self._so_far.update(line)

    def _sum(self, body: bytes) -> bytes:
        so_far = self._so_far.copy()
        so_far.update(body)
        return so_far.hexdigest()[:16].encode()


@dataclass(frozen=True)
class Parsed:
    """A journal's entries; `whole` bytes of its file hold them, `torn` is a line that a kill cut off, `ended` false when only its end is missing."""

    entries: Entries
    chain: Chain
    whole: int
    torn: bytes = b""
    ended: bool = True


def parse(name: str, data: bytes) -> Parsed:
    """Read the bytes of a journal. Raises JournalDamagedError for the first line that was written to its end and cannot be used."""
    entries, chain = Entries(name), Chain()
    *lines, tail = data.split(b"\n")
    sealed = 0
    for number, line in enumerate(lines, start=1):
        entry = _entry(name, number, line)
        fits = chain.fits(line)
        if fits is False or (fits is None and sealed):
            place = number if sealed == number - 1 else f"{number} or one above it"
            raise JournalDamagedError(name, place, "is not as it was written")
        sealed = number if fits else sealed
        entry.pop("sum", None)
        entries.append(entry)
        chain.take(line + b"\n")
    whole = len(data) - len(tail)
    if chain.fits(tail):
        entry = _entry(name, len(lines) + 1, tail)
        entry.pop("sum", None)
        entries.append(entry)
        chain.take(tail + b"\n")
        return Parsed(entries, chain, len(data), ended=False)
    _look_torn(name, len(lines) + 1, tail)
    return Parsed(entries, chain, whole, tail)


def _entry(name: str, number: int, line: bytes) -> Entry:
    entry: Any = None
    try:
        entry = json.loads(line.decode())
    except (ValueError, RecursionError):
        raise JournalDamagedError(name, number, "is no JSON") from None
    if not isinstance(entry, dict):
        raise JournalDamagedError(name, number, f"is {kind_of(entry)} and not an entry")
    return cast("Entry", entry)


def _look_torn(name: str, number: int, tail: bytes) -> None:
    """See that what follows the last whole line is the begin of the next one, as a kill leaves it, and nothing else."""
    begin = f'{{"seq": {number}, '.encode()
    if tail.startswith(begin) or begin.startswith(tail):
        try:
            json.JSONDecoder().raw_decode(tail.decode(errors="replace"))
        except (ValueError, RecursionError):
            return
    raise JournalDamagedError(name, number, "has no end, and is not what a kill leaves")
