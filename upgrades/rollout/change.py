"""The middle phase of a step: a preview that shows exactly the step, bound to the `up` that does it."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING

from secure_aks_lifecycle import ending

from upgrades.files import edit
from upgrades.files.digests import differing
from upgrades.gates.base import When
from upgrades.journal.progress import Phase
from upgrades.plan.permits import permit

from .edges import Stopped
from .permits import handed_over
from .reached import failed_by, is_begun, is_reached, short_of
from .remedies import way_back

if TYPE_CHECKING:
    from collections.abc import Mapping

    from upgrades.journal.progress import Progress
    from upgrades.model.steps import Step

    from .work import Work

LONG = timedelta(minutes=5)
"""What a preview takes only when it was tried again: the window may close meanwhile."""


def change(work: Work, at: Progress, step: Step) -> None:
    """Preview the step, and bring it up when the preview shows nothing else. Raises Stopped, KeyboardInterrupt."""
    if at.phase is Phase.CHANGING:
        work.show(at, "looking at what the last run left")
        work.let_operations_end(step)
        _judged_again(work, step)
    with _permitted(work, at, step):
        _change(work, at, step)
    work.edges.interrupts.check()


def _judged_again(work: Work, step: Step) -> None:
    """Judge a step that was begun and is not done, days ago maybe, by what is true now. Raises Stopped.

    Of which Azure has moved nothing, by all gates; of which it has, by the window alone: nodes and pods may be half-way.
    """
    running = work.engine.running()
    if is_reached(running, step):
        return
    moving = running.operations or failed_by(running, step)
    untouched = all(running.of(part.target) == part.before for part in step.parts)
    if step.move is None and untouched and not moving:
        work.gate(When.BEFORE, work.engine.view(step), step, None)
    else:
        work.keep_to_the_window(step)


def _change(work: Work, at: Progress, step: Step) -> None:
    work.show(at, "preview")
    begun = work.edges.now()
    files, state = work.edges.files(), work.engine.state()
    seen = work.engine.preview()
    if seen.is_nothing():
        _verify(work, step)
        work.journal.write("up-finished", index=at.index, already=True)
        return
    running = work.engine.running()
    if beyond := seen.beyond(step, reached=is_reached(running, step)):
        kept = at.is_rollback or step.move or (step.whole and is_begun(running, step))
        if at.phase < Phase.CHANGING and not kept:
            _revert(work, at, step)
        raise Stopped(
            "the preview shows more than this step:\n  " + "\n  ".join(beyond),
            "settle these changes first (an `up` of their own, or a fix in the stack), then `resume`",
        )
    if work.edges.now() - begun > LONG and not is_reached(running, step):
        work.keep_to_the_window(step)
    _same_files(work, files)
    _same_state(work, state)
    if step.whole and not is_reached(running, step):
        _in_azure(work, at, step)
        _same_files(work, files)
        _same_state(work, state)
    work.journal.write("up-started", index=at.index, preview=[str(one) for one in seen.changes])
    work.show(at, "up")

    def anew() -> None:
        _same_files(work, files)
        if not is_reached(work.engine.running(), step):
            work.keep_to_the_window(step)

    done = work.engine.up(step, anew)
    _verify(work, step)
    if more := done.others(step):
        raise Stopped(
            "`up` did more than its preview showed, of files that changed as it began:\n  "
            + "\n  ".join(more),
            f"look at what was done (`{ending.there('pulumi')} stack history`), then `resume`",
        )
    work.journal.write("up-finished", index=at.index)


def _in_azure(work: Work, at: Progress, step: Step) -> None:
    """Let Azure upgrade the whole cluster, which no engine can ask for: the provider's PUT of a cluster names no pool's version."""
    work.show(at, "full-cluster upgrade in Azure")
    work.journal.write("upgrading", index=at.index)
    work.engine.upgrade_whole(step)
    if missing := short_of(work.engine.running(), step):
        raise Stopped(
            f"Azure is done, and {missing}", f"look at it in Azure, then `resume`; {way_back(step)}"
        )
    work.journal.write("upgraded", index=at.index)


def _permitted(work: Work, at: Progress, step: Step) -> AbstractContextManager[None]:
    """Hand the lifecycle pack a permit for what is no legal step otherwise (a rollback, a whole cluster); it is written down first."""
    if not (at.is_rollback or step.whole):
        return nullcontext()
    given = permit(step, work.edges.now(), f"{step.stack}-{len(work.journal.entries) + 1}")
    work.journal.write("permitted", index=at.index, permit=given.as_data())
    return handed_over(given)


def _same_files(work: Work, before: Mapping[str, str]) -> None:
    """See that an `up` does what was previewed: nobody has written to the stack's files meanwhile."""
    changed = differing(before, work.edges.files())
    if changed:
        raise Stopped(
            f"the preview is of other files than these: {', '.join(changed)} changed since it began",
            "look at the change, then `resume`: it previews again",
        )


def _same_state(work: Work, before: str) -> None:
    """See that nobody has brought the stack up, refreshed or edited its state since the preview looked at it."""
    if work.engine.state() != before:
        raise Stopped(
            "the preview is of another state than the stack's: somebody ran an `up`, a refresh or an import while it ran",
            f"look at what was done (`{ending.there('pulumi')} stack history`), then `resume`: it previews again",
        )


def _verify(work: Work, step: Step) -> None:
    """Look whether Azure runs what the step ends at: an `up` that succeeded is no proof."""
    if missing := short_of(work.engine.running(), step):
        raise Stopped(
            f"`up` is done, and {missing}",
            f"look at the pool in Azure, then `resume`; {way_back(step)}",
        )


def _revert(work: Work, at: Progress, step: Step) -> None:
    """Put the line back as it was: nothing has been changed yet."""
    edit.take_back(work.edges.stack_file, step, at.lines)
    work.journal.write("reverted", index=at.index)
