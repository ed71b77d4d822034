"""What a gate is: a check of a cluster's state before or after a step, with a code and three verdicts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class Level(StrEnum):
    """Whether a failing gate stops a rollout."""

    REQUIRED = "Required"
    RECOMMENDED = "Recommended"


class When(StrEnum):
    """On which side of a step a gate stands."""

    BEFORE = "before"
    AFTER = "after"


class Verdict(StrEnum):
    """What a gate found. Unknown stops a rollout like a failure when the gate is Required."""

    PASS = "pass"  # noqa: S105  # a verdict, no password
    FAIL = "fail"
    UNKNOWN = "unknown"
    IGNORED = "ignored"
    ABSENT = "nothing to check"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing in the way: what it is (`resource`), why it is in the way, and what clears it."""

    resource: str
    why: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Result:
    """A gate's verdict with its findings; `ignored` are findings that the ignore file lets pass."""

    code: str
    title: str
    level: Level
    when: When
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    ignored: tuple[Finding, ...] = ()

    @property
    def stops(self) -> bool:
        """Tell whether a rollout stops here."""
        return self.level is Level.REQUIRED and self.verdict in {Verdict.FAIL, Verdict.UNKNOWN}


def result_data(result: Result) -> dict[str, Any]:
    """Return a result as JSON values, for a journal or a report."""
    return {
        "code": result.code,
        "title": result.title,
        "level": str(result.level),
        "verdict": str(result.verdict),
        "findings": [asdict(finding) for finding in result.findings],
        "ignored": [asdict(finding) for finding in result.ignored],
    }


class Gate(ABC):
    """A check. Subclasses name their code, title, level, side and the parts of the view they read."""

    code: ClassVar[str]
    title: ClassVar[str]
    level: ClassVar[Level] = Level.REQUIRED
    when: ClassVar[When] = When.BEFORE
    reads: ClassVar[tuple[str, ...]] = ()
    of_all: ClassVar[bool] = False
    """Whether a full-cluster upgrade is judged as one, and not target by target."""

    def applies(self, step: Step) -> bool:
        """Tell whether the gate has anything to say about this step."""
        return True

    @abstractmethod
    def check(self, view: View, step: Step, before: View | None) -> Iterable[Finding]:
        """Yield what is in the way. `before` is the state before the step, for gates that stand after it."""

    def untold(self, view: View, step: Step) -> Iterable[Finding]:
        """Yield what this step would have to know and nobody told, though the parts were read."""
        return ()

    def run(self, view: View, step: Step, before: View | None = None) -> Result:
        """Return the verdict; a part of the view that could not be read makes it unknown."""
        absent = [part for part in self.reads if part in view.absent]
        if absent:
            findings = tuple(Finding(_named(part), view.absent[part], "") for part in absent)
            return Result(self.code, self.title, self.level, self.when, Verdict.ABSENT, findings)
        unread = [part for part in self.reads if getattr(view, part) is None]
        if unread:
            findings = tuple(_unread(part, view.unread) for part in unread)
            return Result(self.code, self.title, self.level, self.when, Verdict.UNKNOWN, findings)
        found = self.result(tuple(self.check(view, step, before)))
        untold = tuple(self.untold(view, step))
        if found.verdict is Verdict.PASS and untold:
            return replace(found, verdict=Verdict.UNKNOWN, findings=untold)
        return found

    def result(self, findings: tuple[Finding, ...]) -> Result:
        """Return a pass, or a failure when something was found."""
        verdict = Verdict.FAIL if findings else Verdict.PASS
        return Result(self.code, self.title, self.level, self.when, verdict, findings)


class PoolGate(Gate):
    """A check of what a pool's step does to its nodes; a control plane's step drains none."""

    def applies(self, step: Step) -> bool:
        """Only a pool's step drains nodes."""
        return not step.is_control_plane


def _unread(part: str, reasons: Mapping[str, str]) -> Finding:
    why = reasons.get(part, "it was not read")
    return Finding(
        _named(part), why, "make it readable, or ignore this gate by name, with reason and end date"
    )


def _named(part: str) -> str:
    return part.replace("_", " ")
