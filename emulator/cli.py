"""The command line: `python -m emulator preview --stack dev`. Exit codes: 0 fine, 1 refused or failed, 2 wrong usage, 130 interrupted."""

# ruff: noqa: FBT002 - typer reads the options off the parameters

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from secure_aks_lifecycle.ending import entered, typed
from typer.core import TyperGroup

from emulator.errors import UNJUDGED, OperationError, UsageError


def _nothing(**_: Any) -> None: ...


class Whole(TyperGroup):
    """Commands whose help lists each with its whole sentence (cut at 80 columns, half of them end in the middle), and no types of Python's."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command."""
        found: Any = super().get_command(ctx, cmd_name)
        for one in found.params if found else ():
            if one.param_type_name == "argument":
                one.display_type_rich = _nothing
        return found

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list."""
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, self.commands[name].get_short_help_str(1000)) for name in self.list_commands(ctx)]
            )


app = typer.Typer(
    name="emulator",
    cls=Whole,
    help="Run this project with Pulumi's engine and no Azure account, in a lab on this machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


HERE = Path()


def _go(ctx: typer.Context, folder: Path) -> Path:
    if folder == HERE or ctx.resilient_parsing:  # a shell asks for words
        return HERE
    try:
        ctx.with_resource(entered(folder))
    except OSError as error:
        raise typer.BadParameter(f"{folder}: {error.strerror}") from None
    ctx.info_name = f"{ctx.info_name} -C {shlex.quote(str(folder))}"
    return HERE


Stack = Annotated[str, typer.Option("--stack", "-s", metavar="NAME", help="The stack: Pulumi.<stack>.yaml.")]
Cwd = Annotated[
    Path,
    typer.Option(
        "--cwd",
        "-C",
        metavar="FOLDER",
        show_default=False,
        help="Run as if started in this folder.",
        callback=_go,
    ),
]
StateDir = Annotated[
    Path | None,
    typer.Option(
        "--state-dir", metavar="FOLDER", help="Where the lab keeps what it has. [default: .emulator]"
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Packs = Annotated[
    list[Path] | None,
    typer.Option(
        "--policy-pack",
        metavar="FOLDER",
        help="A policy pack's folder; may be given several times. [default: each folder under policies/]",
    ),
]
NoPolicies = Annotated[bool, typer.Option("--no-policies", help="Run no policy pack.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Diff = Annotated[bool, typer.Option("--diff", help="Show every property that changes.")]
WithControlPlane = Annotated[
    bool,
    typer.Option(
        "--control-plane",
        help="Put a real API server behind the cluster, kept until `destroy`. [default: where there is one]",
    ),
]


@app.callback()
def _before_a_command(cwd: Cwd = HERE) -> None: ...


@app.command()
def preview(  # noqa: PLR0913, PLR0917 - one parameter an option
    stack: Stack,
    cwd: Cwd = HERE,
    state_dir: StateDir = None,
    as_json: AsJson = False,
    diff: Diff = False,
    policy_pack: Packs = None,
    no_policies: NoPolicies = False,
    control_plane: WithControlPlane = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Without an engine: what a first `up` would create.")
    ] = False,
) -> None:
    """Show what `up` would do, checked by the policy packs; without an engine what a first one would create."""
    from emulator.engine.find import cli  # noqa: PLC0415 - what a command needs, it loads

    if dry_run or cli() is None:
        from emulator import dry_run as without_engine  # noqa: PLC0415

        packs = [] if no_policies else policy_pack
        raise typer.Exit(without_engine.run(cwd, stack, packs=packs, as_json=as_json))
    options = ["--json"] * as_json + ["--diff"] * diff
    _pulumi("preview", stack, cwd, state_dir, options, _packs(cwd, policy_pack, no_policies), control_plane)


@app.command()
def up(  # noqa: PLR0913, PLR0917 - one parameter an option
    stack: Stack,
    cwd: Cwd = HERE,
    state_dir: StateDir = None,
    yes: Yes = False,
    refresh: Annotated[bool, typer.Option("--refresh", help="Read every resource first.")] = False,
    policy_pack: Packs = None,
    no_policies: NoPolicies = False,
    control_plane: WithControlPlane = False,
) -> None:
    """Preview, and when nothing is refused make it so."""
    options = ["--yes"] * yes + ["--refresh"] * refresh
    _pulumi("up", stack, cwd, state_dir, options, _packs(cwd, policy_pack, no_policies), control_plane)


@app.command()
def refresh(
    stack: Stack,
    cwd: Cwd = HERE,
    state_dir: StateDir = None,
    yes: Yes = False,
    preview_only: Annotated[bool, typer.Option("--preview-only", help="Show what it would do.")] = False,
) -> None:
    """Show what differs from the last `up` (drift) and take it over into the state."""
    options = ["--preview-only"] if preview_only else ["--yes"] * yes
    _pulumi("refresh", stack, cwd, state_dir, options, [], control_plane=False)


@app.command()
def destroy(stack: Stack, cwd: Cwd = HERE, state_dir: StateDir = None, yes: Yes = False) -> None:
    """Delete everything that the stack has."""
    _pulumi("destroy", stack, cwd, state_dir, ["--yes"] * yes, [], control_plane=False)


@app.command()
def outputs(
    stack: Stack,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="One output, printed whole.")] = None,
    cwd: Cwd = HERE,
    state_dir: StateDir = None,
    as_json: AsJson = False,
) -> None:
    """Print the outputs of the last `up`; in a terminal so much of each as fits on a screen."""
    from emulator.dry_run.text import on_terminal  # noqa: PLC0415
    from emulator.outputs import need_up, one_of, read, show  # noqa: PLC0415
    from emulator.session import Session  # noqa: PLC0415

    with Session(cwd, state_dir) as session:
        need_up(session, stack)
        if sys.stdout.isatty() and not as_json and name is None:
            typer.echo("\n".join(show(session, stack)))
            return
        if "/" in stack or (sys.stdout.isatty() and not as_json):
            whole = one_of(read(session, stack, secrets=name is not None), name)
            typer.echo(on_terminal(whole) if sys.stdout.isatty() else whole)
            return
        what = [name, "--show-secrets"] if name else []
        raise typer.Exit(session.run(["stack", "output", *what, "--stack", stack, *["--json"] * as_json]))


@app.command(context_settings={"allow_interspersed_args": False})
def run(
    command: Annotated[list[str], typer.Argument(metavar="COMMAND", help="The command and its arguments.")],
    cwd: Cwd = HERE,
    state_dir: StateDir = None,
    control_plane: WithControlPlane = False,
) -> None:
    """Run a command in the lab: `run -- pulumi stack ls`."""
    from emulator.engine.stacks import salted  # noqa: PLC0415
    from emulator.session import Session  # noqa: PLC0415

    session = Session(cwd, state_dir, control_plane=control_plane)
    session.mends = command[:3] == ["pulumi", "state", "repair"]
    with session, salted(cwd, session.folder):
        raise typer.Exit(session.run_command(command))


@app.command()
def lab(
    cwd: Cwd = HERE,
    state_dir: StateDir = None,
    as_json: AsJson = False,
    control_plane: WithControlPlane = False,
) -> None:
    """Put the lab up until Ctrl-C and print the environment for a shell beside it."""
    from emulator.session import Session, wait_for_interrupt  # noqa: PLC0415

    with Session(cwd, state_dir, control_plane=control_plane) as session:
        typer.echo(json.dumps(dict(session.environment)) if as_json else session.exports())
        sys.stdout.flush()
        wait_for_interrupt()


@app.command()
def engine(cwd: Cwd = HERE, as_json: AsJson = False) -> None:  # noqa: ARG001 - typer's callback goes there
    """Find or build the Pulumi CLI and the Kubernetes provider, and say which they are."""
    from emulator.engine.find import need_cli, need_kubernetes_provider  # noqa: PLC0415

    found = need_cli(sys.stderr)
    if not as_json:
        typer.echo(f"engine: {found.why}")
    provider = need_kubernetes_provider(sys.stderr)
    if as_json:
        where = str(provider) if provider else None
        typer.echo(json.dumps({"cli": str(found.path), "why": found.why, "kubernetesProvider": where}))


def _pulumi(  # noqa: PLR0913, PLR0917 - what every command has
    operation: str,
    stack: str,
    cwd: Path,
    state_dir: Path | None,
    options: list[str],
    packs: list[Path],
    control_plane: bool,  # noqa: FBT001
) -> None:
    from emulator.session import Session  # noqa: PLC0415

    with Session(cwd, state_dir, control_plane=control_plane) as session:
        code = session.operate(operation, stack, options, packs)
        if operation == "up" and not code:
            from emulator.outputs import show  # noqa: PLC0415

            typer.echo("\n".join(show(session, stack)))
    if operation in {"preview", "up"} and not packs:  # once more, where it is read
        typer.echo("no policy pack judged this", err=True)
    raise typer.Exit(code)


def _packs(cwd: Path, given: list[Path] | None, no_policies: bool) -> list[Path]:  # noqa: FBT001
    if no_policies:
        typer.echo(UNJUDGED["--no-policies"], err=True)
        return []
    found = given or sorted(path.parent for path in (cwd / "policies").glob("*/PulumiPolicy.yaml"))
    if not found:
        typer.echo(UNJUDGED["none"], err=True)
    return [path.resolve() for path in found]


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    from emulator.go_modules import BuildError  # noqa: PLC0415

    try:
        app(args=arguments, prog_name=typed("emulator"))
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else int(bool(exit_.code))
    except (UsageError, OperationError, BuildError) as error:
        from emulator.dry_run.text import error_text  # noqa: PLC0415

        typer.echo(error_text(error), err=True)
        return 2 if isinstance(error, UsageError) else 1
    except KeyboardInterrupt:
        return 130
    return 0
