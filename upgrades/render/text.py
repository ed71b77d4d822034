"""A plan in a terminal, with rich."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from .words import needs, span, summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from upgrades.fleet import Plan
    from upgrades.waves import Schedule


def as_text(plans: Sequence[Plan], schedule: Schedule) -> Group:
    """Return what `plan` prints: a table of steps for each cluster, what blocks, and the sum."""
    starts = {id(slot.plan): slot for slot in schedule.slots}
    parts: list[RenderableType] = []
    for plan in sorted(plans, key=lambda plan: (starts[id(plan)].wave, starts[id(plan)].start)):
        slot = starts[id(plan)]
        when = f"wave {slot.wave}, starts after {span(slot.start)}" if slot.start else f"wave {slot.wave}"
        cluster = plan.cluster
        title = f"[bold]{escape(cluster.stack)}[/bold] {escape(cluster.name)}"
        parts.append(
            Text.from_markup(f"{title}  {cluster.control_plane} -> {plan.target}  [dim]{when}[/dim]")
        )
        parts.extend(_body(plan))
        parts.append(Text(""))
    parts.append(Text(summary(plans, schedule.makespan), style="bold"))
    return Group(*parts)


def _body(plan: Plan) -> Iterator[RenderableType]:
    if plan.blockers:
        for blocker in plan.blockers:
            yield Text.from_markup(f"  [red]blocked[/red] {escape(blocker.what)}: {escape(blocker.why)}")
            yield Text.from_markup(f"          [green]{escape(blocker.unblock)}[/green]")
    elif not plan.steps:
        yield Text("  nothing to do: everything is on this version", style="green")
    else:
        yield Padding(_steps(plan), (0, 0, 0, 2))


def _steps(plan: Plan) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name, kind in (("", "right"), ("change", "left"), ("expected", "right"), ("at most", "right")):
        table.add_column(name, justify=kind, no_wrap=name != "change")  # pyright: ignore[reportArgumentType]  # a justify method
    for number, step in enumerate(plan.steps, start=1):
        change = f"[cyan]{escape(step.target)}[/cyan] {step.before} -> [bold]{step.after}[/bold]"
        surge = f"; its surge needs {needs(step.needs)}" if needs(step.needs) else ""
        table.add_row(
            str(number),
            f"{change}\n[dim]{escape(step.reason)}{surge}[/dim]",
            span(step.duration.expected),
            span(step.duration.longest),
        )
    return table
