"""`python -m upgrades`: check, plan, next, rollout, resume, abort, status, gates."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from secure_aks_lifecycle.catalog import Catalog
from secure_aks_lifecycle.clock import now
from secure_aks_lifecycle.version import Version

from .edit import EditError, commit_message, with_step
from .ignore import IgnoreFileError
from .journal import Journal, JournalBusyError, JournalDamagedError, read
from .observe.stacks import NoStackError, stacks
from .plan import plan as make_plan
from .progress import Phase, State, progress
from .rollout import Rollout, Stopped
from .session import Session, project_folder
from .waves import schedule

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .fleet import Plan, Step

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
out, err = Console(soft_wrap=not sys.stdout.isatty()), Console(stderr=True, soft_wrap=True)

StackName = Annotated[str, typer.Option("--stack", "-s", help="Name of the stack.")]
StackNames = Annotated[
    list[str] | None, typer.Option("--stack", "-s", help="A stack; repeat it. All unless set.")
]
Target = Annotated[str, typer.Option("--to", help="Kubernetes version to go to, x.y.z.")]
Emulated = Annotated[
    bool, typer.Option("--emulated", help="On the embedded engine, with no Azure and no CLI.")
]
Soak = Annotated[int, typer.Option("--soak", min=0, help="Minutes to wait after each step.")]


class Form(StrEnum):
    """How a plan is written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"


@app.command()
def plan(
    to: Target,
    stack: StackNames = None,
    *,
    concurrency: Annotated[int, typer.Option(min=1, help="Clusters under way at once.")] = 1,
    form: Annotated[Form, typer.Option("--format", help="How to write it.")] = Form.TEXT,
    emulated: Emulated = False,
) -> None:
    """Print the steps to a version: in order, with reasons, lengths and needs. Exit 1 when something blocks."""
    plans = [_plan(_open(name, emulated=emulated), to) for name in stack or stacks(_folder())]
    timeline = schedule(plans, concurrency)
    if form is Form.TEXT:
        from .render.text import as_text  # noqa: PLC0415

        out.print(as_text(plans, timeline))
    elif form is Form.JSON:
        from .render.data import as_data  # noqa: PLC0415

        print(json.dumps(as_data(plans, timeline), indent=2))  # noqa: T201
    elif form is Form.MARKDOWN:
        from .render.markdown import as_markdown  # noqa: PLC0415

        print(as_markdown(plans, timeline, now()), end="")  # noqa: T201
    else:
        from .render.html import as_html  # noqa: PLC0415

        print(as_html(plans, timeline, now()))  # noqa: T201
    if any(item.blockers for item in plans):
        raise typer.Exit(1)


@app.command(name="next")
def next_(
    to: Target,
    stack: StackName = "dev",
    *,
    write: Annotated[bool, typer.Option("--write", help="Edit the stack file.")] = False,
    emulated: Emulated = False,
) -> None:
    """Print (or write) the one-line edit of the next step, with its commit message."""
    session = _open(stack, emulated=emulated)
    step = _first(_plan(session, to))
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


@app.command()
def rollout(to: Target, stack: StackName = "dev", *, soak: Soak = 0, emulated: Emulated = False) -> None:
    """Take a stack to a version: gates, preview, up, gates, soak, step by step. Killed? `resume` goes on."""
    session = _open(stack, emulated=emulated)
    made = _plan(session, to)
    if made.blockers:
        _blocked(made)
    if not made.steps:
        out.print(f"{stack} is on {to} already.")
        return
    _run(session, soak, lambda run: run.start(made.steps))


@app.command()
def resume(stack: StackName = "dev", *, soak: Soak = 0, emulated: Emulated = False) -> None:
    """Go on with a rollout that was stopped or killed."""
    session = _open(stack, emulated=emulated)
    at = progress(read(session.journal))
    if at.state not in {State.RUNNING, State.STOPPED}:
        _fail(f"{stack}: there is no rollout to go on with (it is {at.state}); begin one with `rollout --to`")
    _run(session, soak, lambda _: None)


