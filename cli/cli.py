"""Secure AKS: one command for everything. `secure-aks COMMAND --help` says more."""

from __future__ import annotations

import contextlib
import io
import json
import os
import runpy
import sys
import tomllib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from secure_aks_lifecycle.ending import typed
from typer.core import TyperCommand

from settings.folded import folded
from settings.words import did_you_mean
from upgrades.commands.options import Folder, anywhere
from upgrades.commands.plain import Group, Plain

if TYPE_CHECKING:
    from collections.abc import Callable

LAB, WATCH, ASK = "In the lab, without Azure", "Stacks on Azure and their upgrades", "Questions"


@dataclass(frozen=True, slots=True)
class Passed:
    """A command that another module has: what it is called here, the module, words that come first, one line of help."""

    name: str
    module: str
    help: str
    panel: str
    words: tuple[str, ...] = ()

    def typed(self, path: str) -> str:
        """Return how the module is called here, of the path of the command: it says a word of its own name itself."""
        return path.removesuffix(f" {self.name}") if self.words == (self.name,) else path


PASSED = (
    *(
        Passed(name, "emulator", text, LAB, (name,))
        for name, text in (
            ("preview", "Show what `up` would do, checked by both packs."),
            ("up", "Bring a stack up."),
            ("refresh", "Take over into the state what Azure has."),
            ("destroy", "Take a stack down again."),
            ("outputs", "Print a stack's outputs."),
            ("run", "Run any command in the lab: run -- pulumi stack ls"),
            ("lab", "Put the lab up, and print the environment for a shell."),
            ("engine", "Find or build the Pulumi CLI and its Kubernetes provider."),
        )
    ),
    Passed("upgrades", "upgrades", "check, plan, next, rollout, report and more.", WATCH),
    Passed("windows", "upgrades", "The next weeks of maintenance windows and reboots.", WATCH, ("windows",)),
    Passed(
        "catalog",
        "secure_aks_lifecycle",
        "Compare the version catalog with what Azure offers.",
        WATCH,
        ("refresh",),
    ),
    Passed("access", "components.access", "Print who may do what in a stack.", ASK),
    Passed(
        "settings",
        "settings",
        "Print what holds for a stack, and where each key was said.",
        ASK,
        ("effective",),
    ),
)
COMPLETES = "_SECURE_AKS_COMPLETE"
"""Variable in which a shell asks for completions."""
EXPLAINERS = ("secure_aks_security", "secure_aks_lifecycle", "settings", "upgrades")
"""Modules with an `explain` command; the first that knows a code answers."""

_THROUGH = {"help_option_names": list[str]()}


class Through(TyperCommand):
    """A command that hands its words over as they came, `--` too: what they mean is its module's to say."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Keep the words. Raises BadParameter for a stack without a name, as a script's empty variable gives it."""
        own = args[: args.index("--")] if "--" in args else args
        if "--stack=" in own or ("--stack", "") in pairwise(own):
            raise typer.BadParameter(
                "the name is empty; give a stack's, such as dev", ctx, param_hint="--stack"
            )
        ctx.args = list(args)
        return []


app = typer.Typer(
    name="secure-aks",
    cls=Group,
    help=__doc__,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _told(asked: bool) -> None:  # noqa: FBT001 - as typer calls it
    if asked:
        said = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))
        typer.echo(f"secure-aks {said['project']['version']}")
        raise typer.Exit


ToldVersion = Annotated[
    bool, typer.Option("--version", is_eager=True, callback=_told, help="Print the version of this checkout.")
]


@app.callback()
def _before_a_command(folder: Folder = None, *, version: ToldVersion = False) -> None: ...


def _passing(command: Passed) -> Callable[[typer.Context], None]:
    def run(ctx: typer.Context) -> None:
        raise typer.Exit(
            hand_over(command.module, [*command.words, *ctx.args], command.typed(ctx.command_path))
        )

    run.__doc__ = command.help
    return run


