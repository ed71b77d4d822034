"""Commands in the lab of a project: the engine's own, on its stacks, and any other."""

from __future__ import annotations

import os
import shlex
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle.ending import typed

from emulator.arm.environment import UNSET
from emulator.engine import passed_on
from emulator.engine.stacks import config_file, has_protected, project_name
from emulator.engine.states import with_an_inside
from emulator.errors import UsageError
from emulator.lab import Lab, lab_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import FrameType


class Session(Lab):
    """The lab of a project while the `with` block runs. Raises UsageError, OperationError and BuildError."""

    def __init__(self, project: Path, folder: Path | None = None, *, control_plane: bool = False) -> None:
        project_name(project)
        self.project = project.resolve()
        super().__init__(lab_folder(self.project, folder), control_plane=control_plane)
        if control_plane and not self.cluster.is_kept and (up := with_an_inside(self.backend)):
            down = " && ".join(f"{self.typed('destroy')} --yes --stack {stack}" for stack in up)
            raise UsageError(
                f"up without a control plane: {', '.join(up)}. What is up cannot be moved onto one; take it down first: {down}"
            )

    @property
    def whole_environment(self) -> dict[str, str]:
        """What a command in the lab is started with."""
        return self.around(os.environ)

    def exports(self) -> str:
        """Return the environment as lines for a shell."""
        lines = [f"export {name}={shlex.quote(value)}" for name, value in self.environment.items()]
        return "\n".join([f"unset {' '.join(UNSET)}", *lines])

    def operate(self, operation: str, stack: str, options: Sequence[str], packs: Sequence[Path]) -> int:
        """Run `pulumi <operation>` on a stack; return its exit code."""
        asks = operation != "preview" and "--yes" not in options and "--preview-only" not in options
        if asks and not (sys.stdin.isatty() and sys.stdout.isatty()):
            raise UsageError(f"nobody is there to ask: pass --yes to {operation} without a terminal")
        config = config_file(self.project, stack, self.folder, self.whole_environment)
        given = [part for pack in packs for part in ("--policy-pack", str(pack))]
        if operation == "preview":  # else a terminal gets the whole tree anew for each change: a megabyte
            given.append("--non-interactive")
        if (
            "--json" not in options
        ):  # screens full: of a preview most is unknown, of an `up` `show` has a few lines of each
            given.append("--suppress-outputs")
        code = self.run([operation, "--stack", stack, "--config-file", str(config), *options, *given])
        if operation == "destroy" and code == 0 and "--preview-only" not in options:
            self.cluster.end()
        if operation == "destroy" and code and has_protected(stack, self.project, self.whole_environment):
            sys.stderr.write(
                f"{stack} has protected resources. If it has to go all the same: `{self.typed('run')} -- pulumi state unprotect "
                f"--all --yes --stack {stack}`, then destroy it again\n"
            )
        return code

    def typed(self, command: str) -> str:
        """Return how a command of this lab is called, to be pasted where this one was."""
        elsewhere = self.folder != lab_folder(self.project, None)
        state = f" --state-dir {shlex.quote(str(self.folder))}" if elsewhere else ""
        return f"{typed('emulator')} {command}{state}"

    def run(self, arguments: Sequence[str]) -> int:
        """Run the Pulumi CLI; return its exit code."""
        return self.run_command(["pulumi", *arguments])

    def run_command(self, command: Sequence[str]) -> int:
        """Run a command in the project's folder (`passed_on.run`); return its exit code."""
        try:
            return passed_on.run(command, self.project, self.whole_environment)
        except FileNotFoundError as error:
            raise UsageError(f"{command[0]}: {error.strerror}") from None


def wait_for_interrupt() -> None:
    """Return after SIGINT or SIGTERM."""
    done = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        done.set()

    before: dict[int, Any] = {n: signal.signal(n, end) for n in (signal.SIGINT, signal.SIGTERM)}
    done.wait()
    for number, handler in before.items():
        signal.signal(number, handler)
