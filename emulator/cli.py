"""The command line: `python -m emulator preview --stack dev`. Exit codes: 0 fine, 1 refused, 2 wrong usage, 130 interrupted."""

# ruff: noqa: FBT002 - typer reads the options off the parameters

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from emulator import dry_run

app = typer.Typer(
    name="emulator",
    help="Run the Pulumi program here with no Azure account: `python -m emulator preview --stack dev`.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Stack = Annotated[str, typer.Option("--stack", "-s", help="The stack: Pulumi.<stack>.yaml.")]
Cwd = Annotated[Path, typer.Option("--cwd", "-C", help="The project's folder.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Packs = Annotated[
    list[Path] | None,
    typer.Option(
        "--policy-pack",
        help="A policy pack's folder; may be given several times. [default: each folder under policies/]",
    ),
]
NoPolicies = Annotated[bool, typer.Option("--no-policies", help="Run no policy pack.")]
ConfigFile = Annotated[
    Path | None, typer.Option("--config-file", help="Another file than Pulumi.<stack>.yaml.")
]
StateDir = Annotated[
    Path | None, typer.Option("--state-dir", help="Where the cloud is kept. [default: .emulator]")
]
HERE = Path()


@app.command()
def preview(  # noqa: PLR0913, PLR0917 - one parameter an option
    stack: Stack,
    cwd: Cwd = HERE,
    as_json: AsJson = False,
    policy_pack: Packs = None,
    no_policies: NoPolicies = False,
    config_file: ConfigFile = None,
) -> None:
    """Show what a first `up` would create, checked by the policy packs."""
    packs = [] if no_policies else policy_pack
    raise typer.Exit(dry_run.run(cwd, stack, packs=packs, config_file=config_file, as_json=as_json))


@app.command()
def serve(cwd: Cwd = HERE, state_dir: StateDir = None, as_json: AsJson = False) -> None:
    """Offer the emulator's providers to a Pulumi engine (PULUMI_DEBUG_PROVIDERS)."""
    from emulator.plugins.servers import serve as run_server  # noqa: PLC0415 - only this needs gRPC

    raise typer.Exit(run_server((state_dir or cwd / ".emulator").resolve(), as_json=as_json))


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    try:
        app(args=arguments, prog_name="python -m emulator")
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else int(bool(exit_.code))
    return 0
