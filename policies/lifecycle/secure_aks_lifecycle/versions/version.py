"""A Kubernetes version in full, ordered."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FULL = re.compile(r"v?(\d+)\.(\d+)\.(\d+)")
_MINOR = re.compile(r"v?(\d+)\.(\d+)")

Minor = tuple[int, int]
"""A minor version without its patch, such as (1, 35)."""


@dataclass(frozen=True, order=True, slots=True)
class Version:
    """A version x.y.z. Make one with `Version.parse("x.y.z")`; versions compare as numbers do."""

    major: int
    minor_number: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> Version:
        """Read "x.y.z". Raises ValueError for anything else, a two-part version included.

        AKS accepts "x.y" but answers with the full version, so a two-part one drifts for ever.
        """
        found = _FULL.fullmatch(text)
        if found is None:
            why = "names no patch" if _MINOR.fullmatch(text) else "is not a version"
            raise ValueError(f"'{text}' {why}; write it in full, as x.y.z")
        return cls(*(int(part) for part in found.groups()))

    @property
    def minor(self) -> Minor:
        """The minor version as a pair, such as (1, 35)."""
        return (self.major, self.minor_number)

    def __str__(self) -> str:
        return f"{self.major}.{self.minor_number}.{self.patch}"


def parse_minor(text: str) -> Minor:
    """Read "x.y". Raises ValueError for anything else."""
    found = _MINOR.fullmatch(text)
    if found is None:
        raise ValueError(f"'{text}' is not a minor version; write x.y")
    return (int(found[1]), int(found[2]))


def minor_text(minor: Minor) -> str:
    """Write a minor version as "x.y"."""
    return f"{minor[0]}.{minor[1]}"


def minors_between(lower: Minor, upper: Minor) -> int:
    """How many minors `upper` is above `lower` (negative when below). Majors never mix in AKS."""
    return (upper[0] - lower[0]) * 1000 + upper[1] - lower[1]
