"""CEL's operators over plain Python values: what Python would do otherwise, or would not refuse."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, cast

_ORDERED = (int, float)
_HOLDERS = frozenset({list, dict})
_SHORT = 200
_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\$")


class EvaluationError(Exception):
    """An expression that has no value: no operator fits, or what it reads is not there."""


class MissingError(EvaluationError):
    """A key that an object does not have."""

    def __init__(self, name: object) -> None:
        super().__init__(f"no such key: {name}")
        self.name = str(name)


def truth(value: Any) -> bool:
    """Return a value that must be a boolean."""
    if value is True or value is False:
        return value
    raise EvaluationError("a value is not a boolean")


def select(holder: Any, name: str) -> Any:
    """Return a field."""
    if type(holder) is not dict:
        raise EvaluationError(f"what should have {name} is not an object")
    try:
        return cast("dict[str, Any]", holder)[name]
    except KeyError:
        raise MissingError(name) from None


def has(holder: Any, name: str) -> bool:
    """Tell whether a field is there."""
    if type(holder) is not dict:
        raise EvaluationError(f"what should have {name} is not an object")
    return name in holder


def index(holder: Any, key: Any) -> Any:
    """Return an item of a list or a map."""
    if type(holder) is dict:
        return select(holder, key)
    if type(holder) is list and type(key) is int and 0 <= key < len(cast("list[Any]", holder)):
        return cast("list[Any]", holder)[key]
    raise EvaluationError("an index does not fit")


def sequence(value: Any) -> Iterable[Any]:
    """Return what a macro goes through: a list's items or a map's keys."""
    if type(value) in _HOLDERS:
        return value
    raise EvaluationError("what should be a list is not one")


def equal(left: Any, right: Any) -> bool:
    """Tell whether two values are equal; in CEL true is not 1."""
    if type(left) is bool or type(right) is bool:
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        first, second = cast("list[Any]", left), cast("list[Any]", right)
        return len(first) == len(second) and all(equal(*pair) for pair in zip(first, second, strict=True))
    if isinstance(left, dict) and isinstance(right, dict):
        mine, other = cast("dict[str, Any]", left), cast("dict[str, Any]", right)
        return mine.keys() == other.keys() and all(equal(value, other[key]) for key, value in mine.items())
    return left == right


def among(item: Any, holder: Any) -> bool:
    """Tell whether an item is in a list, or a key in a map."""
    if type(holder) in _HOLDERS and isinstance(item, str):  # which equals nothing but a text
        return item in holder
    if type(holder) is dict:
        return False
    return any(equal(item, other) for other in sequence(holder))


def less(left: Any, right: Any) -> bool:
    """Tell whether one number or text is less than another."""
    if type(left) in _ORDERED and type(right) in _ORDERED:
        return left < right
    if isinstance(left, str) and isinstance(right, str):
        return left < right
    raise EvaluationError("two values cannot be compared")


def plus(left: Any, right: Any) -> Any:
    """Return the sum of two numbers, texts or lists."""
    if type(left) in _ORDERED and type(right) in _ORDERED:
        return left + right
    if type(left) is type(right) and type(left) in {str, list}:
        return left + right
    raise EvaluationError("two values cannot be added")


def joined(*texts: Any) -> str:
    """Return the sum of texts."""
    try:
        return "".join(texts)
    except TypeError:
        raise EvaluationError("two values cannot be added") from None


def size(value: Any) -> int:
    """Return how long a text, list or map is."""
    if type(value) in {str, list, dict}:
        return len(value)
    raise EvaluationError("a value has no size")


def total(value: Any) -> int:
    """Return the sum of whole numbers."""
    numbers = list(sequence(value))
    if any(type(number) is not int for number in numbers):
        raise EvaluationError("what should be added up is no number")
    return sum(cast("list[int]", numbers))


def text(value: Any) -> str:
    """Return a value as text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if type(value) in _ORDERED:
        return str(value)
    raise EvaluationError("a value has no text")


def contains(value: Any, piece: Any) -> bool:
    """Tell whether a text contains another."""
    return _string(piece) in _string(value)


def starts(value: Any, piece: Any) -> bool:
    """Tell whether a text starts with another."""
    return _string(value).startswith(_string(piece))


def ends(value: Any, piece: Any) -> bool:
    """Tell whether a text ends with another."""
    return _string(value).endswith(_string(piece))


def matches(value: Any, pattern: Any) -> bool:
    """Tell whether some part of a text fits an RE2 pattern."""
    # The names and images of a stack come again and again.
    if type(value) is str and type(pattern) is str and len(value) <= _SHORT:
        return _fits(value, pattern)
    return _pattern(_string(pattern))(_string(value)) is not None


@lru_cache(maxsize=8192)
def _fits(value: str, pattern: str) -> bool:
    return _pattern(pattern)(value) is not None


@lru_cache(maxsize=256)
def _pattern(text: str) -> Callable[[str], object]:
    # Python's `$` also stands before a last newline; RE2's does not. In a class it is itself.
    ends = _PIECE.sub(lambda found: r"\Z" if found[0] == "$" else found[0], text)
    return re.compile(ends, re.ASCII).search


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise EvaluationError("a value is not a text")


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "size": size,
    "sum": total,
    "string": text,
    "contains": contains,
    "startsWith": starts,
    "endsWith": ends,
    "matches": matches,
}
"""CEL's functions that rules use, by name."""
