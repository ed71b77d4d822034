"""`rollout` and `resume`: run a plan on a stack, step by step, with everything in the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from secure_aks_lifecycle.clock import now

from upgrades.journal import Journal, read
from upgrades.progress import State, progress
from upgrades.rollout import Rollout, Stopped

from .common import Emulated, Soak, StackName, Target, blocked, err, fail, open_session, out, plan_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from upgrades.session import Session


def rollout(to: Target, stack: StackName = "dev", *, soak: Soak = 0, emulated: Emulated = False) -> None:
    """Take a stack to a version: gates, preview, up, gates, soak, step by step. Killed? `resume` goes on."""
    session = open_session(stack, emulated=emulated)
    made = plan_of(session, to)
    if made.blockers:
        blocked(made)
    if not made.steps:
        out.print(f"{stack} is on {to} already.")
        return
    _run(session, soak, lambda run: run.start(made.steps))


def resume(stack: StackName = "dev", *, soak: Soak = 0, emulated: Emulated = False) -> None:
    """Go on with a rollout that was stopped or killed."""
    session = open_session(stack, emulated=emulated)
    at = progress(read(session.journal))
    if at.state not in {State.RUNNING, State.STOPPED}:
        fail(f"{stack}: there is no rollout to go on with (it is {at.state}); begin one with `rollout --to`")
    _run(session, soak, lambda _: None)


def _run(session: Session, soak: int, begin: Callable[[Rollout], None]) -> None:
    from upgrades.show import Live  # noqa: PLC0415

    with Journal(session.journal, now) as journal, Live(out) as reporter:
        run = Rollout(journal, session.edges(reporter, soak))
        try:
            begin(run)
            done = run.run()
        except Stopped as stop:
            reporter.bar.stop()
            err.print(stop.why, style="red", markup=False)
            err.print(stop.remedy, style="green", markup=False)
            raise typer.Exit(1) from None
    out.print(f"[green]Done[/green]: {len(done.steps)} steps on {session.name}.")
