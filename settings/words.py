"""What messages are made of."""

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from typing import Any

_CLOSE = 0.65
"""How alike two names must be, of 1, for one to be offered instead of the other."""

_LONGEST_NAME = 80
"""Characters of the longest name that is compared with others; no key or value of this project is as long."""
_LONGEST = 600
_CHOICES = 40


def shown(text: str, longest: int | None = _LONGEST) -> str:
    """Return a text of anybody's for a message: nothing that steers a terminal, and of `longest` characters at most."""
    if longest is not None and len(text) > longest:
        half = longest // 2
        text = f"{text[:half]} [... {len(text) - longest} characters ...] {text[-half:]}"
    return "".join(
        character if character.isprintable() or character == "\n" else f"\\u{ord(character):04x}"
        for character in text
    )


def named_kind(value: Any) -> str:
    """Return what a value of YAML is, in words."""
    if value is None:
        return "empty"
    names: tuple[tuple[Any, str], ...] = (
        (bool, "true or false"),
        ((int, float), "a number"),
        (date, "a date"),
        (str, "text"),
        (dict, "a mapping"),
        (list, "a list"),
    )
    return next((name for kind, name in names if isinstance(value, kind)), "something else")


def listed(names: Iterable[str]) -> str:
    """Return the names as a list in one line: `a`, `b` or `c`."""
    quoted = [f"`{name}`" for name in names]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a remedy for a name nobody knows: the closest known one, or all of them."""
    names = sorted(known)
    name = name[:_LONGEST_NAME]
    lowered = {candidate.lower(): candidate for candidate in names}
    written = name.lower()
    close = get_close_matches(written, lowered, n=1, cutoff=_CLOSE)
    if close := close or [candidate for candidate in lowered if written.startswith(candidate)]:
        return f"did you mean `{lowered[close[0]]}`?"
    if len(names) > _CHOICES:
        return f"write one of {listed(names[:_CHOICES])} and so on"
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
