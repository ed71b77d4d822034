"""`status`: where a rollout stands."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from upgrades import typed
from upgrades.commands.common import StackName, open_session, out
from upgrades.engine.process import lives
from upgrades.journal.place import PlaceError
from upgrades.journal.progress import State, progress

if TYPE_CHECKING:
    from upgrades.journal.progress import Progress


def status(
    stack: StackName = "dev",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
) -> None:
    """Print where a rollout stands, and whether its process still lives."""
    session = open_session(stack)
    at = progress(session.kept.entries())
    if session.further and at.state is State.NONE:
        session.settings()  # raises where the stack has no such cluster
    alive = lives(at.process) if at.state is State.RUNNING else False
    holder = None
    with suppress(PlaceError):  # whoever may only read the team's place cannot ask its clock
        holder = session.kept.holder()
        if session.kept.where and (alive is None or (holder and holder.is_elsewhere)):
            alive = holder is not None and not holder.is_gone
    engine = session.engine.works()
    if as_json:
        data: dict[str, Any] = {
            "stack": stack,
            "state": at.state,
            "step": at.index + 1 if at.step else None,
            "steps": len(at.steps),
            "phase": at.phase.words if at.step else None,
            "why": at.why,
            "remedy": at.remedy,
            "process": {**at.process, "alive": alive} if at.process else None,
            "engineWorks": engine,
            "journal": session.kept.where.partition("?")[0] or str(session.journal),
            "heldBy": str(holder) if holder else None,
        }
        print(json.dumps(data, indent=2))  # noqa: T201
        return
    out.print(f"[bold]{escape(stack)}[/bold]: {at.state}{escape(_process(at, alive))}")
    if holder:
        out.print(f"Held by {holder}", markup=False)
    for index, step in enumerate(at.steps):
        mark, note = "[dim]    [/dim]", ""
        if index < len(at.finished_at):
            mark, note = "[green]done[/green]", f"  [dim]{at.finished_at[index]}[/dim]"
        elif index == at.index:
            mark, note = "[yellow]now [/yellow]", f"  [dim]{at.phase.words}[/dim]"
        out.print(f"  {mark} {index + 1}. {escape(step.title)}{note}")
    if at.state is State.RUNNING and alive is False:
        still = "; its engine still works, and `resume` waits for it" if engine else ""
        out.print(f"Its process is gone{still}.", style="red", markup=False)
        out.print(f"Go on: {typed.command('resume', session.name)}", style="green", markup=False)
    if at.why:
        out.print(at.why, style="red", markup=False)
        out.print(at.remedy, style="green", markup=False)


def _process(at: Progress, alive: bool | None) -> str:  # noqa: FBT001 - what `lives` tells
    if at.state is not State.RUNNING or not at.process:
        return ""
    name = f"process {at.process.get('pid')} on {at.process.get('host')}"
    return f" ({name}, {'alive' if alive else 'which cannot be seen from here' if alive is None else 'gone'})"
