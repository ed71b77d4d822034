"""What the phases of a step share: the journal, the edges, the gates, and waiting that hears an abort."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from upgrades.gates.base import Verdict, When
from upgrades.gates.window import Window

from .edges import Stopped
from .engine import Engine
from .remedies import way_back

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime

    from upgrades.gates.base import Result
    from upgrades.journal.file import Journal
    from upgrades.journal.progress import Progress
    from upgrades.model.steps import Step
    from upgrades.model.view import View

    from .edges import Edges

POLL = 15.0
"""Seconds between two looks at a cluster that is settling."""
ENGINE_POLL = 1.0
"""Seconds between two looks whether the engine of a run that was killed has ended."""
BUSY = 60
"""Minutes to wait for an operation that is under way, before the gates say so."""


class Work:
    """A rollout at work: its journal, its edges and the engine between them."""

    def __init__(self, journal: Journal, edges: Edges) -> None:
        self.journal, self.edges = journal, edges
        self.engine = Engine(edges, journal)

    def show(self, at: Progress, phase: str) -> None:
        """Show the phase that begins."""
        self.edges.reporter.step(at.index, at.steps, phase)

    def hear_abort(self) -> None:
        """Raise Stopped when somebody asked for an end."""
        if self.journal.is_asked_to_end():
            raise Stopped("the rollout was aborted", "what is done stays done; a new plan starts from there")

    def let_operations_end(self, step: Step) -> None:
        """Wait for what is under way, such as the rest of an `up` that was killed; the gates judge what stays.

        A full-cluster upgrade that was cut off is waited for as long as it may take.
        """
        until = self.edges.now() + timedelta(minutes=max(BUSY, step.duration.longest if step.whole else 0))
        while self.edges.engine_works() and self.edges.now() < until:
            self.hear_abort()
            self.edges.reporter.waiting("the engine of the run before ends its step", POLL)
            self.edges.sleep(ENGINE_POLL)
        while (under_way := self.engine.running().operations) and self.edges.now() < until:
            self.hear_abort()
            self.edges.reporter.waiting(f"Azure is busy ({', '.join(under_way)})", POLL)
            self.edges.sleep(POLL)

    def wait_until(self, until: datetime) -> None:
        """Soak."""
        while (left := (until - self.edges.now()).total_seconds()) > 0:
            self.hear_abort()
            self.edges.reporter.waiting("soak", left)
            self.edges.sleep(min(left, POLL))

    def keep_to_the_window(self, step: Step) -> None:
        """See that what is left of a step that was begun may go on at this hour. Raises Stopped."""
        results = self.edges.check(When.BEFORE, self.engine.view(step), step, None)
        self._stop_for(When.BEFORE, step, [result for result in results if result.code == Window.code])

    def gate(
        self, when: When, view: View, step: Step, before: View | None, shown: Collection[str] = ()
    ) -> Sequence[Any]:
        """Run the gates of one side; those whose codes are only `shown` stop nothing. Raises Stopped."""
        results = self.edges.check(when, view, step, before)
        self._stop_for(when, step, results, shown)
        return results

    def _stop_for(
        self, when: When, step: Step, results: Sequence[Result], shown: Collection[str] = ()
    ) -> None:
        self.edges.reporter.gates(results)
        stopping = [result for result in results if result.stops and result.code not in shown]
        if not stopping:
            return
        lines = list(_lines(stopping))
        remedy = "clear them and `resume`, or accept them by name in the ignore file"
        if when is When.AFTER:
            remedy += f"; {way_back(step)}"
        raise Stopped(f"gates {when} {step.title} did not pass:\n  " + "\n  ".join(lines), remedy, results)


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
