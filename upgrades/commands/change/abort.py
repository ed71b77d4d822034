"""`abort`: end a rollout at its next boundary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades import typed
from upgrades.commands.common import StackName, fail, open_session, out
from upgrades.files.edit import with_step
from upgrades.files.yaml_nodes import EditError
from upgrades.journal.file import JournalBusyError
from upgrades.journal.progress import Phase, State, progress
from upgrades.rollout.reached import left_by

if TYPE_CHECKING:
    from upgrades.model.steps import Step
    from upgrades.session.session import Session


def abort(stack: StackName = "dev") -> None:
    """End a rollout at its next boundary; what is done stays done."""
    session = open_session(stack)
    at = progress(session.kept.entries())
    if at.state not in {State.RUNNING, State.STOPPED}:
        fail(f"{stack}: there is no rollout to abort (it is {at.state})")
    try:
        with session.kept.open() as journal:
            if at.phase is Phase.CHANGING:
                fail(f"{stack}: an `up` was cut off; finish it with `resume` first, then abort")
            journal.write("aborted", why="aborted by hand", remedy="a new plan starts from what is done")
    except JournalBusyError:
        session.kept.ask_to_end()
        out.print("The rollout stops at its next boundary.")
        return
    out.print(
        f"Aborted at step {at.index + 1} of {len(at.steps)}. {_file_note(session, at.step)}", markup=False
    )


def _file_note(session: Session, step: Step | None) -> str:
    if step is None:
        return ""
    if step.whole:
        again = typed.command("whole-cluster", step.stack, "--to", str(step.after))
        return f"What Azure has begun it ends by itself; this goes on from there: {again}"
    if step.move:
        return f"{left_by(step.move)[0].upper()}{left_by(step.move)[1:]}."
    try:
        with_step(session.file, step)
    except EditError:
        return f"{session.file.name} already names {step.after} for {step.target}: keep it, or put {step.before} back."
    return ""
