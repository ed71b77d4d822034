"""How a command looks: a live progress line in a terminal, plain lines elsewhere, one JSON document with `--json`."""

from __future__ import annotations

import json
import os
import re
import sys
from typing import TYPE_CHECKING, Any, Self

from emulator.dry_run.report import NO_CHANGE, Report, is_shown
from emulator.dry_run.text import plain, report_lines, step_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi.automation.events import EngineEvent

    from emulator.dry_run.operation import Result
    from emulator.dry_run.text import Line

_LEAD = re.compile(r"[ │]*")
"""The lines of the tree that stand before a text, and run on beside it when it takes several lines."""


class Terminal:
    """Shows one operation: a listener of its events, and a context around it. `plan` listens to the preview inside `up`."""

    def __init__(self, operation: str, stack: str, *, as_json: bool) -> None:
        """Look at stdout: a terminal gets colours and progress (NO_COLOR and TERM=dumb are respected)."""
        self._operation, self._stack, self._json = operation, stack, as_json
        self.is_terminal = sys.stdout.isatty() and not as_json and os.environ.get("TERM") != "dumb"
        self._report: Report | None = None
        self._plan: Report | None = None
        self._bar: Any = None
        self._done = 0
        self._planned: int | None = None

    def __enter__(self) -> Self:
        """Begin to show progress."""
        if self.is_terminal:
            self._bar = _Bar(f"{self._operation} of {self._stack}")
        return self

    def __exit__(self, *_: object) -> None:
        """End the progress line."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def __call__(self, event: EngineEvent) -> None:
        """Take an event of the operation."""
        report = self._report = self._report or Report()
        report(event)
        done = event.res_outputs_event
        if done is None:
            if event.resource_pre_event is not None and self._bar is not None:
                now = event.resource_pre_event.metadata.urn.rsplit("::", 1)[-1]
                self._bar.show(now, self._done, self._planned)
            return
        if done.metadata.op.value in NO_CHANGE or done.metadata.urn not in report.rows:
            return
        self._done += 1
        row = report.rows[done.metadata.urn]
        if not (self._json or self.is_terminal or done.planning or row.said) and is_shown(row):
            row.said = True
            sys.stdout.write(plain(step_line(row)) + "\n")
            sys.stdout.flush()

    def plan(self, event: EngineEvent) -> None:
        """Take an event of the preview that `up` begins with."""
        plan = self._plan = self._plan or Report()
        plan(event)
        if event.summary_event is not None:
            self._planned = sum(row.op not in NO_CHANGE for row in plan.rows.values())
        if self._bar is not None and event.resource_pre_event is not None:
            self._bar.show("preview: " + event.resource_pre_event.metadata.urn.rsplit("::", 1)[-1], 0, None)

    def confirm(self, question: str) -> bool:
        """Ask; the plan stands above."""
        self.__exit__()
        if self._plan is not None:
            self._print(self._lines(self._plan, "preview", None))
        answer = input(f"\n{question} [y/N] ").strip().lower() in {"y", "yes"}
        self.__enter__()
        return answer

    def reset(self) -> None:
        """Forget what was shown."""
        self._report, self._done = None, 0

    def finish(self, result: Result) -> None:
        """Show what came of it."""
        report = self._report
        if report is None or (not result.ok and self._plan is not None and not report.rows):
            report = self._plan or Report()
        if self._json:
            document = report.to_json(self._stack, self._operation, result)
            sys.stdout.write(json.dumps(document, indent=2, default=str) + "\n")
        else:
            self._print(self._lines(report, self._operation, result))

    def _lines(self, report: Report, operation: str, result: Result | None) -> Iterable[Line]:
        streamed = not self.is_terminal and not report.planning
        return report_lines(report, operation, self._stack, result, details_only=streamed)

    def _print(self, lines: Iterable[Line]) -> None:
        if not self.is_terminal:
            sys.stdout.write("".join(plain(line) + "\n" for line in lines))
            return
        from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
        from rich.text import Text  # noqa: PLC0415

        console = Console(highlight=False)
        for line in lines:
            text = Text.assemble(*line)
            lead = _LEAD.match(text.plain)
            if lead and text.cell_len > console.width:
                stem, text = text.divide([lead.end()])
                first, *rest = text.wrap(console, max(console.width - lead.end() - 2, 20))
                text = Text("\n").join([stem + first, *(stem + "  " + part for part in rest)])
            console.print(text, soft_wrap=True)


class _Bar:
    """A progress bar; without a total it only moves."""

    def __init__(self, title: str) -> None:
        from rich import progress  # noqa: PLC0415 - only a terminal needs it

        self._progress = progress.Progress(
            progress.SpinnerColumn(),
            progress.TextColumn("{task.description}"),
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TimeElapsedColumn(),
            progress.TextColumn("[dim]{task.fields[now]}"),
            transient=True,
            refresh_per_second=8,
        )
        self._task = self._progress.add_task(title, total=None, now="loading the program")
        self._progress.start()

    def show(self, now: str, done: int, total: int | None) -> None:
        """Show what is being done, and how much of it is done."""
        self._progress.update(self._task, completed=done, total=total, now=now)

    def stop(self) -> None:
        """Take it away."""
        self._progress.stop()
