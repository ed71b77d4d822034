"""Small helpers for messages."""

from collections.abc import Iterable
from difflib import get_close_matches

_CLOSE = 0.65
"""How alike two names must be, of 1, for one to be offered instead of the other."""


def listed(names: Iterable[str]) -> str:
    """Return the names as a list in one line: `a`, `b` or `c`."""
    quoted = [f"`{name}`" for name in names]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a remedy for a name nobody knows: the closest known one, or all of them."""
    names = sorted(known)
    lowered = {candidate.lower(): candidate for candidate in names}
    written = name.lower()
    close = get_close_matches(written, lowered, n=1, cutoff=_CLOSE)
    if close := close or [candidate for candidate in lowered if written.startswith(candidate)]:
        return f"did you mean `{lowered[close[0]]}`?"
    return f"write {listed(names)}" if names else "remove it"


def repeated(names: Iterable[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Return (path, name, path of the first) for every name, case aside, that an earlier path has too."""
    first: dict[str, str] = {}
    found: list[tuple[str, str, str]] = []
    for path, name in names:
        if name.lower() in first:
            found.append((path, name, first[name.lower()]))
        else:
            first[name.lower()] = path
    return found
