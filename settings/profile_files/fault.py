"""One thing wrong in a profile's file."""

from typing import NamedTuple


class Fault(NamedTuple):
    """Where (line, from 1), why, and what to write instead."""

    line: int
    why: str
    remedy: str
