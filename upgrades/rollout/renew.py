"""A step that gives a pool a newer node image: gates, the request to Azure, a look whether it came about. No engine takes part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import When, result_data
from upgrades.journal.progress import Phase
from upgrades.model import baseline

from .edges import Stopped
from .reached import failed_by

if TYPE_CHECKING:
    from upgrades.journal.progress import Progress
    from upgrades.model.steps import Step
    from upgrades.model.view import View
    from upgrades.observe.running import Running

    from .work import Work


def renew(work: Work, at: Progress, step: Step, before: View | None) -> View | None:
    """Check the gates and let Azure renew the pool's nodes; return the state before the step. Raises Stopped."""
    work.hear_abort()
    work.show(at, "gates before")
    work.let_operations_end(step)
    image = _image(work.engine.running(), step)
    if image not in {step.image_before, step.image_after}:
        raise Stopped(
            f"{step.target} runs node image {image}, and step {at.index + 1} takes it from {step.image_before} to "
            f"{step.image_after}: somebody changed it in between",
            "`abort` this rollout, and make a new plan",
        )
    if at.phase < Phase.CHANGING:
        before = work.engine.view(step)
        results = () if image == step.image_after else work.gate(When.BEFORE, before, step, None)
        gates = [result_data(result) for result in results]
        work.journal.write("gates-passed", index=at.index, baseline=baseline.as_data(before), gates=gates)
    already = image == step.image_after
    if at.phase is Phase.CHANGING and not already:
        work.keep_to_the_window(step)
    if not already:
        work.journal.write(
            "up-started", index=at.index, preview=[f"node image {step.target} {step.image_after}"]
        )
        work.show(at, "new node image")
        work.engine.renew(step)
    running = work.engine.running()
    image = _image(running, step)
    if failed := failed_by(running, step):
        raise Stopped(f"Azure is done, and: {failed}", "look at the pool in Azure, then `resume`")
    if image != step.image_after:
        raise Stopped(
            f"Azure is done, and {step.target} still runs node image {image} instead of {step.image_after}",
            "look at the pool in Azure, then `resume`",
        )
    work.journal.write("up-finished", index=at.index, already=already)
    work.edges.interrupts.check()
    return before


def _image(running: Running, step: Step) -> str:
    if step.target not in running.images:
        raise Stopped(
            f"Azure does not say which node image pool {step.target} runs",
            "look whether it is there, then `resume`",
        )
    return running.images[step.target]
