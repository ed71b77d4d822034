"""`next`: the one line of the stack file to change now, with the commit message and the pull request's text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from upgrades.commands.common import StackName, Target, blocked, open_session, ours, out, plan_of, say_no_step
from upgrades.files import edit
from upgrades.render.change_text import commit_message, pull_request

if TYPE_CHECKING:
    from upgrades.model.steps import Plan
    from upgrades.session.session import Session


def next_(
    to: Target,
    stack: StackName = "dev",
    *,
    write: Annotated[bool, typer.Option("--write", help="Edit the stack file.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON, for a script that opens it.")] = False,
) -> None:
    """Print (or write) the one-line edit of the next step, with its commit message and pull request text."""
    session = open_session(stack)
    ours(session)
    made = plan_of(session, to)
    if made.blockers:
        blocked(made)
    if not made.steps:
        say_no_step(made, stack, to)
        return
    if edit.says(session.file, made.steps[0]):
        out.print(
            f"{session.file.name} names {made.steps[0].after} for {made.steps[0].target} already: bring it up, then ask again.",
            markup=False,
        )
        return
    found = _change(session, made)
    if write:
        edit.make(session.file, made.steps[0])
    if as_json:
        print(json.dumps(found, indent=2))  # noqa: T201
    else:
        _show(found)


def _change(session: Session, made: Plan) -> dict[str, Any]:
    step = made.steps[0]
    old, new = (text.splitlines() for text in edit.before_and_with_step(session.file, step))
    number = next(n for n, (before, after) in enumerate(zip(old, new, strict=True)) if before != after)
    subject, body = commit_message(step)
    return {
        "file": session.file.name,
        "line": number + 1,
        "before": old[number],
        "after": new[number],
        "waitDays": step.wait_days,
        "subject": subject,
        "body": body,
        "pullRequest": pull_request(made),
    }


def _show(found: dict[str, Any]) -> None:
    out.print(f"{found['file']}:{found['line']}", style="bold", markup=False)
    out.print(f"- {found['before']}", style="red", markup=False)
    out.print(f"+ {found['after']}", style="green", markup=False)
    if found["waitDays"]:
        out.print(
            f"Not before {found['waitDays']} days have passed: a stack that follows asks for them.",
            style="yellow",
        )
    for title, text in (
        ("Commit message", f"{found['subject']}\n\n{found['body']}"),
        ("Pull request", found["pullRequest"]),
    ):
        out.print(f"\n{title}", style="bold")
        out.print(text, markup=False, highlight=False)
