"""A stack of a project folder on the real engine, in a lab kept in that folder: the automation API with the lab's environment."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from unittest import mock

from pulumi.automation import LocalWorkspace, OpMap, OutputMap, PulumiCommand, Stack, UpdateSummary
from typing_extensions import override

from emulator.arm.environment import UNSET
from emulator.azure import ids
from emulator.cloud.cloud import Cloud
from emulator.lab import Lab
from tests.emulator.principals import sign_up

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import pytest


AT_THE_END = {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"}
"""Variables that have the engine write its state once, when an operation ends: that of a first `up` takes as long as all else of it."""


SELDOM = {"GOGC": "400"}
"""Variables that have the CLI, which lives for seconds, look seldom for what it need not keep."""


def enter(patch: pytest.MonkeyPatch, lab: Lab) -> None:
    """Put this process into the lab until the patch is undone."""
    for name in UNSET:
        patch.delenv(name, raising=False)
    for name, value in {**lab.environment, **SELDOM}.items():
        patch.setenv(name, value)


@cache
def cli(path: str) -> PulumiCommand:
    """The CLI of a PATH, which is asked once what version it is."""
    del path
    return PulumiCommand()


class QuickStack(Stack):
    """A stack that takes from an operation's events what it changed, where the SDK asks the CLI three times after each."""

    def __init__(self, name: str, folder: Path, backend: Path) -> None:
        self.name = name
        self.workspace = LocalWorkspace(str(folder), pulumi_command=cli(os.environ["PATH"]))
        self.changed: OpMap = {}
        if not any(backend.rglob(f"stacks/*/{name}.json")):
            self.workspace.create_stack(name)

    def noting(self, then: Callable[[Any], Any] | None) -> Callable[[Any], None]:
        """What notes the changes, and hands each event on."""

        def note(event: Any) -> None:
            if event.summary_event:
                self.changed = dict(event.summary_event.resource_changes)
            if then:
                then(event)

        return note

    @override
    def outputs(self) -> OutputMap:
        return {}

    @override
    def info(self, show_secrets: bool = True) -> UpdateSummary:
        return UpdateSummary(
            "update", datetime.now(UTC), "", {}, {}, "succeeded", resource_changes=self.changed
        )


class LabStack:
    """Puts the lab up for each operation, as `python -m emulator` does; a copy of the folder is a copy of everything."""

    def __init__(
        self, name: str, folder: Path, policy_packs: Sequence[Path] = (), *, control_plane: bool = False
    ) -> None:
        self.name, self.folder = name, folder
        self.packs = [str(pack) for pack in policy_packs]
        self.control_plane = control_plane
        self.checkpoints = False
        """Whether the engine writes its state after every step, as it does by itself."""
        self.login: Mapping[str, str] = {}
        """Variables that sign in somebody else than the lab's own identity; see `sign_in`."""

    def sign_in(self, name: str, scopes: Mapping[str, Sequence[str]], permissions: Sequence[str] = ()) -> str:
        """Sign in an application with Azure roles at scopes and permissions in Entra; return its object id.

        Azure's and Entra's providers take it from the stack's configuration, kubelogin from its environment.
        """
        cloud = Cloud(self.lab_folder / "cloud.json")
        for scope, roles in scopes.items():
            self.login = sign_up(cloud, name, roles, (), scope, permissions)
        file = self.folder / f"Pulumi.{self.name}.yaml"
        text = re.sub(r"(?m)^  azure(-native|ad):clientId: .*\n", "", file.read_text("utf-8"))
        client = self.login["AZURE_CLIENT_ID"]
        keys = "".join(f"  {package}:clientId: {client}\n" for package in ("azure-native", "azuread"))
        file.write_text(text.replace("config:\n", f"config:\n{keys}", 1), "utf-8")
        return ids.guid("application", name, "principal")

    @property
    def lab_folder(self) -> Path:
        return self.folder / ".emulator"

    def preview(self, **options: Any) -> Any:
        return self._with(lambda stack: stack.preview(policy_packs=self.packs, **options))

    def up(self, **options: Any) -> Any:
        return self._do("up", policy_packs=self.packs, **options)

    def refresh(self, **options: Any) -> Any:
        return self._do("refresh", **options)

    def destroy(self, **options: Any) -> Any:
        return self._do("destroy", **options)

    def outputs(self) -> dict[str, Any]:
        return json.loads(self._said("stack", "output", "--json", "--show-secrets"))

    def printed_outputs(self) -> str:
        """What `pulumi stack output` prints."""
        return self._said("stack", "output")

    def unprotect(self) -> None:
        """Lift the protection of every resource, as `pulumi state unprotect --all` does."""
        self._said("state", "unprotect", "--all", "--yes")

    def resources(self) -> list[dict[str, Any]]:
        exported = self._with(lambda stack: stack.export_stack())
        return (exported.deployment or {}).get("resources") or []

    def _do(self, operation: str, *, on_event: Callable[[Any], Any] | None = None, **options: Any) -> Any:
        return self._with(lambda stack: getattr(stack, operation)(on_event=stack.noting(on_event), **options))

    def _said(self, *words: str) -> str:
        """What a command of the CLI prints."""
        command = [*words, "--stack", self.name]
        return self._with(
            lambda stack: stack.workspace.pulumi_command.run(command, str(self.folder), {}).stdout
        )

    def _with(self, act: Callable[[QuickStack], Any]) -> Any:
        lab = Lab(self.lab_folder, control_plane=self.control_plane)
        more = {**self.login, **SELDOM, **({} if self.checkpoints else AT_THE_END)}
        with lab, mock.patch.dict(os.environ, {**lab.around(os.environ), **more}, clear=True):
            return act(QuickStack(self.name, self.folder, lab.backend))
