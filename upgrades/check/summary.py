"""A check of a fleet in a terminal: one line a cluster, those that need somebody first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.console import Group
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from .values import ENDED, ENDING, Severity
from .words import following, readiness, summary

if TYPE_CHECKING:
    from rich.console import RenderableType

    from .values import Check, Report

RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
READY = {True: "yes", False: "no", None: ""}
COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def as_summary(check: Check) -> Group:
    """Return one line a cluster: what runs, the support with the fewest days left, the next step, whether it is ready, findings."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("cluster", "where", "runs", "support left", "next", "ready", "findings"):
        table.add_column(name)
    for report in sorted(check.reports, key=lambda one: (_rank(one), one.observed.cluster.name)):
        table.add_row(*_row(report))
    for item in check.unseen:
        table.add_row(
            escape(item.name), escape(item.where), "[yellow]unknown[/yellow]", "", "", "", escape(item.why)
        )
    parts: list[RenderableType] = [table, Text(""), Text(summary(check), style="bold")]
    return Group(*parts)


def _row(report: Report) -> tuple[str, ...]:
    observed = report.observed
    step = report.step
    then = f"{step.target} {step.before} -> {step.after}" if step else following(report).partition(";")[0]
    return (
        escape(observed.cluster.name),
        escape(_where(report)),
        _versions(report),
        _support(report),
        escape(then),
        escape(READY[report.ready] or re.split("[,:;]", readiness(report))[0]),
        _findings(report),
    )


def _where(report: Report) -> str:
    cluster = report.observed.cluster
    return (
        report.observed.where
        if report.observed.file
        else f"{cluster.subscription} {cluster.resource_group}".strip()
    )


def _versions(report: Report) -> str:
    """Return the version of everything, or the lowest and the highest."""
    found = sorted({line.version for line in report.lines})
    return str(found[0]) if len(found) == 1 else f"{found[0]} to {found[-1]}"


def _support(report: Report) -> str:
    if any(finding.rule is ENDED for finding in report.findings):
        return "[red]ended[/red]"
    left = [line.support.days_left for line in report.lines if line.support.days_left is not None]
    if not left:
        return "[yellow]unknown[/yellow]"
    ends = any(finding.rule is ENDING for finding in report.findings)
    return f"[{'red' if ends else 'green'}]{min(left)} days[/]"


def _findings(report: Report) -> str:
    counts = {one: sum(finding.rule.severity is one for finding in report.findings) for one in Severity}
    return ", ".join(
        f"[{COLOURS[one]}]{count} {one}{'' if count == 1 else 's'}[/{COLOURS[one]}]"
        for one, count in counts.items()
        if count
    )


def _rank(report: Report) -> int:
    return min((RANK[finding.rule.severity] for finding in report.findings), default=len(RANK))
