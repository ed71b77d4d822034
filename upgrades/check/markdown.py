"""A check as Markdown, for a wiki page, an issue or a job's summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.render.escape import cell

from .words import following, readiness, summary, support

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .values import Check, Report


def as_markdown(check: Check) -> str:
    """Return the check as Markdown."""
    lines = ["# Versions that run", "", f"{summary(check)}.", ""]
    for report in check.reports:
        lines.extend(_report(report))
    if check.unseen:
        lines += ["## Unknown", ""]
        lines += [f"- **{cell(item.name)}** ({cell(item.where)}): {cell(item.why)}" for item in check.unseen]
        lines.append("")
    return "\n".join(lines)


def _report(report: Report) -> Iterator[str]:
    observed = report.observed
    yield f"## {cell(observed.cluster.name)}"
    yield ""
    yield f"{cell(observed.where)}{'' if observed.is_up else '; not up: this is what its file says'}"
    yield ""
    yield "| | runs | support | newest patch | node image | newest image |"
    yield "|---|---|---|---|---|---|"
    for line in report.lines:
        newest = str(line.newest) if line.newest else ""
        row = (line.target, str(line.version), support(line.support), newest, line.image, line.newest_image)
        yield f"| {' | '.join(cell(one) for one in row)} |"
    yield ""
    yield f"- Next: {cell(following(report))}"
    yield f"- Ready: {cell(readiness(report))}"
    for finding in report.findings:
        rule = finding.rule
        yield f"- **{rule.severity} {rule.id}** {cell(finding.message)}. *{cell(finding.remedy)}.*"
    yield ""
