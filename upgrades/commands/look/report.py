"""`report`: what a rollout did, for a change request."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from upgrades import typed
from upgrades.commands.common import AsJson, StackName, fail, open_session
from upgrades.journal.record import Record, record
from upgrades.render import report as written

if TYPE_CHECKING:
    from upgrades.session.session import Session


class Form(StrEnum):
    """How a report is written."""

    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


def report(
    stack: StackName = "dev",
    *,
    form: Annotated[Form, typer.Option("--format", help="How to write it.")] = Form.MARKDOWN,
    as_json: AsJson = False,
    last: Annotated[int, typer.Option(min=0, help="An earlier rollout: 1 is the one before.")] = 0,
) -> None:
    """Print what a rollout did: every step with times, gates and results, and what came in between."""
    form = Form.JSON if as_json else form
    session = open_session(stack)
    found = _record(session, last)
    if form is Form.JSON:
        print(json.dumps(written.as_data(found), indent=2))  # noqa: T201
    elif form is Form.HTML:
        from upgrades.render.html import report_page  # noqa: PLC0415

        print(report_page(found))  # noqa: T201
    else:
        print(written.as_markdown(found), end="")  # noqa: T201


def _record(session: Session, last: int) -> Record:
    journals = session.kept.rollouts()
    found = record(journals[last]()) if last < len(journals) else None
    if found is None:
        there = f"no rollout so far back (there are {len(journals)})" if journals else "no rollout yet"
        begin = typed.command("rollout", session.name, "--to VERSION")
        fail(f"{session.name}: there is {there}; begin one: {begin}")
    return found
