"""The options that every command has: `-C`, and of those that ask Azure or read a journal `--lab` and `--verbose`."""

from __future__ import annotations

import functools
import inspect
import shlex
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated, Any

import typer
from secure_aks_lifecycle.ending import entered

from upgrades import lab, quiet
from upgrades.session.folder import project_folder

if TYPE_CHECKING:
    from collections.abc import Callable


def _go(ctx: typer.Context, folder: str | None) -> None:
    if folder is None or ctx.resilient_parsing:  # a shell asks for words: cli/completion.py went there
        return
    try:
        ctx.with_resource(entered(folder))
    except OSError as error:
        raise typer.BadParameter(f"{folder}: {error.strerror}") from None
    ctx.info_name = f"{ctx.info_name} -C {shlex.quote(folder)}"


Folder = Annotated[
    str | None,
    typer.Option("--cwd", "-C", metavar="FOLDER", help="Run as if started in this folder.", callback=_go),
]
"""As Pulumi has it: before a command and after it, and paths are read from there."""
Lab = Annotated[
    bool,
    typer.Option(
        "--lab", "--emulated", help="In the lab: Azure, Entra and, if it has one, a cluster on this machine."
    ),
]
Verbose = Annotated[bool, typer.Option("--verbose", help="Show what the libraries log, too.")]


def everywhere(command: Callable[..., None], *, servers: bool = True) -> Callable[..., None]:
    """Return a command with these options. Without `servers` it reads journals alone, and the lab is not put up for it."""

    @functools.wraps(command)
    def run(*args: Any, in_lab: bool, verbose: bool, **options: Any) -> None:
        quiet.set_up(verbose=verbose)
        with lab.entered(project_folder(), servers=servers) if in_lab else nullcontext():
            command(*args, **options)

    return anywhere(_taking(run, command, in_lab=(Lab, False), verbose=(Verbose, False)))


def anywhere(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command that `-C` has run in another folder."""

    @functools.wraps(command)
    def run(*args: Any, folder: str | None, **options: Any) -> None:  # noqa: ARG001 - typer's callback went there
        command(*args, **options)

    return _taking(run, command, folder=(Folder, None))


def _taking(
    run: Callable[..., None], command: Callable[..., None], **more: tuple[Any, Any]
) -> Callable[..., None]:
    """Return a function that takes what a command takes, and options beside with what holds unless they are given."""
    own = inspect.signature(command, eval_str=True)
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for name, (kind, default) in more.items()
    ]
    parameters = [*own.parameters.values(), *added]
    run.__signature__ = own.replace(parameters=parameters)  # pyright: ignore[reportAttributeAccessIssue]  # read by inspect
    run.__annotations__ = {item.name: item.annotation for item in parameters}
    return run
