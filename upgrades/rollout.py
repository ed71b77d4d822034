"""Runs a plan's steps on one stack, one after another, and can go on from any point at which it was cut off.

For each step: gates, the edit of the stack file, a preview that must show exactly this step, `up`, gates again, soak.
The journal has each of these before it begins, so that a new run knows where the last one was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from pulumi.automation import CommandError

from . import baseline
from .edit import EditError, with_step
from .gates.base import When
from .previewed import Previewed
from .progress import Phase, Progress, State, progress, step_data
from .transient import is_transient, waits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pulumi.automation import EngineEvent
    from secure_aks_lifecycle.version import Version

    from .fleet import Step
    from .gates.base import Result
    from .journal import Journal
    from .view import View

POLL = 15.0
"""Seconds between two looks at a cluster that is settling."""


class Stack(Protocol):
    """The part of `pulumi.automation.Stack` that a rollout uses."""

    def preview(self, *, on_event: Callable[[EngineEvent], Any] | None = None) -> Any:
        """Preview the stack."""
        ...

    def up(self, *, on_event: Callable[[EngineEvent], Any] | None = None) -> Any:
        """Bring the stack up."""
        ...


class Reporter(Protocol):
    """Is told what goes on, to show it."""

    def step(self, index: int, steps: Sequence[Step], phase: str) -> None:
        """Show the step and the phase that begins."""
        ...

    def gates(self, results: Sequence[Result]) -> None:
        """Show what the gates found."""
        ...

    def event(self, event: EngineEvent) -> None:
        """Show an event of the engine."""
        ...

    def note(self, text: str) -> None:
        """Show a line."""
        ...


class Stopped(Exception):  # noqa: N818  # a legal end of a run, no error of the program
    """The rollout stopped in a legal state. `why` says what stopped it, `remedy` what can be done."""

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(f"{why}\n{remedy}")
        self.why, self.remedy = why, remedy


@dataclass(frozen=True, slots=True)
class Edges:
    """Everything a rollout touches outside itself; tests hand in their own.

    `running` returns the version that a target (the control plane or a pool) has now, None when it cannot be told;
    `view` reads the cluster; `check` runs the gates of one side over a view. Times are seconds, `soak` minutes.
    """

    stack: Stack
    stack_file: Path
    running: Callable[[str], Version | None]
    view: Callable[[], View]
    check: Callable[[When, View, Step, View | None], Sequence[Result]]
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    reporter: Reporter
    soak: int = 0
    settle: int = 30


class Rollout:
    """A rollout held by its journal. `start` begins one, `run` begins or goes on."""

    def __init__(self, journal: Journal, edges: Edges) -> None:
        self.journal = journal
        self.edges = edges
        self.abort_file = journal.path.with_suffix(".abort")

    def start(self, steps: Sequence[Step]) -> None:
        """Write the plan down. Raises Stopped when an earlier rollout has not ended."""
        at = progress(self.journal.entries)
        if at.state in {State.RUNNING, State.STOPPED}:
            raise Stopped(
                f"a rollout of this stack stands at step {at.index + 1} of {len(at.steps)}",
                "go on with `resume`, or end it with `abort`",
            )
        if self.journal.entries:
            self.journal.archive()
        self.abort_file.unlink(missing_ok=True)
        self.journal.write("started", steps=[step_data(step) for step in steps])

    def run(self) -> Progress:
        """Run to the end. Returns the progress; raises Stopped after writing down why."""
        at = progress(self.journal.entries)
        if at.state is State.STOPPED or at.phase is not Phase.WAITING:
            self.journal.write("resumed")
        try:
            while (at := progress(self.journal.entries)).step:
                self._step(at)
        except Stopped as stop:
            kind = "aborted" if self.abort_file.exists() else "stopped"
            self.journal.write(kind, why=stop.why, remedy=stop.remedy)
            self.abort_file.unlink(missing_ok=True)
            raise
        if at.state is not State.DONE:
            self.journal.write("finished")
        return progress(self.journal.entries)

    def _step(self, at: Progress) -> None:
        step = at.steps[at.index]
        before = baseline.from_data(at.baseline) if at.baseline else None
        if at.phase in {Phase.WAITING, Phase.CHECKED, Phase.EDITED}:
            before = self._prepare(at, step)
        if at.phase in {Phase.WAITING, Phase.CHECKED, Phase.EDITED, Phase.CHANGING}:
            self._change(at, step)
        if at.phase is not Phase.SOAKING:
            self._settle(at, step, before)
            self._soak(at)
        else:
            self._wait_until(datetime.fromisoformat(at.soak_until))
        self.journal.write("step-finished", index=at.index)

    def _prepare(self, at: Progress, step: Step) -> View:
        """Check the gates and edit the file; return the state before the step."""
        self._maybe_abort()
        running = self.edges.running(step.target)
        if running is not None and running not in {step.before, step.after}:
            raise Stopped(
                f"{step.target} is at {running}, and step {at.index + 1} takes it from {step.before} to {step.after}: "
                "somebody changed it in between",
                "abort this rollout and make a new plan",
            )
        self._show(at, "gates before")
        view = self.edges.view()
        if running != step.after:
            self._gate(When.BEFORE, view, step, None)
        self.journal.write("gates-passed", index=at.index, baseline=baseline.as_data(view))
        self.journal.write("edited", index=at.index)
        self._edit(step)
        return view

    def _edit(self, step: Step) -> None:
        path = self.edges.stack_file
        try:
            text = with_step(path, step)
        except EditError as error:
            if not self._says(step):
                raise Stopped(str(error), "mend the stack file, then `resume`; or `abort`") from None
            return  # the last run was cut off after the edit
        aside = path.with_suffix(".tmp")
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)

    def _says(self, step: Step) -> bool:
        """Tell whether the stack file names the step's end already."""
        back = _turned(step)
        try:
            with_step(self.edges.stack_file, back)
        except EditError:
            return False
        return True

    def _change(self, at: Progress, step: Step) -> None:
        self._show(at, "preview")
        seen = self._preview()
        if seen.is_nothing():
            self.journal.write("up-finished", index=at.index, already=True)
            return
        if beyond := seen.beyond(step):
            if at.phase is not Phase.CHANGING:
                self._revert(at, step)
            raise Stopped(
                "the preview shows more than this step:\n  " + "\n  ".join(beyond),
                "settle these changes first (an `up` of their own, or a fix in the stack), then `resume`",
            )
        self.journal.write("up-started", index=at.index)
        self._show(at, "up")
        self._up(at)
        self.journal.write("up-finished", index=at.index)

    def _preview(self) -> Previewed:
        for wait in [*waits(), None]:
            seen = Previewed()
            try:
                self.edges.stack.preview(on_event=seen)
            except CommandError as error:
                if wait is not None and is_transient(str(error)):
                    self._retry("preview", error, wait)
                    continue
                if not seen.errors:
                    seen.errors.append(str(error).strip())
            return seen
        raise AssertionError("the last round returns")

    def _up(self, at: Progress) -> None:
        for wait in [*waits(), None]:
            try:
                self.edges.stack.up(on_event=self.edges.reporter.event)
            except CommandError as error:
                if wait is None or not is_transient(str(error)):
                    raise Stopped(
                        f"`up` failed: {_last_lines(str(error))}",
                        "mend what it names, then `resume`; Azure never lowers a control plane, and a pool can be "
                        "rolled back within 7 days",
                    ) from None
                self._retry(f"up of step {at.index + 1}", error, wait)
            else:
                return

    def _settle(self, at: Progress, step: Step, before: View | None) -> None:
        """Wait until the gates after the step pass, as long as `settle` minutes."""
        self._show(at, "gates after")
        until = self.edges.now() + timedelta(minutes=self.edges.settle)
        while True:
            try:
                self._gate(When.AFTER, self.edges.view(), step, before)
            except Stopped:
                if self.edges.now() >= until:
                    raise
                self.edges.sleep(POLL)
            else:
                return

    def _soak(self, at: Progress) -> None:
        if not self.edges.soak or at.index == len(at.steps) - 1:
            return
        until = self.edges.now() + timedelta(minutes=self.edges.soak)
        self.journal.write("soaking", index=at.index, until=until.isoformat())
        self._show(at, "soak")
        self._wait_until(until)

    def _wait_until(self, until: datetime) -> None:
        while (left := (until - self.edges.now()).total_seconds()) > 0:
            self._maybe_abort()
            self.edges.sleep(min(left, POLL))

    def _gate(self, when: When, view: View, step: Step, before: View | None) -> None:
        results = self.edges.check(when, view, step, before)
        self.edges.reporter.gates(results)
        stopping = [result for result in results if result.stops]
        if not stopping:
            return
        lines = [
            f"{result.code} {finding.resource} {finding.why}; {finding.remedy}"
            for result in stopping
            for finding in result.findings
        ]
        raise Stopped(
            f"gates {when} {step.title} did not pass:\n  " + "\n  ".join(lines),
            "clear them and `resume`, or accept them by name in the ignore file",
        )

    def _revert(self, at: Progress, step: Step) -> None:
        """Put the line back as it was: nothing has been changed yet."""
        if self._says(step):
            path = self.edges.stack_file
            path.write_text(with_step(path, _turned(step)), encoding="utf-8")
        self.journal.write("reverted", index=at.index)

    def _maybe_abort(self) -> None:
        if self.abort_file.exists():
            raise Stopped("the rollout was aborted", "what is done stays done; a new plan starts from there")

    def _retry(self, what: str, error: CommandError, wait: float) -> None:
        self.journal.write("retry", what=what, error=_last_lines(str(error)), seconds=wait)
        self.edges.reporter.note(
            f"{what} failed, which may pass: {_last_lines(str(error))}; again in {wait:.0f} s"
        )
        self.edges.sleep(wait)

    def _show(self, at: Progress, phase: str) -> None:
        self.edges.reporter.step(at.index, at.steps, phase)


def _turned(step: Step) -> Step:
    """Return the step the other way round: the edit that takes it back."""
    return replace(step, before=step.after, after=step.before)


def _last_lines(text: str, count: int = 3) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " / ".join(lines[-count:])
