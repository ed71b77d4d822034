"""A report whose advice can be typed as it stands, and in which what several gates miss is told once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from upgrades.gates.base import Verdict

from .values import ENDED, ENDING, NEWER_PATCH, NOT_READY, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.fleet import Plan

    from .values import Report


def advised(report: Report, options: str, following: Plan | None) -> Report:
    """Return the report of a stack. `options` name the stack on a command line, `following` is its next plan."""
    if following is None:
        return replace(report, findings=(*_without_unknown(report), *_unknown(report)))
    command = f"python -m upgrades {{}} {options} --to {following.target}"
    remedies = {
        NEWER_PATCH: f"take it with `{command.format('next')}`",
        ENDED: f"upgrade it: `{command.format('plan')}` shows the way",
        ENDING: f"plan the upgrade now: `{command.format('plan')}`",
    }
    findings = (
        replace(finding, remedy=remedies[finding.rule]) if "python -m upgrades" in finding.remedy else finding
        for finding in _without_unknown(report)
    )
    return replace(report, findings=(*findings, *_unknown(report)))


def _without_unknown(report: Report) -> Iterator[Finding]:
    unknown = [result.code for result in report.gates or () if result.verdict is Verdict.UNKNOWN]
    for finding in report.findings:
        if finding.rule is not NOT_READY:
            yield finding
        elif finding.message.partition(" ")[0] not in unknown:
            # A gate speaks to a rollout that stands before it; here there may be none.
            yield replace(finding, remedy=finding.remedy.replace("`resume` when", "check again when"))


def _unknown(report: Report) -> Iterator[Finding]:
    """Yield what could not be read for the gates: once for each reason, with the codes of the gates that wait for it."""
    found: dict[str, list[str]] = {}
    for result in report.gates or ():
        if result.verdict is Verdict.UNKNOWN and result.stops:
            for item in result.findings:
                found.setdefault(item.why, []).append(result.code)
    for why, codes in found.items():
        names = ", ".join(dict.fromkeys(codes))
        yield Finding(NOT_READY, "", f"not known: {why}", f"then these gates can tell: {names}")
