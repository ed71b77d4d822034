"""The command line. Exit codes: 0 fine, 1 refused or failed, 2 wrong usage."""

# ruff: noqa: FBT002 - typer reads the options off the parameters

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from emulator.dry_run.command import Command
from emulator.dry_run.project import Project
from emulator.errors import ConfigError, OperationError, UsageError

app = typer.Typer(
    name="emulator",
    help="Run the Pulumi program here with no Azure account and no Pulumi CLI: `python -m emulator preview --stack dev`.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Stack = Annotated[str, typer.Option("--stack", "-s", help="The stack: Pulumi.<stack>.yaml.")]
Cwd = Annotated[Path, typer.Option("--cwd", "-C", help="The project's folder.")]
StateDir = Annotated[
    Path | None,
    typer.Option("--state-dir", help="Where the state is kept. [default: .emulator]"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Packs = Annotated[
    list[Path] | None,
    typer.Option(
        "--policy-pack",
        help="A policy pack's folder; may be given several times. [default: each folder under policies/]",
    ),
]
PackConfigs = Annotated[
    list[Path] | None,
    typer.Option(
        "--policy-pack-config", help="JSON configuration of the pack at the same place in the list."
    ),
]
NoPolicies = Annotated[bool, typer.Option("--no-policies", help="Run no policy pack.")]
ConfigFile = Annotated[
    Path | None, typer.Option("--config-file", help="Another file than Pulumi.<stack>.yaml.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Message = Annotated[str, typer.Option("--message", "-m", help="A word for the history.")]
ShowSecrets = Annotated[bool, typer.Option("--show-secrets", help="Show secrets in plain text.")]
PreviewOnly = Annotated[bool, typer.Option("--preview-only", help="Show what it would do.")]
OnControlPlane = Annotated[
    bool,
    typer.Option(
        "--control-plane",
        help="Apply Kubernetes resources to a real control plane, kept until `destroy`. [default: as at the last `up`]",
    ),
]
HERE = Path()


@app.command()
def preview(  # noqa: PLR0913, PLR0917 - one parameter an option
    stack: Stack,
    cwd: Cwd = HERE,
    state_dir: StateDir = None,
    as_json: AsJson = False,
    policy_pack: Packs = None,
    policy_pack_config: PackConfigs = None,
    no_policies: NoPolicies = False,
    config_file: ConfigFile = None,
    control_plane: OnControlPlane = False,
) -> None:
    """Show what `up` would do, checked by the policy packs."""
    run = Command("preview", stack, cwd, state_dir, as_json=as_json, control_plane=control_plane)
    options = run.options(policy_pack, policy_pack_config, no_policies=no_policies, config_file=config_file)
    run.end(lambda: run.operations.preview(options))


@app.command()
def up(  # noqa: PLR0913, PLR0917 - one parameter an option
    stack: Stack,
    cwd: Cwd = HERE,
    state_dir: StateDir = None,
    as_json: AsJson = False,
    yes: Yes = False,
    message: Message = "",
    policy_pack: Packs = None,
    policy_pack_config: PackConfigs = None,
    no_policies: NoPolicies = False,
    config_file: ConfigFile = None,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Read every resource from its provider first.")
    ] = False,
    control_plane: OnControlPlane = False,
) -> None:
    """Preview, and when nothing is refused make it so."""
    run = Command("up", stack, cwd, state_dir, as_json=as_json, control_plane=control_plane)
    options = run.options(policy_pack, policy_pack_config, no_policies=no_policies, config_file=config_file)
    options.message, options.refresh = message, refresh
    run.plan_first(options, yes=yes)
    run.end(lambda: run.operations.up(options))


@app.command()
def destroy(  # noqa: PLR0913, PLR0917 - one parameter an option
    stack: Stack,
    cwd: Cwd = HERE,
    state_dir: StateDir = None,
    as_json: AsJson = False,
    yes: Yes = False,
    preview_only: PreviewOnly = False,
    message: Message = "",
    config_file: ConfigFile = None,
    control_plane: OnControlPlane = False,
) -> None:
    """Delete everything that the stack has."""
    run = Command("destroy", stack, cwd, state_dir, as_json=as_json, control_plane=control_plane)
    options = run.options(None, None, no_policies=True, config_file=config_file)
    options.message = message
    if not preview_only and not yes:
        run.ask(lambda: run.operations.destroy(options, preview_only=True))
    run.end(lambda: run.operations.destroy(options, preview_only=preview_only))


@app.command()
def refresh(  # noqa: PLR0913, PLR0917 - one parameter an option
    stack: Stack,
    cwd: Cwd = HERE,
    state_dir: StateDir = None,
    as_json: AsJson = False,
    yes: Yes = False,
    preview_only: PreviewOnly = False,
    config_file: ConfigFile = None,
    control_plane: OnControlPlane = False,
) -> None:
    """Show what differs from the last `up` (drift) and take it over into the state."""
    del yes  # accepted as Pulumi's: nothing outside the state is changed, so nothing is asked
    run = Command("refresh", stack, cwd, state_dir, as_json=as_json, control_plane=control_plane)
    options = run.options(None, None, no_policies=True, config_file=config_file)
    run.end(lambda: run.operations.refresh(options, preview_only=preview_only))


@app.command()
def outputs(
    stack: Stack,
    cwd: Cwd = HERE,
    state_dir: StateDir = None,
    as_json: AsJson = False,
    show_secrets: ShowSecrets = False,
) -> None:
    """Print the outputs of the last `up`."""
    from emulator.properties.values import mask, reveal  # noqa: PLC0415

    run = Command("outputs", stack, cwd, state_dir, as_json=as_json)
    found: dict[str, Any] = run.state().outputs() or {}
    shown: dict[str, Any] = reveal(found) if show_secrets else mask(found)
    if as_json:
        typer.echo(json.dumps(shown, indent=2))
        return
    for name, value in shown.items():
        typer.echo(f"{name}: {value if isinstance(value, str) else json.dumps(value, indent=2)}")


@app.command()
def export(
    stack: Stack, cwd: Cwd = HERE, state_dir: StateDir = None, show_secrets: ShowSecrets = False
) -> None:
    """Print the state in Pulumi's export format (secrets left out unless asked for)."""
    from emulator.properties.wire import SECRET, SIGNATURE  # noqa: PLC0415

    def hide(value: Any) -> Any:
        return {SIGNATURE: SECRET, "ciphertext": "[secret]"} if value.get(SIGNATURE) == SECRET else value

    run = Command("export", stack, cwd, state_dir)
    text = json.dumps(run.state().export(run.project.salt(stack)))
    typer.echo(json.dumps(json.loads(text, object_hook=None if show_secrets else hide), indent=2))


@app.command()
def history(stack: Stack, cwd: Cwd = HERE, state_dir: StateDir = None, as_json: AsJson = False) -> None:
    """List what was done to the stack, the newest first."""
    from emulator.dry_run import history as past  # noqa: PLC0415

    run = Command("history", stack, cwd, state_dir, as_json=as_json)
    entries = past.read(run.operations.folder, stack)
    if as_json:
        typer.echo(json.dumps(entries, indent=2))
        return
    for entry in entries:
        changes = ", ".join(f"{n} {op}" for op, n in entry["resourceChanges"].items())
        typer.echo(
            f"{entry['version']:>4}  {entry['startTime'][:19]}  {entry['kind']:<8} {entry['result']:<10} {changes}  {entry['message']}".rstrip()
        )


@app.command()
def serve(cwd: Cwd = HERE, state_dir: StateDir = None, as_json: AsJson = False) -> None:
    """Offer the emulator's providers to a real Pulumi engine (PULUMI_DEBUG_PROVIDERS)."""
    from emulator.plugins.servers import serve as run_server  # noqa: PLC0415

    raise typer.Exit(run_server(Project.load(cwd).state_folder(state_dir), as_json=as_json))


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        app(args=arguments, prog_name="python -m emulator")
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else int(bool(exit_.code))
    except (UsageError, OperationError) as error:
        code = 1 if isinstance(error, (ConfigError, OperationError)) else 2
        if "--json" in arguments:
            typer.echo(
                json.dumps({"result": "failed", "errors": [{"urn": "", "message": str(error)}]}, indent=2)
            )
        typer.echo(f"error: {error}", err=True)
        return code
    except KeyboardInterrupt:
        typer.echo("interrupted", err=True)
        return 130
    return 0
