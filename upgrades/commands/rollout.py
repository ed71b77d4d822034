"""`rollout` and `resume`: run a plan on a stack, step by step, with everything in the journal."""

from __future__ import annotations

import getpass
import signal
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING, Any

import typer
from secure_aks_lifecycle.clock import now

from upgrades.rollout.edges import Stopped
from upgrades.journal import Journal, read
from upgrades.rollout.progress import State, progress
from upgrades.rollout.run import Rollout
from upgrades.waves import schedule

from .common import (
    Emulated,
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
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import FrameType

    from upgrades.session import Session


def rollout(to: Target, stack: StackNames = None, *, soak: Soak = 0, emulated: Emulated = False) -> None:
    """Take a stack to a version: gates, preview, up, gates, soak, step by step. Killed? `resume` goes on.

    Several stacks go one after another, each after the stack it follows; dev unless some are named.
    """
    sessions = [open_session(name, emulated=emulated) for name in stack or ["dev"]]
    plans = {id(made := plan_of(session, to)): (session, made) for session in sessions}
    for made in [made for _, made in plans.values() if made.blockers]:
        blocked(made)
    for slot in schedule([made for _, made in plans.values()]).slots:
        _take(plans[id(slot.plan)][0], to, soak)


def _take(session: Session, to: str, soak: int) -> None:
    if not session.is_up:
        _bring_up(session)
    made = plan_of(session, to)
    if made.blockers:
        blocked(made)
    if not made.steps:
        out.print(f"{session.name} is on {to} already.")
        return
    leg = made.legs[0]
    if days := leg[0].wait_days:
        fail(f"{session.name}: {leg[0].title} has to wait {days} days: {leg[0].reason}")
    facts: dict[str, Any] = {
        "stack": session.name,
        "cluster": made.cluster.name,
        "target": to,
        "by": getpass.getuser(),
        "engine": "the emulator" if session.emulated else "the Pulumi CLI",
    }
    _run(session, lambda run: run.start(leg, soak, **facts))
    if len(made.legs) > 1:
        later = made.legs[1][0]
        out.print(
            f"{later.title} comes next, in {later.wait_days} days: a stack follows this one and asks for them."
        )
        out.print("Run the same command then.")


def resume(stack: StackName = "dev", *, emulated: Emulated = False) -> None:
    """Go on with a rollout that was stopped or killed."""
    session = open_session(stack, emulated=emulated)
    at = progress(read(session.journal))
    if not at.is_open:
        fail(f"{stack}: there is no rollout to go on with (it is {at.state}); begin one with `rollout --to`")
    _run(session, lambda _: None)


def _bring_up(session: Session) -> None:
    """Bring an emulated stack up that is not; a real one is never made by the way."""
    if not session.emulated:
        fail(f"{session.name}: is not up, so there is nothing to upgrade; bring it up first: pulumi up")
    out.print(f"{session.name} is not up on the emulator yet: bringing it up as {session.file.name} says ...")
    session.stack.up()


def _run(session: Session, begin: Callable[[Rollout], None]) -> None:
    from upgrades.show import Live  # noqa: PLC0415

    words = f"--stack {session.name}{' --emulated' if session.emulated else ''}"
    with Journal(session.journal, now) as journal, Live(out) as reporter, _ctrl_c() as interrupted:
        run = Rollout(journal, session.edges(reporter, interrupted.is_set))
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
            err.print(
                f"Interrupted{where}. Nothing is lost: python -m upgrades resume {words}", style="yellow"
            )
            raise typer.Exit(130) from None
    if done.state is State.DONE:
        count = f"{len(done.steps)} step{'' if len(done.steps) == 1 else 's'}"
        out.print(f"[green]Done[/green]: {count} on {session.name}.")
        out.print(f"For the change request: python -m upgrades report {words}", markup=False)


@contextmanager
def _ctrl_c() -> Generator[Event]:
    """Note a Ctrl-C before it is raised: an engine in this process catches it, ends, and says that it failed."""
    seen = Event()

    def note(number: int, frame: FrameType | None) -> None:
        seen.set()
        signal.default_int_handler(number, frame)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield seen
    finally:
        signal.signal(signal.SIGINT, before)
