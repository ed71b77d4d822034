"""One stack on the Pulumi CLI, through the Automation API: always judged by both packs, its outputs read once until they change."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pulumi.automation import (
    ConcurrentUpdateError,
    LocalWorkspace,
    OutputMap,
    Stack,
    StackNotFoundError,
    UpdateSummary,
)

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


class _Stack(Stack):
    """A stack of which nothing is read back after an `up`: three runs of the CLI, each over the whole state, for what nobody asks."""

    def __init__(self, name: str, workspace: _Workspace) -> None:
        """Take a stack that is there; the first command says so where it is not."""
        self.name = name
        self.workspace = workspace

    def outputs(self) -> OutputMap:
        """Return none; `CheckedStack.outputs` reads them."""
        return {}

    def info(self, show_secrets: bool = True) -> UpdateSummary:  # noqa: FBT001, FBT002 - the SDK's own signature
        """Return what the SDK wants to see after an `up`; what it changed is in its events."""
        del show_secrets
        return UpdateSummary("update", datetime.now(UTC), "", {}, {}, "succeeded")


class CheckedStack:
    """A stack whose previews and ups are judged by the packs. Raises NoCliError; its methods raise CommandError."""

    def __init__(
        self, folder: Path, name: str, packs: Sequence[str], engine: EngineRecord | None = None
    ) -> None:
        self.cli = PulumiCli(engine)
        self._stack = _Stack(name, _Workspace(work_dir=str(folder), pulumi_command=self.cli))
        self._packs = list(packs)
        self._outputs: Mapping[str, Any] | StackNotFoundError | None = None

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
        return hashlib.sha256(self._ask("export").encode()).hexdigest()

    def outputs(self) -> Mapping[str, Any]:
        """Return the outputs' values as the last `up` left them; none when there was none. The CLI is asked once."""
        if self._outputs is None:
            try:
                self._outputs = json.loads(self._ask("output", "--json", "--show-secrets"))
            except StackNotFoundError as error:
                self._outputs = error
        if isinstance(self._outputs, StackNotFoundError):
            raise self._outputs
        return self._outputs or {}

    def _ask(self, *words: str) -> str:
        """Return what `pulumi stack ...` prints. Raises CommandError."""
        command = ["stack", *words, "--stack", self._stack.name]
        return self.cli.run(command, str(self._stack.workspace.work_dir), {}).stdout