@app.command()
def abort(stack: StackName = "dev", *, emulated: Emulated = False) -> None:
    """End a rollout at its next boundary; what is done stays done."""
    session = _open(stack, emulated=emulated)
    at = progress(read(session.journal))
    if at.state not in {State.RUNNING, State.STOPPED}:
        _fail(f"{stack}: there is no rollout to abort (it is {at.state})")
    try:
        with Journal(session.journal, now) as journal:
            if at.phase is Phase.CHANGING:
                _fail(f"{stack}: an `up` was cut off; finish it with `resume` first, then abort")
            journal.write("aborted", why="aborted by hand", remedy="a new plan starts from what is done")
    except JournalBusyError:
        session.journal.with_suffix(".abort").touch()
        out.print("The rollout stops at its next boundary.")
        return
    out.print(f"Aborted at step {at.index + 1} of {len(at.steps)}. {_file_note(session, at.step)}")


@app.command()
def status(
    stack: StackName = "dev",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
    emulated: Emulated = False,
) -> None:
    """Print where a rollout stands."""
    session = _open(stack, emulated=emulated)
    at = progress(read(session.journal))
    if as_json:
        data: dict[str, Any] = {
            "stack": stack,
            "state": at.state,
            "step": at.index + 1 if at.step else None,
            "steps": len(at.steps),
            "phase": at.phase if at.step else None,
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
            mark, note = "[yellow]now [/yellow]", f"  [dim]{at.phase}[/dim]"
        out.print(f"  {mark} {index + 1}. {step.title}{note}")
    if at.why:
        out.print(at.why, style="red", markup=False)
        out.print(at.remedy, style="green", markup=False)


@app.command()
def gates() -> None:
    """Print the table of gates."""
    from .render.gates import as_markdown  # noqa: PLC0415

    print(as_markdown(), end="")  # noqa: T201


def _run(session: Session, soak: int, begin: Callable[[Rollout], None]) -> None:
    from .show import Live  # noqa: PLC0415

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


def _plan(session: Session, to: str) -> Plan:
    try:
        target = Version.parse(to)
    except ValueError as error:
        _fail(f"--to: {error}", code=2)
    return make_plan(session.cluster(), target, Catalog.load(), now().date())


def _first(made: Plan) -> Step:
    if made.blockers:
        _blocked(made)
    if not made.steps:
        out.print(f"{made.cluster.stack} is on {made.target} already.")
        raise typer.Exit
    return made.steps[0]


def _blocked(made: Plan) -> NoReturn:
    for item in made.blockers:
        err.print(f"{item.cluster}: {item.what}: {item.why}", style="red", markup=False)
        err.print(f"  {item.unblock}", style="green", markup=False)
    raise typer.Exit(1)


def _file_note(session: Session, step: Step | None) -> str:
    if step is None:
        return ""
    try:
        with_step(session.file, step)
    except EditError:
        return f"{session.file.name} already names {step.after} for {step.target}: keep it, or put {step.before} back."
    return ""


def _folder() -> Path:
    return project_folder()


def _open(name: str, *, emulated: bool) -> Session:
    return Session.open(_folder(), name, emulated=emulated)


def _fail(message: str, code: int = 1) -> NoReturn:
    err.print(message, style="red", markup=False)
    raise typer.Exit(code)


def main() -> int:
    """Run the command line; whatever a user can cause is a message, not a traceback."""
    from pulumi.automation import CommandError  # noqa: PLC0415

    from settings import SettingsError  # noqa: PLC0415

    try:
        app(standalone_mode=True)
    except (
        NoStackError,
        SettingsError,
        EditError,
        IgnoreFileError,
        JournalBusyError,
        JournalDamagedError,
        CommandError,
        FileNotFoundError,
        ValueError,
    ) as error:
        err.print(str(error), style="red", markup=False)
        return 1
    return 0
