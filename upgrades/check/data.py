"""A check as JSON values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from upgrades.gates.base import result_data

if TYPE_CHECKING:
    from .values import Check, Line, Report


def as_data(check: Check) -> dict[str, Any]:
    """Return the check as JSON values. Dates are ISO; what is not known is null."""
    return {
        "on": check.on.isoformat(),
        "within": check.within,
        "catalog": check.catalog.isoformat(),
        "exitCode": check.exit_code,
        "clusters": [_report(report) for report in check.reports],
        "unknown": [{"name": item.name, "where": item.where, "why": item.why} for item in check.unseen],
    }


def _report(report: Report) -> dict[str, Any]:
    observed, step = report.observed, report.step
    return {
        "name": observed.cluster.name,
        "where": observed.where,
        "isUp": observed.is_up,
        "lts": observed.cluster.lts,
        "operations": list(observed.operations),
        "runs": [_line(line) for line in report.lines],
        "next": step
        and {
            "target": step.target,
            "before": str(step.before),
            "after": str(step.after),
            "reason": step.reason,
        },
        "blockers": [{"what": b.what, "why": b.why, "unblock": b.unblock} for b in report.blockers],
        "ready": report.ready,
        "gates": None if report.gates is None else [result_data(result) for result in report.gates],
        "findings": [
            {
                "rule": finding.rule.id,
                "severity": str(finding.rule.severity),
                "target": finding.target or None,
                "message": finding.message,
                "remedy": finding.remedy,
                "path": finding.path or None,
            }
            for finding in report.findings
        ],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "target": line.target,
        "version": str(line.version),
        "support": line.support.state,
        "supportEnds": line.support.ends and line.support.ends.isoformat(),
        "daysLeft": line.support.days_left,
        "newestPatch": line.newest and str(line.newest),
        "nodeImage": line.image or None,
        "newestNodeImage": line.newest_image or None,
    }
