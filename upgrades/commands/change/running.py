"""What commands that change a stack share: whether one may begin, the question, the facts for the report, the run itself."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING, Any

import typer
from rich.markup import escape

from upgrades import lab, typed
from upgrades.commands.common import err, fail, ours, out
from upgrades.engine.interrupts import Interrupts
from upgrades.engine.process import lives
from upgrades.journal.progress import State, progress
from upgrades.rollout.edges import Stopped
from upgrades.rollout.run import Rollout

if TYPE_CHECKING:
    from collections.abc import Callable

    from secure_aks_lifecycle.stack.record import ClusterState

    from upgrades.check.values import Observed
    from upgrades.model.steps import Plan
    from upgrades.plan.waves.values import Schedule
    from upgrades.session.session import Session


def begins(session: Session) -> None:
    """See that a rollout may begin on a stack: it is up, its versions are ours, and no other stands open. Ends the command otherwise."""
    ours(session)
    at = progress(session.kept.entries())
    holder = session.kept.holder()
    if at.is_open and lives(at.process) is not True and (holder is None or holder.is_gone):
        fail(
            f"{session.name}: a rollout of this stack stands at step {at.index + 1} of {len(at.steps)}; "
            f"go on with it: {typed.command('resume', session.name)}\n"
            f"or end it: {typed.command('abort', session.name)}"
        )
    for other in session.others():
        _ended(other, session)
    _seen_by_all(session)
    if not session.is_up:
        command = typed.bring_up(session.name)
        fail(f"{session.name}: is not up, so there is nothing to upgrade; bring it up first: {command}")


def _seen_by_all(session: Session) -> None:
    """See that a rollout elsewhere would be seen here, or that somebody has said that there is none. Ends the command otherwise."""
    if backend := session.kept.apart:
        fail(
            f"{session.name}: the state is in {backend}, which keeps no files, so this machine cannot see whether another one's rollout of this "
            f"stack stands open, nor others this one\n"
            f"name a place that every runner of this stack reaches: export {lab.JOURNALS}='azblob://<container>?storage_account=<account>' "
            f"(or s3://, gs://, file://)\n"
            f"where no other machine upgrades this stack, say so by a folder of this one: export {lab.JOURNALS}={session.folder / '.upgrades'}"
        )


def _ended(other: Session, session: Session) -> None:
    """See that no rollout of another cluster of the stack stands open: an `up` is one of the whole stack. Ends the command otherwise."""
    at = progress(other.kept.entries())
    if at.is_open:
        fail(
            f"{session.name}: a rollout of {other.name} stands at step {at.index + 1} of {len(at.steps)}, and the clusters of one "
            f"stack go one after another; look at it: {typed.command('status', other.name)}\n"
            f"go on with it: {typed.command('resume', other.name)}\n"
            f"or end it: {typed.command('abort', other.name)}"
        )


def azure_was_asked(session: Session, seen: Observed, before: str) -> None:
    """See that Azure answered, which it has to before `before`. Ends the command otherwise."""
    for what, why in seen.unread.items():
        if what.startswith("Azure"):
            fail(f"{session.name}: Azure has to be asked before {before}: {why}")


def recorded(session: Session, seen: Observed) -> ClusterState:
    """Return the versions that the stack has recorded. Ends the command where it has none."""
    if seen.recorded is None:
        fail(
            f"{session.name}: the stack has recorded no versions; bring it up once: {typed.bring_up(session.name)}"
        )
    return seen.recorded


def ask(plans: list[Plan], timeline: Schedule, *, yes: bool) -> None:
    """Show what will be done, and ask. Ends the command when nobody can be asked, or the answer is no."""
    from upgrades.render.text import as_text  # noqa: PLC0415

    out.print(as_text(plans, timeline))
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        fail("nobody can be asked here: add --yes to do this", code=2)
    typer.confirm("Do this now?", abort=True)


def facts(session: Session, made: Plan, to: str) -> dict[str, Any]:
    """Return what a report says in its head."""
    return {
        "stack": session.name,
        "cluster": made.cluster.name,
        "subscription": made.cluster.subscription,
        "target": to,
        "by": getpass.getuser(),
        "engine": f"Pulumi {session.stack.version}{' in the lab' if lab.is_entered() else ''}",
    }


def run(session: Session, begin: Callable[[Rollout], None]) -> None:
    """Begin or go on, and show it. Ends the command when it stops or is interrupted."""
    from upgrades.render.live import Live  # noqa: PLC0415

    with session.kept.open() as journal, Live(out) as reporter, Interrupts() as interrupts:
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
            again = typed.command("resume", session.name)
            err.print(f"Interrupted{where}. Nothing is lost: {again}", style="yellow", markup=False)
            raise typer.Exit(interrupts.exit_code) from None
    if done.state is State.DONE:
        count = f"{len(done.steps)} step{'' if len(done.steps) == 1 else 's'}"
        out.print(f"[green]Done[/green]: {count} on {escape(session.name)}.")
        out.print(f"For the change request: {typed.command('report', session.name)}", markup=False)
