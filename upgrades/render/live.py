"""Shows a rollout live: which step and phase, the gates, what the engine does, how long is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from upgrades.gates.base import Verdict

from .words import span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType
    from typing import Self

    from pulumi.automation import EngineEvent
    from rich.console import Console

    from upgrades.gates.base import Result
    from upgrades.model.steps import Step

MARKS = {
    Verdict.PASS: "[green]pass[/green]",
    Verdict.FAIL: "[red]fail[/red]",
    Verdict.UNKNOWN: "[yellow]unknown[/yellow]",
    Verdict.IGNORED: "[yellow]ignored[/yellow]",
    Verdict.ABSENT: "[dim]nothing to check[/dim]",
}
QUIET = {"same", "read", "refresh"}


class Live:
    """A reporter for a terminal, with a bar at the bottom; what is no terminal gets the lines alone.

    Use it as a context manager.
    """

    def __init__(self, console: Console) -> None:
        self.console = console
        self.bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("[dim]{task.fields[left]}[/dim]"),
            console=console,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
            disable=not console.is_terminal,
        )
        self.task = self.bar.add_task("rollout", total=None, left="")
        self.shown: int | None = None
        self.said: set[str] = set()

    def __enter__(self) -> Self:
        self.bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Take the bar away."""
        self.bar.stop()

    def step(self, index: int, steps: Sequence[Step], phase: str) -> None:
        """Show the step and the phase that begins."""
        step = steps[index]
        if self.shown != index:
            expected = span(step.duration.expected)
            self.console.print(
                f"[bold]step {index + 1}/{len(steps)}[/bold] {escape(step.title)} "
                f"[dim](about {expected} on Azure; {escape(step.reason)})[/dim]"
            )
            self.shown = index
        self.said = set()
        self.console.print(f"  [cyan]{escape(phase)}[/cyan]")
        left = sum(item.duration.expected for item in steps[index:])
        self.bar.update(
            self.task,
            description=escape(f"{step.target}: {phase}"),
            completed=index,
            total=len(steps),
            left=f"about {span(left)} left",
        )

    def gates(self, results: Sequence[Result]) -> None:
        """Show what the gates found; not twice the same while a cluster settles."""
        lines = list(_gate_lines(results))
        if "\n".join(lines) in self.said:
            return
        self.said.add("\n".join(lines))
        for line in lines:
            self.console.print(line)

    def event(self, event: EngineEvent) -> None:
        """Show a resource that changes, and when it is done."""
        for part, word in ((event.resource_pre_event, "..."), (event.res_outputs_event, "done")):
            if part is not None and part.metadata.op.value not in QUIET:
                name = escape(part.metadata.urn.rpartition("::")[2])
                kind = escape(part.metadata.type.rpartition(":")[2])
                self.console.print(f"    [dim]{part.metadata.op.value} {kind} {name} {word}[/dim]")

    def note(self, text: str) -> None:
        """Show a line."""
        self.console.print(f"  {escape(text)}", style="yellow")

    def waiting(self, what: str, seconds: float) -> None:
        """Show what is waited for: in the bar, and once as a line."""
        left = f"{seconds:.0f} s" if seconds < 120 else span(round(seconds / 60))  # noqa: PLR2004  # two minutes
        self.bar.update(self.task, description=escape(f"{what}: {left}"))
        if what not in self.said:
            self.said.add(what)
            self.console.print(f"  [dim]waiting: {escape(what)}[/dim]")


def _gate_lines(results: Sequence[Result]) -> list[str]:
    counts = [
        (sum(result.verdict in {Verdict.PASS, Verdict.IGNORED} for result in results), "pass"),
        (sum(result.verdict is Verdict.FAIL for result in results), "fail"),
        (sum(result.verdict is Verdict.UNKNOWN for result in results), "unknown"),
        (sum(result.verdict is Verdict.ABSENT for result in results), "with nothing to check"),
    ]
    lines = [f"    gates: {', '.join(f'{count} {word}' for count, word in counts if count)}"]
    unknown: dict[str, list[str]] = {}
    for result in results:
        if result.verdict is Verdict.UNKNOWN:
            for finding in result.findings:
                unknown.setdefault(finding.why, []).append(result.code)
            continue
        if result.verdict in {Verdict.PASS, Verdict.ABSENT}:
            continue
        lines.append(f"    {MARKS[result.verdict]} {result.code} {escape(result.title)} ({result.level})")
        lines.extend(
            f"      {escape(f'{finding.resource} {finding.why}; {finding.remedy}')}"
            for finding in (*result.findings, *result.ignored)
        )
    for why, codes in unknown.items():
        lines.append(f"    {MARKS[Verdict.UNKNOWN]} {', '.join(dict.fromkeys(codes))}: {escape(why)}")
    return lines
