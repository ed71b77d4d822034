"""The ignore file: findings of gates that a team accepts, by name, with a reason and an end date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated, Any, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from .gates import GATES
from .gates.base import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from .gates.base import Finding, Result

CODES = {gate.code for gate in GATES}


class IgnoreFileError(Exception):
    """An ignore file that is refused; the message names every problem with its place and what to write."""


class Ignore(BaseModel):
    """One accepted finding. `resource` is a pattern (`*`, `?`) over the finding's resource, such as `pod shop/*`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    gate: str
    resource: str
    reason: Annotated[str, Field(min_length=10)]
    until: date

    @field_validator("gate")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in CODES:
            raise ValueError(f"no gate has the code '{value}'; the codes are {', '.join(sorted(CODES))}")
        return value

    @field_validator("resource")
    @classmethod
    def _narrow(cls, value: str) -> str:
        if not value.strip("*? "):
            raise ValueError(
                "a bare wildcard would ignore the whole gate; name the resource, as in 'pod shop/*'"
            )
        return value

    def covers(self, code: str, finding: Finding, on: date) -> bool:
        """Tell whether this lets a gate's finding pass on a day."""
        return self.gate == code and on <= self.until and fnmatchcase(finding.resource, self.resource)


def load(path: Path) -> tuple[Ignore, ...]:
    """Read an ignore file: a list of `{gate, resource, reason, until}`; none when there is no file.

    Raises IgnoreFileError with every problem at once.
    """
    try:
        reader: Any = YAML(typ="safe")
        items: Any = reader.load(path.read_text(encoding="utf-8")) or []
    except FileNotFoundError:
        return ()
    except (OSError, YAMLError) as error:
        raise IgnoreFileError(
            f"{path.name}: cannot be read as YAML ({str(error).splitlines()[0]}); mend it"
        ) from None
    if not isinstance(items, list):
        raise IgnoreFileError(f"{path.name}: is not a list; write '- gate: ...' for each finding to ignore")
    rows = cast("list[Any]", items)
    found: list[Ignore] = []
    problems: list[str] = []
    for number, item in enumerate(rows):
        try:
            found.append(Ignore.model_validate(item))
        except ValidationError as error:
            for problem in error.errors():
                place = ".".join(str(part) for part in problem["loc"])
                why = problem["msg"].removeprefix("Value error, ")
                problems.append(f"{path.name}: [{number}]{f'.{place}' if place else ''}: {why}")
    if problems:
        raise IgnoreFileError("\n".join(problems))
    return tuple(found)


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
