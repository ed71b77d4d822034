"""The first phase of a step: the gates, for a rollback what Azure does, and the edit of the stack file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.files import edit, pools_edit
from upgrades.gates.base import When, result_data
from upgrades.model import baseline
from upgrades.plan.rollback import TROUBLE

from .edges import Stopped
from .reached import is_reached, no_more, with_room

if TYPE_CHECKING:
    from upgrades.journal.progress import Progress
    from upgrades.model.steps import Step
    from upgrades.model.view import View

    from .work import Work


def prepare(work: Work, at: Progress, step: Step) -> View:
    """Check the gates and edit the file; return the state before the step. Raises Stopped."""
    work.hear_abort()
    work.show(at, "gates before")
    work.let_operations_end(step)
    running = work.engine.running()
    if gone := no_more(running, step):
        raise Stopped(
            gone,
            "look who deleted it; `abort` this rollout, bring the stack file in line, and make a new plan",
        )
    for part in step.parts:
        there = running.of(part.target)
        if there is not None and there not in {part.before, part.after}:
            raise Stopped(
                f"{part.target} is at {there}, and step {at.index + 1} takes it from {part.before} to {part.after}: "
                "somebody changed it in between",
                "find out who; `abort` this rollout, bring the stack file in line, and make a new plan",
            )
    view = with_room(work, step, work.engine.view(step))
    reached = is_reached(work.engine.running(), step)
    shown = TROUBLE if at.is_rollback else ()
    results = () if reached else work.gate(When.BEFORE, view, step, None, shown)
    gates = [result_data(result) for result in results]
    work.journal.write("gates-passed", index=at.index, baseline=baseline.as_data(view), gates=gates)
    if at.is_rollback and running.of(step.target) != step.after:
        work.show(at, "rollback in Azure")
        work.journal.write("rolling-back", index=at.index)
        work.engine.roll_back(step)
        work.journal.write("rolled-back", index=at.index)
    lines = {} if step.move else edit.lines(work.edges.stack_file, step)
    work.journal.write("edited", index=at.index, **({"lines": lines} if lines else {}))
    at.lines = lines or at.lines
    try:
        if step.move:
            pools_edit.make_move(work.edges.stack_file, step.move)
        else:
            edit.make(work.edges.stack_file, step)
    except edit.EditError as error:
        raise Stopped(str(error), "mend the stack file, then `resume`; or `abort`") from None
    return view
