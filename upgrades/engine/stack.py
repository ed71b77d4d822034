"""One stack on the Pulumi CLI, through the Automation API: always judged by both packs, its outputs read once until they change."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from pulumi.automation import ConcurrentUpdateError, LocalWorkspace, Stack

from .cli_errors import is_left_behind
from .pulumi_cli import PulumiCli

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from pulumi.automation import EngineEvent

    from .process import EngineRecord


class _Workspace(LocalWorkspace):
    """A project's folder in which no stack is made the user's current one: reading three would leave the last selected."""

    def select_stack(self, stack_name: str) -> None:
        """Do nothing: every command names its stack."""


class CheckedStack:
    """A stack whose previews and ups are judged by the packs. Raises NoCliError; its methods raise CommandError."""

    def __init__(
        self, folder: Path, name: str, packs: Sequence[str], engine: EngineRecord | None = None
    ) -> None:
        self.cli = PulumiCli(engine)
        self._stack = Stack.select(name, _Workspace(work_dir=str(folder), pulumi_command=self.cli))
        self._packs = list(packs)
        self._outputs: Mapping[str, Any] | None = None

    @property
    def version(self) -> str:
        """The version of the CLI."""
        return str(self.cli.version)

    def preview(self, *, on_event: Callable[[EngineEvent], Any] | None = None) -> Any:
        """Preview the stack."""
        return self._stack.preview(policy_packs=self._packs, on_event=on_event)

    def up(self, *, on_event: Callable[[EngineEvent], Any] | None = None) -> Any:
        """Bring the stack up. A lock that a dead process of this machine left is taken away first."""
        self._outputs = None
        try:
            return self._stack.up(policy_packs=self._packs, on_event=on_event)
        except ConcurrentUpdateError as error:
            if not is_left_behind(error):
                raise
            self._stack.cancel()
            return self._stack.up(policy_packs=self._packs, on_event=on_event)

    def state(self) -> str:
        """Return a digest of the stack's state: whatever an `up`, a refresh or an edit of it writes, makes another.

        The state stays as it is kept, its secrets encrypted. A preview writes nothing.
        """
        command = ["stack", "export", "--stack", self._stack.name]
        kept = self.cli.run(command, str(self._stack.workspace.work_dir), {}).stdout
        return hashlib.sha256(kept.encode()).hexdigest()

    def outputs(self) -> Mapping[str, Any]:
        """Return the outputs' values as the last `up` left them; none when there was none."""
        if self._outputs is None:
            self._outputs = {name: output.value for name, output in self._stack.outputs().items()}
        return self._outputs
