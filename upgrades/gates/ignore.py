"""The ignore file: findings of gates that a team accepts, by name, with a reason and an end date."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from settings.checks.exemptions import LONGEST
from settings.fields.base import refused
from settings.fields.days import Day
from settings.fields.patterns import fits, names_no_one
from settings.reading.fault import UnreadableError
from settings.reading.nodes import compose
from settings.reading.text import read_text
from settings.reading.values import Values
from settings.words import did_you_mean, named_kind, shown
from upgrades.gates import GATES

from .base import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from pydantic_core import ErrorDetails

    from .base import Finding, Result

CODES = {gate.code for gate in GATES}
_KEYS = {
    "gate": "the code of a gate, such as PDB001",
    "resource": "the finding's resource or a pattern of it, such as pod shop/*, in quotes where it begins with one",
    "reason": "why it may stay, in at least 10 characters",
    "until": "the last day it holds, such as 2027-03-31",
}
_WHOLE = f"a mapping of {', '.join(_KEYS)}"


class IgnoreFileError(Exception):
    """An ignore file that is refused; the message names every problem with its place and what to write."""


class Ignore(BaseModel):
    """One accepted finding. `resource` is a pattern (`*`, `?`) over the finding's resource, such as `pod shop/*`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    gate: str
    resource: str
    reason: Annotated[str, Field(min_length=10)]
    until: Day

    @field_validator("gate")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in CODES:
            raise ValueError(f"no gate has the code '{value}'; the codes are {', '.join(sorted(CODES))}")
        return value

    @field_validator("resource")
    @classmethod
    def _narrow(cls, value: str) -> str:
        kind, _, name = value.strip().partition(" ")
        if why := names_no_one(name or kind):
            raise refused(why, "name the resource, or three letters of it at least, as in 'pod shop/*'")
        return value

    def covers(self, code: str, finding: Finding, on: date) -> bool:
        """Tell whether this lets a gate's finding pass on a day."""
        return self.gate == code and on <= self.until and fits(self.resource, finding.resource)


def load(path: Path, today: date) -> tuple[Ignore, ...]:
    """Read an ignore file: a list of `{gate, resource, reason, until}`; none when there is no file.

    One that ends more than a year after today is refused, as an exemption is. Raises IgnoreFileError with every problem at once, each with its line.
    """
    if not path.exists() and not path.is_symlink():
        return ()
    items, lines = _items(path)
    found: list[Ignore] = []
    problems: list[str] = []
    for number, item in enumerate(items):
        try:
            found.append(one := Ignore.model_validate(item))
        except ValidationError as error:
            problems += [_said(path.name, lines, number, problem) for problem in error.errors()]
            continue
        if one.until - today > LONGEST:
            why = f"{one.until} is more than a year away, and what is accepted has an end in sight"
            said = f"{why}; write {today + LONGEST} or earlier"
            problems.append(f"{_place(path.name, lines, number, '.until')}: {said}")
    if problems:
        raise IgnoreFileError("\n".join(problems))
    return tuple(found)


def _items(path: Path) -> tuple[list[Any], Mapping[str, int]]:
    """Return the file's list, by the reader of stack files, and the line of each path in it. Raises IgnoreFileError."""
    values = Values()
    try:
        tree = compose(read_text(path))
        items = values.of(tree.root, "") if tree.root else None
        faults = [*tree.faults, *values.faults]
    except UnreadableError as error:
        items, faults = None, [*error.faults]
    if faults:
        places = (f"{path.name}{f':{fault.line}' if fault.line else ''}" for fault in faults)
        told = (f"{place}: {fault.why}; {fault.remedy}" for place, fault in zip(places, faults, strict=True))
        raise IgnoreFileError("\n".join(dict.fromkeys(told)))
    if items is not None and not isinstance(items, list):
        raise IgnoreFileError(f"{path.name}:1: is not a list; write '- gate: ...' for each finding to ignore")
    return cast("list[Any]", items or []), values.lines


def _said(name: str, lines: Mapping[str, int], number: int, problem: ErrorDetails) -> str:
    place = _place(name, lines, number, "".join(f".{part}" for part in problem["loc"]))
    return f"{place}: {shown(_in_words(problem))}"


def _in_words(problem: ErrorDetails) -> str:
    """Say what pydantic found: why, and what to write."""
    key = str(problem["loc"][-1]) if problem["loc"] else ""
    match problem["type"]:
        case "missing":
            return f"this key is required; add `{key}`: {_KEYS[key]}"
        case "extra_forbidden":
            return f"there is no such key; {did_you_mean(key, _KEYS)}"
        case "string_type" | "model_type" | "model_attributes_type":
            return f"it is {named_kind(problem['input'])}; write {_KEYS.get(key, _WHOLE)}"
        case "string_too_short":
            return f"{problem['input']!r} gives no reason; write {_KEYS[key]}"
        case _:
            return problem["msg"].removeprefix("Value error, ")


def _place(name: str, lines: Mapping[str, int], number: int, key: str) -> str:
    item = f"[{number}]"
    return f"{name}:{lines.get(item + key) or lines.get(item)}: {item}{key}"


def apply(result: Result, ignores: tuple[Ignore, ...], on: date) -> Result:
    """Return a result without the findings that are ignored on that day; they stay visible, with the reason given."""
    ignored: list[Finding] = []
    left: list[Finding] = []
    for finding in result.findings:
        by = next((one for one in ignores if one.covers(result.code, finding, on)), None)
        if by is None:
            left.append(finding)
        else:  # what clears it gives way to why it may stay
            ignored.append(replace(finding, remedy=f"accepted until {by.until}: {by.reason}"))
    if not ignored:
        return result
    verdict = result.verdict if left else Verdict.IGNORED
    return replace(result, verdict=verdict, findings=tuple(left), ignored=tuple(ignored))
