"""The gates of one side over a view: for a full-cluster upgrade each is asked about every target, and answers once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .base import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from upgrades.model.steps import Step
    from upgrades.model.view import View

    from .base import Gate, Result, When

WORST_FIRST = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.IGNORED, Verdict.PASS, Verdict.ABSENT)


def judged(gates: Iterable[Gate], when: When, view: View, step: Step, before: View | None) -> list[Result]:
    """Return what the gates of a side find, one result a gate, of those that have anything to say about the step."""
    return [
        _together(found)
        for gate in gates
        if gate.when is when and (found := [gate.run(view, part, before) for part in _asked(gate, step)])
    ]


def _asked(gate: Gate, step: Step) -> list[Step]:
    """Return the parts that a gate judges; the first, the control plane's, stands for all with the length of all."""
    return [part for part in (step.parts[:1] if gate.of_all else step.parts) if gate.applies(part)]


def _together(results: Sequence[Result]) -> Result:
    """Return the worst verdict with everything that led to it, each finding once."""
    worst = min((result.verdict for result in results), key=WORST_FIRST.index)
    findings = [finding for result in results if result.verdict is worst for finding in result.findings]
    return replace(results[0], verdict=worst, findings=tuple(dict.fromkeys(findings)))