for _command in PASSED:
    app.command(_command.name, cls=Through, rich_help_panel=_command.panel, context_settings=_THROUGH)(
        _passing(_command)
    )


@app.command(rich_help_panel=WATCH, cls=Through, context_settings=_THROUGH)
def review(ctx: typer.Context) -> None:
    """Preview stacks on Azure as a comment for a pull request."""
    from .review.command import review as command  # noqa: PLC0415 - what a command needs, it loads

    _alone(command, ctx)


@app.command("import", rich_help_panel=WATCH, cls=Through, context_settings=_THROUGH)
def import_(ctx: typer.Context) -> None:
    """Make a stack of a cluster that is there already."""
    from .adopt.command import import_ as command  # noqa: PLC0415 - what a command needs, it loads

    _alone(command, ctx)


@app.command(rich_help_panel=ASK, cls=Through, context_settings=_THROUGH)
def admission(ctx: typer.Context) -> None:
    """Print the rules as admission policies for any cluster."""
    from .admission import admission as command  # noqa: PLC0415 - what a command needs, it loads

    _alone(command, ctx)


def _alone(command: Callable[..., None], ctx: typer.Context) -> None:
    """Run a command of this folder with the words that came."""
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    alone.command(cls=Plain)(anywhere(command))
    alone(args=ctx.args, prog_name=ctx.command_path)


@app.command(rich_help_panel=ASK, cls=Plain)
@anywhere
def explain(
    code: str | None = typer.Argument(
        None, metavar="CODE", help="A rule, gate or code; without it, all of them."
    ),
    *,
    as_json: bool = typer.Option(False, "--json", help="Write JSON: each code with what is said of it."),  # noqa: FBT003
) -> None:
    """Say what a rule, gate or code wants, why, and what to do."""
    told: dict[str, str] = {}

    def said(module: str, *words: str) -> str:
        answer = io.StringIO()
        with contextlib.redirect_stdout(answer), contextlib.redirect_stderr(io.StringIO()):
            hand_over(module, ["explain", *words], module)
        return answer.getvalue()

    for found in (said(module, code) for module in EXPLAINERS if code):
        if found:
            typer.echo(json.dumps({code: found}) if as_json else folded(found.rstrip("\n")))
            return
    for listed in map(said, EXPLAINERS):
        lines = (line.partition(" ") for line in listed.splitlines())
        told |= {name: rest.strip() for name, _, rest in lines}
        if not as_json and not code:
            typer.echo(folded(listed), nl=False)
    if code:
        meant = did_you_mean(code, told)
        how = meant if meant.startswith("did") else "without a word this command lists all of them"
        typer.echo(f"no rule, gate or setting is called {code}; {how}", err=True)
        raise typer.Exit(2)  # as the four modules do
    if as_json:
        typer.echo(json.dumps(told, indent=2))


def hand_over(module: str, arguments: list[str], name: str) -> int:
    """Run `python -m module arguments` in this process, where it is called by `name`; return its exit code."""
    before = sys.argv
    sys.argv = [module, *arguments]
    begun = vars(sys.modules["__main__"])
    said = {"TYPED": name, **{word: begun[word] for word in ("TOOL", "FOLDER") if word in begun}}
    try:
        runpy.run_module(module, said, run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    finally:
        sys.argv = before
    return 0


def main() -> None:
    """Run the command line, by the name that the script was called by; a shell completes the script's own."""
    called = os.environ.pop("SECURE_AKS_TYPED", None) or typed("cli")
    vars(sys.modules["__main__"])["TOOL"] = called
    root = typer.main.get_command(app)
    if completes := COMPLETES in os.environ or any(word.endswith("-completion") for word in sys.argv):
        from . import completion  # noqa: PLC0415 - what a command needs, it loads

        completion.as_called()
        completion.complete(root)
    root(prog_name="secure-aks" if completes else called, complete_var=COMPLETES)
