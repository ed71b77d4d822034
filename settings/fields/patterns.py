"""Patterns that people write, matched by RE2: it takes time in proportion to the text, whatever the pattern.

kured compiles its alert filter with Go's regexp, of which RE2 is the origin: what one takes and finds, the other does.
"""

import re
from functools import lru_cache
from typing import Any

import re2 as _re2  # pyright: ignore[reportMissingTypeStubs]

re2: Any = _re2  # it carries no types

LONGEST = 1000
"""Characters of the longest pattern."""

BARE = re.compile(r"[*?]*")
"""A pattern of wildcards alone."""
_WILD = re.compile(r"[*?]")
_OTHER_SPELLING = re.compile(r"[\[\]{}|\\^$%#]|\.\*")
_LEAST_LETTERS = 3
_HALF = re.compile("[\ud800-\udfff]")

_ONLY_IN_RE2 = re.compile(r"(?<!\\)(?:\\\\)*\\C")
_NAME = re.compile(r"(?<!\\)(?:\\\\)*\(\?P?<[^>]*>")
_WILDCARDS = {"*": "(?s:.*)", "?": "(?s:.)"}
_SIGNS = re.compile(r"\*+|\?|[^*?]+")


def complaint(pattern: str) -> str | None:
    """Return why a text is no regular expression for Go (RE2); None when it is one."""
    if len(pattern) > LONGEST:
        return f"it has more than {LONGEST} characters"
    if not _is_text(pattern):
        return "it holds half a character"
    if _ONLY_IN_RE2.search(pattern):
        return r"Go has no \C"
    if not all(map(str.isascii, _NAME.findall(pattern))):
        return "Go takes letters of ASCII in the name of a group"
    try:
        _compiled(pattern)
    except re2.error as error:
        said: Any = error.args[0]
        return said.decode() if isinstance(said, bytes) else str(said)
    return None


def finds(pattern: str, text: str) -> bool:
    """Tell whether a regular expression (one without a complaint) matches somewhere in a text."""
    return _is_text(text) and _compiled(pattern).search(text) is not None


def fits(pattern: str, text: str) -> bool:
    """Tell whether a text is what a pattern of wildcards names: `*` is any characters, `?` is one, all else itself.

    A pattern of more than LONGEST characters names nothing: RE2 takes them of some size only, and no half characters.
    """
    is_one = len(pattern) <= LONGEST and _is_text(pattern) and _is_text(text)
    return is_one and _compiled(wildcard(pattern)).fullmatch(text) is not None


def names_no_one(pattern: str) -> str | None:
    """Return why a pattern of wildcards is none, or names nearly everything; None when it names somebody."""
    if BARE.fullmatch(pattern):
        return "a bare wildcard would exempt everything"
    if len(pattern) > LONGEST:
        return f"the pattern has more than {LONGEST} characters"
    if _OTHER_SPELLING.search(pattern):
        return f"{pattern!r} is no pattern: the wildcards are `*` and `?`"
    if _WILD.search(pattern) and sum(character.isalnum() for character in pattern) < _LEAST_LETTERS:
        return f"the pattern {pattern!r} would exempt nearly everything"
    return None


def wildcard(pattern: str) -> str:
    """Return the regular expression of a pattern of wildcards."""
    return "".join(_WILDCARDS.get(sign[0]) or str(re2.escape(sign)) for sign in _SIGNS.findall(pattern))


def _is_text(text: str) -> bool:
    """Tell whether a text is one that UTF-8 can write: JSON may escape the half of a pair alone."""
    return not _HALF.search(text)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any:
    options: Any = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)
