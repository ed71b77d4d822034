"""`rollout` and `resume`: run a plan on a stack, step by step, with everything in the journal."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from secure_aks_lifecycle.clock import now

from upgrades import lab
from upgrades.journal import Journal, read
from upgrades.rollout.edges import Stopped
from upgrades.rollout.interrupts import Interrupts
from upgrades.rollout.process import lives
from upgrades.rollout.progress import State, progress
from upgrades.rollout.run import Rollout
from upgrades.waves import schedule

from .common import (
    Soak,
    StackName,
    StackNames,
    Target,
    blocked,
    err,
    fail,
    open_session,
    out,
    plan_of,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from upgrades.fleet import Plan
    from upgrades.session import Session
    from upgrades.waves import Schedule


def rollout(
    to: Target,
    stack: StackNames = None,
    *,
    soak: Soak = 0,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Take a stack to a version: gates, preview, up, gates, soak, step by step. Killed? `resume` goes on.

    Shows the plan and asks first. Several stacks go one after another, each after the stack it follows; dev unless some are named.
    """
    sessions = [open_session(name) for name in stack or ["dev"]]
    for session in sessions:
        _begins(session)
    plans = {id(made := plan_of(session, to)): (session, made) for session in sessions}
    for made in [made for _, made in plans.values() if made.blockers]:
        blocked(made)
    timeline = schedule([made for _, made in plans.values()])
    if any(made.steps for _, made in plans.values()):
        _ask([made for _, made in plans.values()], timeline, yes=yes)
    for number, slot in enumerate(timeline.slots):
        session, made = plans[id(slot.plan)]
        _take(session, made if number == 0 else _again(session, made, to), to, soak)


def _begins(session: Session) -> None:
    """See that a rollout may begin on a stack: it is up, and no other stands open."""
    at = progress(read(session.journal))
    if at.is_open and lives(at.process) is not True:
        fail(
            f"{session.name}: a rollout of this stack stands at step {at.index + 1} of {len(at.steps)}; "
            f"go on with it: python -m upgrades resume {words(session)}\n"
            f"or end it: python -m upgrades abort {words(session)}"
        )
    if not session.is_up:
        command = lab.bring_up(session.name)
        fail(f"{session.name}: is not up, so there is nothing to upgrade; bring it up first: {command}")


def _ask(plans: list[Plan], timeline: Schedule, *, yes: bool) -> None:
    """Show what will be done, and ask."""
    from upgrades.render.text import as_text  # noqa: PLC0415

    out.print(as_text(plans, timeline))
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        fail("nobody can be asked here: add --yes to do this", code=2)
    typer.confirm("Do this now?", abort=True)


def _again(session: Session, shown: Plan, to: str) -> Plan:
    """Make a plan anew, after another stack's rollout; it has to be the one that was agreed to."""
    made = plan_of(session, to)
    if made.blockers:
        blocked(made)
    if [step.title for step in made.steps] != [step.title for step in shown.steps]:
        fail(f"{session.name}: its plan is another now than the one shown; look at it and begin anew")
    return made


def _take(session: Session, made: Plan, to: str, soak: int) -> None:
    if not made.steps:
        out.print(f"{session.name} is on {to} already.", markup=False)
        return
    leg = made.legs[0]
    if days := leg[0].wait_days:
        fail(f"{session.name}: {leg[0].title} has to wait {days} days: {leg[0].reason}")
    facts: dict[str, Any] = {
        "stack": session.name,
        "cluster": made.cluster.name,
        "target": to,
        "by": getpass.getuser(),
        "engine": f"Pulumi {session.stack.version}{' in the lab' if lab.is_entered() else ''}",
    }
    _run(session, lambda run: run.start(leg, soak, **facts))
    if len(made.legs) > 1:
        later = made.legs[1][0]
        out.print(
            f"{later.title} comes next, in {later.wait_days} days: a stack follows this one and asks for them.",
            markup=False,
        )
        out.print("Run the same command then.")


def resume(stack: StackName = "dev") -> None:
    """Go on with a rollout that was stopped or killed."""
    session = open_session(stack)
    at = progress(read(session.journal))
    if not at.is_open:
        begin = f"python -m upgrades rollout {words(session)} --to <version>"
        fail(f"{stack}: there is no rollout to go on with (it is {at.state}); begin one: {begin}")
    _run(session, lambda _: None)


def _run(session: Session, begin: Callable[[Rollout], None]) -> None:
    from upgrades.show import Live  # noqa: PLC0415

    with Journal(session.journal, now) as journal, Live(out) as reporter, Interrupts() as interrupts:
        run = Rollout(journal, session.edges(reporter, interrupts))
        try:
            begin(run)
            done = run.run()
        except Stopped as stop:
            reporter.stop()
            err.print(stop.why, style="red", markup=False)
            err.print(stop.remedy, style="green", markup=False)
            raise typer.Exit(1) from None
        except KeyboardInterrupt:
            reporter.stop()
            at = progress(journal.entries)
            where = f" at step {at.index + 1} of {len(at.steps)} ({at.phase.words})" if at.step else ""
            again = f"python -m upgrades resume {words(session)}"
            err.print(f"Interrupted{where}. Nothing is lost: {again}", style="yellow", markup=False)
            raise typer.Exit(interrupts.exit_code) from None
    if done.state is State.DONE:
        count = f"{len(done.steps)} step{'' if len(done.steps) == 1 else 's'}"
        out.print(f"[green]Done[/green]: {count} on {escape(session.name)}.")
        out.print(f"For the change request: python -m upgrades report {words(session)}", markup=False)
