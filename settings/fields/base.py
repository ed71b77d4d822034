"""What field types are made of: their words, and how they refuse."""

import re
from dataclasses import dataclass

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

REFUSED = "refused"
"""The type of a pydantic error whose context carries our own words: `why` and `remedy`."""


@dataclass(frozen=True)
class Words:
    """What a field type takes, in words; stands among the type's annotations, for messages and documentation."""

    text: str


def refused(why: str, remedy: str) -> PydanticCustomError:
    """Return the error a validator raises: why the value cannot be, and what to write instead."""
    return PydanticCustomError(REFUSED, "{why}; {remedy}", {"why": why, "remedy": remedy})


def matching(pattern: re.Pattern[str], what: str, remedy: str) -> AfterValidator:
    """Return a validator of text that must match a pattern as a whole; `what` names such a text."""

    def check(value: str) -> str:
        if pattern.fullmatch(value):
            return value
        raise refused(f"{value!r} is not {what}", remedy)

    return AfterValidator(check)
