"""Runs a plan's steps on one stack, one after another, and can go on from any point at which it was cut off.

For each step: gates, the edit of the stack file, a preview that must show exactly this step, `up`, gates again, soak.
The journal has each of these before it begins, so that a new run knows where the last one was.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from upgrades.engine.process import this_process
from upgrades.errors.transient import complaint
from upgrades.files import edit
from upgrades.gates.base import When, result_data
from upgrades.journal.progress import Phase, Progress, State, progress, step_data
from upgrades.journal.shape import FORMAT
from upgrades.model import baseline

from .change import change
from .drain import drain
from .edges import Stopped
from .prepare import prepare
from .renew import renew
from .work import POLL, Work

if TYPE_CHECKING:
    from collections.abc import Sequence

    from upgrades.journal.file import Journal
    from upgrades.model.steps import Step
    from upgrades.model.view import View

    from .edges import Edges


class Rollout:
    """A rollout held by its journal. `start` begins one, `run` begins or goes on."""

    def __init__(self, journal: Journal, edges: Edges) -> None:
        self.journal = journal
        self.edges = edges
        self.work = Work(journal, edges)

    def start(self, steps: Sequence[Step], soak: int = 0, **facts: Any) -> None:
        """Write the plan down, with the minutes to soak after each step and facts for the report.

        Raises Stopped when an earlier rollout has not ended, or when a line of the stack file cannot be edited safely.
        """
        at = progress(self.journal.entries)
        if at.is_open:
            raise Stopped(
                f"a rollout of this stack stands at step {at.index + 1} of {len(at.steps)}",
                "go on with `resume`, or end it with `abort`",
            )
        versions = [part for step in steps if not (step.is_image or step.move) for part in step.parts]
        if refused := edit.refusals(self.edges.stack_file, versions):
            raise Stopped(
                "the stack file cannot be edited safely:\n  " + "\n  ".join(refused),
                "mend it, then begin again; nothing has been changed",
            )
        if self.journal.entries:
            self.journal.archive()
        self.journal.forget_asking()
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
            kind = "aborted" if self.journal.is_asked_to_end() else "stopped"
            gates = [result_data(result) for result in stop.results]
            self.journal.write(kind, why=stop.why, remedy=stop.remedy, gates=gates)
            self.journal.forget_asking()
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
        if step.is_image and at.phase < Phase.CHANGED:
            before = renew(self.work, at, step, before)
        elif step.move and not step.move.edits and at.phase < Phase.CHANGED:
            before = drain(self.work, at, step, before)
        elif at.phase < Phase.CHANGED:
            if at.phase < Phase.CHANGING:
                before = prepare(self.work, at, step)
            change(self.work, at, step)
        if at.phase < Phase.SETTLED:
            self._settle(at, step, before)
        if at.phase < Phase.SOAKING:
            self._soak(at)
        else:
            self.work.wait_until(datetime.fromisoformat(at.soak_until))
        self.journal.write("step-finished", index=at.index)

    def _settle(self, at: Progress, step: Step, before: View | None) -> None:
        """Wait until the gates after the step pass, as long as `settle` minutes."""
        self.work.show(at, "gates after")
        until = self.edges.now() + timedelta(minutes=self.edges.settle)
        while True:
            try:
                results = self.work.gate(When.AFTER, self.work.engine.view(), step, before)
            except Stopped:
                if self.edges.now() >= until:
                    raise
                self.work.hear_abort()
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
        self.work.show(at, "soak")
        self.work.wait_until(until)
