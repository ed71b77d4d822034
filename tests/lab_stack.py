"""A stack of a project folder on the real engine, in a lab kept in that folder: the automation API with the lab's environment."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any
from unittest import mock

from pulumi.automation import Stack, create_or_select_stack

from emulator.arm.environment import UNSET
from emulator.arm.principals import sign_up
from emulator.azure import ids
from emulator.cloud.cloud import Cloud
from emulator.lab import Lab

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import pytest


def enter(patch: pytest.MonkeyPatch, lab: Lab) -> None:
    """Put this process into the lab until the patch is undone."""
    for name in UNSET:
        patch.delenv(name, raising=False)
    for name, value in lab.environment.items():
        patch.setenv(name, value)


class LabStack:
    """Puts the lab up for each operation, as `python -m emulator` does; a copy of the folder is a copy of everything."""

    def __init__(
        self, name: str, folder: Path, policy_packs: Sequence[Path] = (), *, control_plane: bool = False
    ) -> None:
        self.name, self.folder = name, folder
        self.packs = [str(pack) for pack in policy_packs]
        self.control_plane = control_plane
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
        return self._with(lambda stack: stack.up(policy_packs=self.packs, **options))

    def refresh(self, **options: Any) -> Any:
        return self._with(lambda stack: stack.refresh(**options))

    def destroy(self, **options: Any) -> Any:
        return self._with(lambda stack: stack.destroy(**options))

    def outputs(self) -> dict[str, Any]:
        return {name: output.value for name, output in self.all_outputs().items()}

    def printed_outputs(self) -> str:
        """What `pulumi stack output` prints."""
        said = ["stack", "output", "--stack", self.name]
        return self._with(
            lambda stack: stack.workspace.pulumi_command.run(said, str(self.folder), {}, None).stdout
        )

    def all_outputs(self) -> Any:
        """The outputs, each with its value and whether it is secret."""
        return self._with(lambda stack: stack.outputs())

    def unprotect(self) -> None:
        """Lift the protection of every resource, as `pulumi state unprotect --all` does."""
        self._with(
            lambda stack: stack.workspace.pulumi_command.run(
                ["state", "unprotect", "--all", "--yes", "--stack", self.name], str(self.folder), {}, None
            )
        )

    def resources(self) -> list[dict[str, Any]]:
        exported = self._with(lambda stack: stack.export_stack())
        return (exported.deployment or {}).get("resources") or []

    def _with(self, act: Callable[[Stack], Any]) -> Any:
        lab = Lab(self.lab_folder, control_plane=self.control_plane)
        with lab, mock.patch.dict(os.environ, {**lab.around(os.environ), **self.login}, clear=True):
            return act(create_or_select_stack(self.name, work_dir=str(self.folder)))
