"""Words that every form of a check shares."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from upgrades.gates.base import Verdict

from .values import HELD_BACK, Severity

if TYPE_CHECKING:
    from secure_aks_lifecycle.versions.support import Support

    from .values import Check, Report

STATES = {
    "supported": "to {ends}, {left} days",
    "lts": "LTS to {ends}, {left} days",
    "platform": "platform only since {ends}",
    "ended": "ended {ends}",
    "preview": "preview, no support",
    "unknown": "not in the catalog",
}


def support(of: Support) -> str:
    """Write a support state with its last day and the days left."""
    return STATES[of.state].format(ends=of.ends, left=of.days_left)


def following(report: Report) -> str:
    """Write the next legal step, or what is in its way."""
    if report.blockers:
        return "blocked; " + "; ".join(f"{b.what}: {b.why}; {b.unblock}" for b in report.blockers)
    if report.step is None:
        held = [one.message for one in report.findings if one.rule is HELD_BACK]
        return "; ".join(held) or "nothing newer is offered"
    return f"{report.step.target} {report.step.before} -> {report.step.after} ({report.step.reason})"


def readiness(report: Report) -> str:
    """Write what the gates before the next step say."""
    if report.step is None:
        return "no step to be ready for"
    if not report.observed.is_up:
        return "the stack is not up"
    if report.gates is None:
        return "not looked into: the gates need the stack (check --stack)"
    stopping = [result for result in report.gates if result.stops]
    if stopping:
        failing = ", ".join(result.code for result in stopping if result.verdict is Verdict.FAIL)
        unknown = ", ".join(result.code for result in stopping if result.verdict is Verdict.UNKNOWN)
        said = (f"no: {failing}" if failing else "", f"unknown: {unknown}" if unknown else "")
        return "; ".join(one for one in said if one)
    absent = sum(result.verdict is Verdict.ABSENT for result in report.gates)
    count = len(report.gates) - absent
    gates = f"{count} gate{'' if count == 1 else 's'}"
    if report.azure_alone:
        return f"as far as Azure tells, by {gates}; what the cluster tells: check --cluster <id> --kubeconfig <file>"
    return f"yes, by {gates}" + (f"; {absent} have nothing to check" if absent else "")


def summary(check: Check) -> str:
    """Write the sum in one line."""
    found = Counter(finding.rule.severity for report in check.reports for finding in report.findings)
    parts = [f"{len(check.reports)} cluster{'' if len(check.reports) == 1 else 's'} on {check.on}"]
    for severity in Severity:
        count = found[severity]
        parts.append(f"{count} {severity}{'' if count == 1 else 's'}")
    if check.unseen:
        parts.append(f"{len(check.unseen)} unknown")
    age = (check.on - check.catalog).days
    found_in = f"support within {check.within} days; catalog {age} days old"
    return f"{parts[0]}: {', '.join(parts[1:])} ({found_in})"
