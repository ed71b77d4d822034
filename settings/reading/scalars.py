"""Words of YAML into values, as the Pulumi engine's own reader takes them (gopkg.in/yaml.v3, the core schema).

The engine reads a stack file first, so what it makes of a word is what the word means: `yes` and `08:00` are text, `1_000`
and `017` are numbers, and a date is a date.
"""

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime

_NULL = {"", "~", "null", "Null", "NULL"}
_TRUE = {"true", "True", "TRUE"}
_FALSE = {"false", "False", "FALSE"}
_INTEGERS: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"[-+]?0[xX][0-9a-fA-F]+"), 16),
    (re.compile(r"[-+]?0[oO]?[0-7]+"), 8),
    (re.compile(r"[-+]?0[bB][01]+"), 2),
    (re.compile(r"[-+]?(?:0|[1-9][0-9]{0,19})"), 10),
)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{1,2}-[0-9]{1,2})(?:[Tt]| +)([0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}.*)")
NO_NUMBER = frozenset(f"{sign}.{word}" for sign in ("", "+", "-") for word in ("inf", "Inf", "INF")) | {
    ".nan", ".NaN", ".NAN",
}  # fmt: skip
"""Words that are numbers to the engine's reader and that its configuration, which is JSON, has no place for."""
_LONGEST = 64
"""Characters of the longest word that may be a number or a date."""


class WholeNumber(int):
    """A whole number that remembers how it was written, for messages."""

    text: str = ""


class DecimalNumber(float):
    """A number with a point that remembers how it was written."""

    text: str = ""


Value = None | bool | WholeNumber | DecimalNumber | date | str


def plain(text: str) -> Value:
    """Return the value of a word without quotes."""
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if len(text) <= _LONGEST and (text[0].isdigit() or text[0] in "+-."):
        for read in _READERS:
            value = read(text)
            if value is not None:
                return value
    return text


def _integer(text: str) -> WholeNumber | None:
    digits = text.replace("_", "")
    for pattern, base in _INTEGERS:
        if pattern.fullmatch(digits):
            number = WholeNumber(int(digits.lower().replace("0o", "0") if base != 10 else digits, base))  # noqa: PLR2004  # decimal
            number.text = text
            return number if -(2**63) <= number < 2**64 else None
    return None


def _float(text: str) -> DecimalNumber | None:
    digits = text.replace("_", "")
    if not _FLOAT.fullmatch(digits) or math.isinf(float(digits)):
        return None
    number = DecimalNumber(digits)
    number.text = text
    return number


def _date(text: str) -> date | None:
    try:
        if found := _DATE.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _MOMENT.fullmatch(text):
            moment = datetime.fromisoformat(f"{_day(found[1])}T{found[2].replace(' ', '')}")
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    except ValueError:
        pass
    return None


def _day(text: str) -> str:
    year, month, day = text.split("-")
    return f"{year}-{month:0>2}-{day:0>2}"


_READERS: tuple[Callable[[str], Value], ...] = (_integer, _float, _date)
