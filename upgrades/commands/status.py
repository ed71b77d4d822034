"""`status`: where a rollout stands."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from upgrades.journal import read
from upgrades.rollout.progress import progress

from .common import Emulated, StackName, open_session, out


def status(
    stack: StackName = "dev",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
    emulated: Emulated = False,
) -> None:
    """Print where a rollout stands."""
    session = open_session(stack, emulated=emulated)
    at = progress(read(session.journal))
    if as_json:
        data: dict[str, Any] = {
            "stack": stack,
            "state": at.state,
            "step": at.index + 1 if at.step else None,
            "steps": len(at.steps),
            "phase": at.phase.words if at.step else None,
            "why": at.why,
            "remedy": at.remedy,
        }
        print(json.dumps(data, indent=2))  # noqa: T201
        return
    out.print(f"[bold]{stack}[/bold]: {at.state}")
    for index, step in enumerate(at.steps):
        mark, note = "[dim]    [/dim]", ""
        if index < len(at.finished_at):
            mark, note = "[green]done[/green]", f"  [dim]{at.finished_at[index]}[/dim]"
        elif index == at.index:
            mark, note = "[yellow]now [/yellow]", f"  [dim]{at.phase.words}[/dim]"
        out.print(f"  {mark} {index + 1}. {step.title}{note}")
    if at.why:
        out.print(at.why, style="red", markup=False)
        out.print(at.remedy, style="green", markup=False)
