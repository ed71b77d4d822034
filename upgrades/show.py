"""Shows a rollout live: which step and phase, the gates, what the engine does, how long is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from .gates.base import Verdict
from .render.words import span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType
    from typing import Self

    from pulumi.automation import EngineEvent
    from rich.console import Console

    from .fleet import Step
    from .gates.base import Result

MARKS = {
    Verdict.PASS: "[green]pass[/green]",
    Verdict.FAIL: "[red]fail[/red]",
    Verdict.UNKNOWN: "[yellow]unknown[/yellow]",
    Verdict.IGNORED: "[yellow]ignored[/yellow]",
    Verdict.ABSENT: "[dim]nothing to check[/dim]",
}


class Live:
    """A reporter for a terminal. Use it as a context manager."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}"),
            console=console,
            transient=True,
        )
        self.task = self.bar.add_task("rollout", total=None, left="")
        self.shown: int | None = None

    def __enter__(self) -> Self:
        self.bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bar.stop()

    def step(self, index: int, steps: Sequence[Step], phase: str) -> None:
        """Show the step and the phase that begins."""
        step = steps[index]
        if self.shown != index:
            self.console.print(f"[bold]step {index + 1}/{len(steps)}[/bold] {escape(step.title)}")
            self.shown = index
        self.console.print(f"  [dim]{phase}[/dim]")
        left = sum(item.duration.expected for item in steps[index:])
        self.bar.update(
            self.task, description=phase, completed=index, total=len(steps), left=f"about {span(left)} left"
        )

    def gates(self, results: Sequence[Result]) -> None:
        """Show what the gates found."""
        passed = sum(result.verdict in {Verdict.PASS, Verdict.ABSENT} for result in results)
        self.console.print(f"  gates: {passed} of {len(results)} pass")
        for result in results:
            if result.verdict in {Verdict.PASS, Verdict.ABSENT}:
                continue
            self.console.print(
                f"    {MARKS[result.verdict]} {result.code} {escape(result.title)} ({result.level})"
            )
            for finding in (*result.findings, *result.ignored):
                self.console.print(
                    f"      {escape(finding.resource)} {escape(finding.why)}; {escape(finding.remedy)}"
                )

    def event(self, event: EngineEvent) -> None:
        """Show a resource that changes."""
        if event.resource_pre_event and event.resource_pre_event.metadata.op.value not in {"same", "read"}:
            step = event.resource_pre_event.metadata
            self.console.print(f"    {step.op.value} {escape(step.urn.rpartition('::')[2])}", style="dim")

    def note(self, text: str) -> None:
        """Show a line."""
        self.console.print(f"  {escape(text)}", style="yellow")


def table(results: Sequence[Result]) -> Table:
    """Return every gate with its verdict: what `check` prints as readiness."""
    shown = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("code", "gate", "level", "when", "verdict"):
        shown.add_column(name)
    for result in results:
        shown.add_row(result.code, result.title, result.level, result.when, MARKS[result.verdict])
        for finding in (*result.findings, *result.ignored):
            shown.add_row("", f"  {escape(finding.resource)} {escape(finding.why)}", "", "", "")
    return shown
