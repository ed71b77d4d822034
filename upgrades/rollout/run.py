"""Runs a plan's steps on one stack, one after another, and can go on from any point at which it was cut off.

For each step: gates, the edit of the stack file, a preview that must show exactly this step, `up`, gates again, soak.
The journal has each of these before it begins, so that a new run knows where the last one was.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from upgrades import baseline, edit
from upgrades.gates.base import Verdict, When, result_data
from upgrades.journal_shape import FORMAT
from upgrades.transient import complaint

from .edges import Stopped
from .engine import ROLLBACK, Engine
from .files import differing
from .process import this_process
from .progress import Phase, Progress, State, progress, step_data

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from upgrades.fleet import Step
    from upgrades.gates.base import Result
    from upgrades.journal import Journal
    from upgrades.view import View

    from .edges import Edges

POLL = 15.0
"""Seconds between two looks at a cluster that is settling."""
ENGINE_POLL = 1.0
"""Seconds between two looks whether the engine of a run that was killed has ended."""
BUSY = 60
"""Minutes to wait for an operation that is under way, before the gates say so."""


class Rollout:
    """A rollout held by its journal. `start` begins one, `run` begins or goes on."""

    def __init__(self, journal: Journal, edges: Edges) -> None:
        self.journal = journal
        self.edges = edges
        self.engine = Engine(edges, journal)
        self.abort_file = journal.path.with_suffix(".abort")

    def start(self, steps: Sequence[Step], soak: int = 0, **facts: Any) -> None:
        """Write the plan down, with the minutes to soak after each step and facts for the report.

        Raises Stopped when an earlier rollout has not ended.
        """
        at = progress(self.journal.entries)
        if at.is_open:
            raise Stopped(
                f"a rollout of this stack stands at step {at.index + 1} of {len(at.steps)}",
                "go on with `resume`, or end it with `abort`",
            )
        if self.journal.entries:
            self.journal.archive()
        self.abort_file.unlink(missing_ok=True)
        plan = [step_data(step) for step in steps]
        self.journal.write("started", format=FORMAT, steps=plan, soak=soak, process=this_process(), **facts)

    def run(self) -> Progress:
        """Run to the end. Returns the progress; whatever ends it before is written down, and raised."""
        at = progress(self.journal.entries)
        if self.journal.entries[-1]["event"] != "started" and at.is_open:
            self.journal.write("resumed", process=this_process())
        try:
            while (at := progress(self.journal.entries)).step:
                self._step(at)
        except Stopped as stop:
            kind = "aborted" if self.abort_file.exists() else "stopped"
            gates = [result_data(result) for result in stop.results]
            self.journal.write(kind, why=stop.why, remedy=stop.remedy, gates=gates)
            self.abort_file.unlink(missing_ok=True)
            raise
        except KeyboardInterrupt:
            self.journal.write("stopped", why="it was interrupted", remedy="go on with `resume`", gates=[])
            raise
        except Exception as error:
            self.journal.write("stopped", why=complaint(error), remedy="mend that, then `resume`", gates=[])
            raise
        if at.state is not State.DONE:
            self.journal.write("finished")
        return progress(self.journal.entries)

    def _step(self, at: Progress) -> None:
        self.edges.interrupts.check()
        step = at.steps[at.index]
        before = baseline.from_data(at.baseline) if at.baseline else None
        if at.phase < Phase.CHANGING:
            before = self._prepare(at, step)
        if at.phase < Phase.CHANGED:
            self._change(at, step)
        if at.phase < Phase.SETTLED:
            self._settle(at, step, before)
        if at.phase < Phase.SOAKING:
            self._soak(at)
        else:
            self._wait_until(datetime.fromisoformat(at.soak_until))
        self.journal.write("step-finished", index=at.index)

    def _prepare(self, at: Progress, step: Step) -> View:
        """Check the gates and edit the file; return the state before the step."""
        self._maybe_abort()
        self._show(at, "gates before")
        self._let_operations_end()
        running = self.engine.running().of(step.target)
        if running is not None and running not in {step.before, step.after}:
            raise Stopped(
                f"{step.target} is at {running}, and step {at.index + 1} takes it from {step.before} to {step.after}: "
                "somebody changed it in between",
                "find out who; `abort` this rollout, bring the stack file in line, and make a new plan",
            )
        view = self.engine.view()
        results = () if running == step.after else self._gate(When.BEFORE, view, step, None)
        gates = [result_data(result) for result in results]
        self.journal.write("gates-passed", index=at.index, baseline=baseline.as_data(view), gates=gates)
        self.journal.write("edited", index=at.index)
        try:
            edit.make(self.edges.stack_file, step)
        except edit.EditError as error:
            raise Stopped(str(error), "mend the stack file, then `resume`; or `abort`") from None
        return view

    def _let_operations_end(self) -> None:
        """Wait for what is under way, such as the rest of an `up` that was killed; the gates judge what stays."""
        until = self.edges.now() + timedelta(minutes=BUSY)
        while self.edges.engine_works() and self.edges.now() < until:
            self._maybe_abort()
            self.edges.reporter.waiting("the engine of the run before ends its step", POLL)
            self.edges.sleep(ENGINE_POLL)
        while (under_way := self.engine.running().operations) and self.edges.now() < until:
            self._maybe_abort()
            self.edges.reporter.waiting(f"Azure is busy ({', '.join(under_way)})", POLL)
            self.edges.sleep(POLL)

    def _change(self, at: Progress, step: Step) -> None:
        if at.phase is Phase.CHANGING:
            self._show(at, "looking at what the last run left")
            self._let_operations_end()
        self._show(at, "preview")
        files = self.edges.files()
        seen = self.engine.preview()
        if seen.is_nothing():
            self._verify(step)
            self.journal.write("up-finished", index=at.index, already=True)
            return
        reached = self.engine.running().of(step.target) == step.after
        if beyond := seen.beyond(step, reached=reached):
            if at.phase < Phase.CHANGING:
                self._revert(at, step)
            raise Stopped(
                "the preview shows more than this step:\n  " + "\n  ".join(beyond),
                "settle these changes first (an `up` of their own, or a fix in the stack), then `resume`",
            )
        self._same_files(files)
        self.journal.write("up-started", index=at.index, preview=[str(change) for change in seen.changes])
        self._show(at, "up")
        self.engine.up(step.title)
        self._verify(step)
        self.journal.write("up-finished", index=at.index)
        self.edges.interrupts.check()

    def _same_files(self, before: Mapping[str, str]) -> None:
        """See that an `up` does what was previewed: nobody has written to the stack's files meanwhile."""
        changed = differing(before, self.edges.files())
        if changed:
            raise Stopped(
                f"the preview is of other files than these: {', '.join(changed)} changed while it ran",
                "look at the change, then `resume`: it previews again",
            )

    def _verify(self, step: Step) -> None:
        """Look whether Azure runs what the step ends at: an `up` that succeeded is no proof."""
        running = self.engine.running().of(step.target)
        if running is not None and running != step.after:
            raise Stopped(
                f"`up` is done, and {step.target} still runs {running} instead of {step.after}",
                f"look at the pool in Azure, then `resume`; {ROLLBACK}",
            )

    def _settle(self, at: Progress, step: Step, before: View | None) -> None:
        """Wait until the gates after the step pass, as long as `settle` minutes."""
        self._show(at, "gates after")
        until = self.edges.now() + timedelta(minutes=self.edges.settle)
        while True:
            try:
                results = self._gate(When.AFTER, self.engine.view(), step, before)
            except Stopped:
                if self.edges.now() >= until:
                    raise
                self._maybe_abort()
                self.edges.reporter.waiting("the cluster settles", POLL)
                self.edges.sleep(POLL)
            else:
                self.journal.write("settled", index=at.index, gates=[result_data(r) for r in results])
                return

    def _soak(self, at: Progress) -> None:
        if not at.soak or at.index == len(at.steps) - 1:
            return
        until = self.edges.now() + timedelta(minutes=at.soak)
        self.journal.write("soaking", index=at.index, until=until.isoformat())
        self._wait_until(until, at)

    def _wait_until(self, until: datetime, at: Progress | None = None) -> None:
        if at is not None:
            self._show(at, "soak")
        while (left := (until - self.edges.now()).total_seconds()) > 0:
            self._maybe_abort()
            self.edges.reporter.waiting("soak", left)
            self.edges.sleep(min(left, POLL))

    def _gate(self, when: When, view: View, step: Step, before: View | None) -> Sequence[Any]:
        results = self.edges.check(when, view, step, before)
        self.edges.reporter.gates(results)
        stopping = [result for result in results if result.stops]
        if not stopping:
            return results
        lines = list(_lines(stopping))
        remedy = "clear them and `resume`, or accept them by name in the ignore file"
        if when is When.AFTER:
            remedy += f"; {ROLLBACK}"
        raise Stopped(f"gates {when} {step.title} did not pass:\n  " + "\n  ".join(lines), remedy, results)

    def _revert(self, at: Progress, step: Step) -> None:
        """Put the line back as it was: nothing has been changed yet."""
        edit.take_back(self.edges.stack_file, step)
        self.journal.write("reverted", index=at.index)

    def _maybe_abort(self) -> None:
        if self.abort_file.exists():
            raise Stopped("the rollout was aborted", "what is done stays done; a new plan starts from there")

    def _show(self, at: Progress, phase: str) -> None:
        self.edges.reporter.step(at.index, at.steps, phase)


def _lines(results: Sequence[Result]) -> Iterator[str]:
    """Yield what the gates found, a line each; those that miss the same thing share one."""
    unknown: dict[str, list[str]] = {}
    for result in results:
        for finding in result.findings:
            if result.verdict is Verdict.UNKNOWN:
                unknown.setdefault(finding.why, []).append(result.code)
            else:
                yield f"{result.code} {finding.resource} {finding.why}; {finding.remedy}"
    for why, codes in unknown.items():
        yield f"{', '.join(dict.fromkeys(codes))}: not known: {why}"
