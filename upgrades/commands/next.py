"""`next`: the one line of the stack file to change now."""

from __future__ import annotations

from typing import Annotated

import typer

from upgrades.edit import commit_message, with_step

from .common import Emulated, StackName, Target, blocked, open_session, out, plan_of


def next_(
    to: Target,
    stack: StackName = "dev",
    *,
    write: Annotated[bool, typer.Option("--write", help="Edit the stack file.")] = False,
    emulated: Emulated = False,
) -> None:
    """Print (or write) the one-line edit of the next step, with its commit message."""
    session = open_session(stack, emulated=emulated)
    made = plan_of(session, to)
    if made.blockers:
        blocked(made)
    if not made.steps:
        out.print(f"{stack} is on {to} already.")
        return
    step = made.steps[0]
    text = with_step(session.file, step)
    old = session.file.read_text(encoding="utf-8")
    if write:
        session.file.write_text(text, encoding="utf-8")
    for number, (before, after) in enumerate(zip(old.splitlines(), text.splitlines(), strict=True), start=1):
        if before != after:
            out.print(f"{session.file.name}:{number}", style="bold")
            out.print(f"- {before}", style="red", markup=False)
            out.print(f"+ {after}", style="green", markup=False)
    subject, body = commit_message(step)
    out.print(f"\n{subject}\n\n{body}", markup=False)
