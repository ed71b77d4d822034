"""A step that moves the pods off a pool: gates, cordon, evictions as budgets allow them, until no pod is left. No engine takes part."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from upgrades.gates.base import When, result_data
from upgrades.journal.progress import Phase
from upgrades.model import baseline

from .edges import Stopped
from .remedies import way_back
from .work import POLL

if TYPE_CHECKING:
    from upgrades.journal.progress import Progress
    from upgrades.model.steps import Step
    from upgrades.model.view import View

    from .work import Work

SHOWN = 10
"""Pods that a message names; more are counted."""


def drain(work: Work, at: Progress, step: Step, before: View | None) -> View | None:
    """Check the gates and drain the pool; return the state before the step. Raises Stopped.

    A drain that was cut off goes on in the window, without the other gates: its nodes are cordoned by it, and each eviction is judged by the API server.
    """
    work.hear_abort()
    work.show(at, "gates before")
    work.let_operations_end(step)
    if at.phase < Phase.CHANGING:
        before = work.engine.view(step)
        gates = [result_data(result) for result in work.gate(When.BEFORE, before, step, None)]
        work.journal.write("gates-passed", index=at.index, baseline=baseline.as_data(before), gates=gates)
        work.journal.write("up-started", index=at.index, preview=[f"cordon and drain pool {step.target}"])
    else:
        work.keep_to_the_window(step)
    work.show(at, "drain")
    _until_empty(work, step)
    work.journal.write("up-finished", index=at.index)
    work.edges.interrupts.check()
    return before


def _until_empty(work: Work, step: Step) -> None:
    until = work.edges.now() + timedelta(minutes=step.duration.longest)
    while (seen := work.engine.drain(step)).left:
        work.hear_abort()
        work.edges.interrupts.check()
        if work.edges.now() >= until:
            said = seen.refused or tuple(f"pod {name} is still there" for name in seen.left)
            more = f"\n  and {len(said) - SHOWN} more" if len(said) > SHOWN else ""
            raise Stopped(
                f"pool {step.target} is not drained after {step.duration.longest} minutes:\n  "
                + "\n  ".join(said[:SHOWN])
                + more,
                f"clear them and `resume`; {way_back(step)}",
            )
        work.edges.reporter.waiting(f"{len(seen.left)} pods leave {step.target}", POLL)
        work.edges.sleep(POLL)
