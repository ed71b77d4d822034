"""The options that every command has: `--lab` and `--verbose`."""

from __future__ import annotations

import functools
import inspect
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated, Any

import typer

from upgrades import lab, quiet
from upgrades.session.folder import project_folder

if TYPE_CHECKING:
    from collections.abc import Callable

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

    own = inspect.signature(command, eval_str=True)
    more = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=False, annotation=kind)
        for name, kind in (("in_lab", Lab), ("verbose", Verbose))
    ]
    parameters = [*own.parameters.values(), *more]
    run.__signature__ = own.replace(parameters=parameters)  # pyright: ignore[reportAttributeAccessIssue]  # read by inspect
    run.__annotations__ = {item.name: item.annotation for item in parameters}
    return run
