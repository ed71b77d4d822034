"""A check in a terminal, with rich."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from .values import Severity
from .words import following, readiness, summary, support

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from .values import Check, Report

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def as_text(check: Check) -> Group:
    """Return what `check` prints: a table for each cluster, what comes next, what to act on, and the sum."""
    parts: list[RenderableType] = []
    for report in check.reports:
        parts.extend(_report(report, check.within))
        parts.append(Text(""))
    for item in check.unseen:
        parts.append(
            Text.from_markup(f"[bold]{escape(item.name)}[/bold] [yellow]unknown[/yellow]: {escape(item.why)}")
        )
        parts.append(Text(""))
    parts.append(Text(summary(check), style="bold"))
    return Group(*parts)


def _report(report: Report, within: int) -> Iterator[RenderableType]:
    observed = report.observed
    note = "" if observed.is_up else "  [yellow]not up: this is what its file says[/yellow]"
    head = f"[bold]{escape(observed.cluster.name)}[/bold]  [dim]{escape(observed.where)}[/dim]{note}"
    yield Text.from_markup(head)
    yield Padding(_lines(report, within), (0, 0, 0, 2))
    yield Text.from_markup(f"  next: {escape(following(report))}")
    yield Text.from_markup(f"  ready: {escape(readiness(report))}")
    for finding in report.findings:
        colour = COLOURS[finding.rule.severity]
        yield Text.from_markup(f"  [{colour}]{finding.rule.id}[/{colour}] {escape(finding.message)}")
        yield Text.from_markup(f"         [green]{escape(finding.remedy)}[/green]")


def _lines(report: Report, within: int) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    has_images = any(line.image for line in report.lines)
    for name in ("", "runs", "support", "newest", *(("image", "newest") if has_images else ())):
        table.add_column(name, no_wrap=name != "support")
    for line in report.lines:
        left = line.support.days_left
        ended = line.support.state in {"ended", "platform"} or (left is not None and left <= within)
        colour = "red" if ended else "yellow" if line.support.state in {"unknown", "preview"} else "green"
        newest = "" if line.newest in {None, line.version} else f"[cyan]{line.newest}[/cyan]"
        newer = "" if line.newest_image == line.image else _short(line.newest_image)
        images = (_short(line.image), f"[cyan]{newer}[/cyan]")
        table.add_row(
            escape(line.target),
            str(line.version),
            f"[{colour}]{escape(support(line.support))}[/{colour}]",
            newest,
            *(images if has_images else ()),
        )
    return table


def _short(image: str) -> str:
    """Return the part of a node image's name that tells it from others of its kind: its version."""
    return escape(image.rpartition("-")[2])
