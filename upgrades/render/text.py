"""A plan in a terminal, with rich."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Group
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from upgrades.plan.what_changes import told

from .words import both_ends, day_and_time, deadline, from_to, span, summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from upgrades.model.steps import Plan
    from upgrades.plan.waves.values import Schedule, Slot


def as_text(plans: Sequence[Plan], schedule: Schedule) -> Group:
    """Return what `plan` prints: a table of steps for each cluster, what blocks, and the sum."""
    starts = {id(slot.plan): slot for slot in schedule.slots}
    parts: list[RenderableType] = []
    for plan in sorted(plans, key=lambda plan: (starts[id(plan)].wave, starts[id(plan)].start)):
        slot = starts[id(plan)]
        begin = schedule.moment(slot.start)
        when = f"wave {slot.wave}"
        if begin and plan.steps:
            when += f", starts {day_and_time(begin)}"
        elif slot.start:
            when += f", starts after {span(slot.start)}"
        cluster = plan.cluster
        title = f"[bold]{escape(cluster.stack)}[/bold] {escape(cluster.name)}"
        parts.append(
            Text.from_markup(f"{title}  {cluster.control_plane} -> {plan.target}  [dim]{when}[/dim]")
        )
        parts.extend(_body(plan, slot, schedule))
        parts.extend(_Indented(f"note: {note}", "yellow") for note in plan.notes)
        if slot.deadline and slot.deadline.late:
            parts.extend(_Indented(f"too late: {late}", "bold red") for late in slot.deadline.late)
            if slot.deadline.latest:
                last = f"the last start in time is {day_and_time(slot.deadline.latest)}"
                parts.append(_Indented(last, "bold red"))
        elif slot.deadline:
            parts.append(_Indented(deadline(slot.deadline), "dim"))
        parts.append(Text(""))
    parts.append(Text(summary(plans, schedule.makespan), style="bold"))
    return Group(*parts)


@dataclass(frozen=True)
class _Indented:
    """A text whose lines are all indented, however many a narrow terminal makes of it; one line, and whole, in a pipe or a file."""

    text: str
    style: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Pad what is wrapped; of what is not, padding would cut off the end."""
        if options.no_wrap:
            yield Text(f"  {self.text}", style=self.style)
        else:
            yield Padding(Text(self.text, style=self.style), (0, 0, 0, 2))


def _body(plan: Plan, slot: Slot, schedule: Schedule) -> Iterator[RenderableType]:
    if plan.blockers:
        for blocker in plan.blockers:
            yield Text.from_markup(f"  [red]blocked[/red] {escape(blocker.what)}: {escape(blocker.why)}")
            yield Text.from_markup(f"          [green]{escape(blocker.unblock)}[/green]")
    elif not plan.steps:
        yield Text("  nothing to do: everything is on this version", style="green")
    else:
        yield Padding(_steps(plan, slot, schedule), (0, 0, 0, 2))


def _steps(plan: Plan, slot: Slot, schedule: Schedule) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name, kind in (
        ("", "right"),
        ("change", "left"),
        ("expected", "right"),
        ("at most", "right"),
    ):
        table.add_column(name, justify=kind, no_wrap=name != "change")  # pyright: ignore[reportArgumentType]  # a justify method
    for number, (step, start) in enumerate(zip(plan.steps, slot.starts, strict=True), start=1):
        begin, end = schedule.moment(start), schedule.moment(start + step.duration.expected)
        before, after = step.ends
        change = f"[cyan]{escape(step.target)}[/cyan] {escape(before)} -> [bold]{escape(after)}[/bold]"
        takes = "it needs" if step.move else "its surge needs"
        surge = f"; {takes} {both_ends(step)}" if both_ends(step) else ""
        when = f"\n{from_to(begin, end)}" if begin and end else ""
        also = "".join(f"\n[dim]also: {escape(text)}[/dim]" for text in told(step))
        table.add_row(
            str(number),
            f"{change}{when}\n[dim]{escape(step.reason)}{surge}[/dim]{also}",
            span(step.duration.expected),
            span(step.duration.longest),
        )
    return table
