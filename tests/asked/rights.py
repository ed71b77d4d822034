"""Somebody who has the roles of docs/first-cluster.md for a stack file and no others: on its resource group, and on each thing of others that the file names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from emulator.arm.authorization import ASSIGNMENTS, require, roles
from emulator.azure import ids
from emulator.plugins.azure_native import provider
from tests.emulator.azure_provider import LOCATION
from tests.emulator.principals import sign_up
from tests.first_cluster import ENTRA, rights

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from emulator.cloud.state import State
    from emulator.entra.tokens import Caller
    from tests.emulator.azure_provider import Azure

OWN = "deployed"
"""A resource group that is there already, in which a stack is made."""
_GROUPS = f"/subscriptions/{ids.SUBSCRIPTION}/resourceGroups"
Row = tuple[str, str]
"""A role of the page, and the setting that it is for; "" for what every stack takes."""


def in_a_group(config: dict[str, Any]) -> dict[str, Any]:
    """The same stack in a group where its rights can end."""
    cluster = {k: v for k, v in config["secure-aks:cluster"].items() if k != "resourceGroup"}
    return config | {"secure-aks:cluster": cluster | {"existingResourceGroup": OWN}}


def scopes(config: dict[str, Any], setting: str) -> list[str]:
    """The ids below a setting of a stack file, and of a network's part the network; its path ends with the setting's words."""
    found: list[str] = []
    for path, value in _leaves(config, ""):
        if f".{setting}." in f".{path}.":
            text = str(value)
            if setting.endswith("Group") and "/" not in text:
                text = f"{_GROUPS}/{text}"
            found += re.findall(r"^/subscriptions/\S+?(?=/subnets/|$)", text)
    return found


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key.removeprefix('secure-aks:')}".removeprefix("."))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, path)
    else:
        yield path, value


def documented(config: dict[str, Any], own: str = OWN) -> dict[Row, list[str]]:
    """The scopes of each row of the page, for a stack file whose own things are in the group `own`."""
    found: dict[Row, list[str]] = {}
    for right in rights():
        if right.where == ENTRA:
            continue
        for setting in right.settings or ("",):
            found[right.role, setting] = scopes(config, setting) if setting else [f"{_GROUPS}/{own}"]
    return found


def sign_in(azure: Azure, config: dict[str, Any]) -> None:
    """Have the provider act as somebody with exactly these."""
    with azure.cloud.change() as state:
        state.put(
            f"{_GROUPS}/{OWN}", "Microsoft.Resources/resourceGroups", OWN, {"name": OWN, "location": LOCATION}
        )
    login: dict[str, str] = {}
    for (role, _), places in documented(config).items():
        for scope in places:
            login = sign_up(azure.cloud, "documented", [role], (), scope)
    azure.provider.configure({"location": LOCATION, "clientId": login["AZURE_CLIENT_ID"]})


class Used:
    """What was allowed by one assignment alone: a role's id and its scope."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.alone: set[tuple[str, str]] = set()
        patch.setattr(provider, "require", self._require)

    def _require(self, state: State, caller: Caller, action: str, scope: str) -> None:
        require(state, caller, action, scope)
        allowing = {
            (role.name, covers)
            for one in state.of_type(ASSIGNMENTS)
            if one.properties.get("principalId") == caller.object_id
            and f"{scope.lower()}/".startswith((covers := str(one.properties["scope"]).lower()) + "/")
            and (role := roles().get(str(one.properties["roleDefinitionId"]).rpartition("/")[2]))
            and role.allows(action.lower())
        }
        if len(allowing) == 1:
            self.alone |= allowing

    def rows(self, config: dict[str, Any]) -> set[Row]:
        """The rows of the page without which the stack would not have come up."""
        return {
            (role, setting)
            for (role, setting), places in documented(config).items()
            if any((role, scope.lower()) in self.alone for scope in places)
        }
