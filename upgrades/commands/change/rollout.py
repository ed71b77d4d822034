"""`rollout` and `resume`: run a plan on a stack, step by step, with everything in the journal."""

from __future__ import annotations

import hashlib
import sys
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from upgrades import typed
from upgrades.commands.common import (
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
    say_no_step,
)
from upgrades.engine.interrupts import Interrupts
from upgrades.journal.progress import progress
from upgrades.plan.waves.schedule import schedule

from .running import ask, begins, facts, run
from .side_by_side import SideBySide

if TYPE_CHECKING:
    from collections.abc import Sequence

    from upgrades.model.steps import Plan
    from upgrades.session.session import Session


def rollout(  # noqa: PLR0913  # one parameter an option
    to: Target,
    stack: StackNames = None,
    *,
    soak: Soak = 0,
    concurrency: Annotated[
        int,
        typer.Option(
            min=1, help="Stacks of a wave under way at once; clusters of one stack go one after another."
        ),
    ] = 1,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    agreed: Annotated[str, typer.Option(hidden=True)] = "",
) -> None:
    """Take a stack to a version: gates, preview, up, gates, soak, step by step. Killed? `resume` goes on.

    Shows the plan and asks first. Several stacks go wave after wave, each after the stack it follows; dev unless some are named.
    """
    sessions = [open_session(name) for name in stack or ["dev"]]
    for session in sessions:
        begins(session)
    plans = {id(made := plan_of(session, to)): (session, made) for session in sessions}
    for made in [made for _, made in plans.values() if made.blockers]:
        blocked(made)
    if agreed and agreed != _digest([made for _, made in plans.values()]):
        names = ", ".join(session.name for session in sessions)
        fail(f"{names}: the plan is another now than the one shown; look at it and begin anew")
    timeline = schedule([made for _, made in plans.values()])
    if any(made.steps for _, made in plans.values()):
        ask([made for _, made in plans.values()], timeline, yes=yes)
    first = True
    for _, slots in groupby(sorted(timeline.slots, key=lambda slot: slot.wave), key=lambda slot: slot.wave):
        wave = [plans[id(slot.plan)] for slot in slots]
        if concurrency > 1 and len({session.stack_name for session, made in wave if made.steps}) > 1:
            _together([one if first else (one[0], _again(*one, to)) for one in wave], to, soak, concurrency)
            first = False
            continue
        for session, made in wave:
            _take(session, made if first else _again(session, made, to), to, soak)
            first = False


def _together(wave: list[tuple[Session, Plan]], to: str, soak: int, at_once: int) -> None:
    """Run the stacks of a wave side by side, each with its clusters in turn; the command ends when one does not get through."""
    names: dict[str, list[str]] = {}
    plans: dict[str, list[Plan]] = {}
    for session, made in wave:
        if made.steps:
            names.setdefault(session.stack_name, []).append(session.name)
            plans.setdefault(session.stack_name, []).append(made)
    begin = [sys.executable, "-m", "upgrades", "rollout", "--to", to, "--soak", str(soak), "--yes"]
    with Interrupts() as interrupts:
        runs = SideBySide(
            lambda name, line: out.print(f"{name} | {line}", markup=False, highlight=False), interrupts
        )
        commands = {
            stack: [*begin, "--agreed", _digest(plans[stack]), *_named(clusters)]
            for stack, clusters in names.items()
        }
        ended = runs.run(commands, at_once)
    stopped = {name: code for name, code in ended.items() if code}
    for stack, code in stopped.items():
        look = " and ".join(typed.command("status", name) for name in names[stack])
        err.print(f"{stack}: ended with exit code {code}; look at it: {look}", style="red", markup=False)
    if stopped:
        raise typer.Exit(interrupts.exit_code if interrupts.came else 1)


def _digest(plans: Sequence[Plan]) -> str:
    """Return what tells plans apart: a process that makes one anew has to do the one that was agreed to."""
    return hashlib.sha256("\n".join(step.title for made in plans for step in made.steps).encode()).hexdigest()


def _named(clusters: list[str]) -> list[str]:
    return [word for name in clusters for word in ("--stack", name)]


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
        say_no_step(made, session.name, to)
        return
    leg = made.legs[0]
    if days := leg[0].wait_days:
        fail(f"{session.name}: {leg[0].title} has to wait {days} days: {leg[0].reason}")
    told = facts(session, made, to)
    run(session, lambda rollout: rollout.start(leg, soak, **told))
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
    at = progress(session.kept.entries())
    if not at.is_open:
        begin = typed.command("rollout", session.name, "--to <version>")
        fail(f"{stack}: there is no rollout to go on with (it is {at.state}); begin one: {begin}")
    run(session, lambda _: None)
