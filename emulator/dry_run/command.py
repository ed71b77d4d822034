"""One command of the command line: where everything is, how it is shown, how it ends."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import typer

from emulator.dry_run.operation import Options
from emulator.dry_run.operations import Operations
from emulator.dry_run.project import Project
from emulator.dry_run.terminal import Terminal
from emulator.errors import OperationError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from emulator.dry_run.operation import Result


class Command:
    """One command: where everything is, how it is shown, how it ends."""

    def __init__(  # noqa: PLR0913 - what the command line says
        self,
        operation: str,
        stack: str,
        cwd: Path,
        state_dir: Path | None,
        *,
        as_json: bool = False,
        control_plane: bool = False,
    ) -> None:
        self.project = Project.load(cwd)
        self.project.require_stack(stack)
        self.operations: Operations = Operations(
            self.project, stack, self.project.state_folder(state_dir), control_plane=control_plane
        )
        self.operation, self.as_json = operation, as_json
        self.terminal = Terminal(operation, stack, as_json=as_json)

    def options(
        self,
        packs: list[Path] | None,
        configs: list[Path] | None,
        *,
        no_policies: bool,
        config_file: Path | None,
    ) -> Options:
        """Return the operation's options; without `--policy-pack` every pack of the project judges."""
        if packs is None and not no_policies:
            packs = sorted(p.parent for p in (self.project.folder / "policies").glob("*/PulumiPolicy.yaml"))
        return Options(
            policy_packs=[] if no_policies else packs or [],
            policy_pack_configs=configs or [],
            config_file=config_file,
            listeners=[self.terminal],
        )

    def plan_first(self, options: Options, *, yes: bool) -> None:
        """Have `up` show its preview and ask, unless told not to."""
        if not yes:
            self._require_person()
            options.confirm = lambda: self.terminal.confirm("Do you want to perform this update?")
        options.preview_listeners = [self.terminal.plan]

    def ask(self, plan: Callable[[], Result]) -> None:
        """Show a plan and ask; a no ends the command."""
        self._require_person()
        self.terminal.finish(plan())
        if not self.terminal.confirm(f"Do you want to perform this {self.operation}?"):
            raise OperationError("nothing was changed")
        self.terminal.reset()

    def end(self, operate: Callable[[], Result]) -> None:
        """Run the operation, show what came of it and exit."""
        with self.terminal:
            result = operate()
        self.terminal.finish(result)
        cluster = self.operations.cluster
        if cluster.is_kept and not self.as_json:
            typer.echo(f"The control plane runs: kubectl --kubeconfig {cluster.kubeconfig} get nodes")
        raise typer.Exit(0 if result.ok else 1)

    def state(self) -> Any:
        """Return the stack's state as it is on disk."""
        from emulator.dry_run.state import State  # noqa: PLC0415

        return State(self.operations.folder, self.operations.stack, readonly=True)

    def _require_person(self) -> None:
        if not (sys.stdin.isatty() and self.terminal.is_terminal):
            raise UsageError(f"nobody is there to ask: pass --yes to {self.operation} without a terminal")
