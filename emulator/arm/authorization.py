"""Who may do what in Azure: the role assignments of the caller and of its groups, at a scope and above it.

A role that `roles.json` does not know gives nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emulator.azure.errors import refusal
from emulator.entra.directory import OWNER, application, groups_of
from emulator.entra.tokens import Caller

if TYPE_CHECKING:
    from emulator.cloud.state import State

ASSIGNMENTS = "Microsoft.Authorization/roleAssignments"


@dataclass(frozen=True)
class Role:
    """A built-in role. Actions are patterns in lower case."""

    name: str
    id: str
    actions: tuple[str, ...]
    not_actions: tuple[str, ...]

    def allows(self, action: str) -> bool:
        """Say whether the role allows an action (in lower case)."""
        return any(fnmatchcase(action, p) for p in self.actions) and not any(
            fnmatchcase(action, p) for p in self.not_actions
        )


@cache
def roles() -> dict[str, Role]:
    """Return the built-in roles by id."""
    data: dict[str, Any] = json.loads(Path(__file__).with_name("roles.json").read_text(encoding="utf-8"))
    return {
        row["id"]: Role(
            row["name"],
            row["id"],
            tuple(a.lower() for a in row["actions"]),
            tuple(a.lower() for a in row["notActions"]),
        )
        for row in data["roles"]
    }


def require(state: State, caller: Caller, action: str, scope: str) -> None:
    """Raise ArmError (403) when the caller may not do this at this scope."""
    if caller.object_id == OWNER.object_id:
        return
    whom = {caller.object_id, *caller.groups}
    at = scope.lower().rstrip("/")
    for assignment in state.of_type(ASSIGNMENTS):
        said = assignment.properties
        covers = str(said.get("scope")).lower().rstrip("/")
        if str(said.get("principalId")).lower() in whom and (at == covers or at.startswith(covers + "/")):
            role = roles().get(str(said.get("roleDefinitionId")).rpartition("/")[2].lower())
            if role is not None and role.allows(action.lower()):
                return
    raise refusal("AuthorizationFailed", caller=caller, action=action, scope=scope)


def caller_of(state: State, client: str) -> Caller:
    """Return whom a client id of the directory signs in; one that nobody has is in no group and has no role."""
    if client.lower() == OWNER.client.lower():
        return Caller(OWNER.client, OWNER.object_id)
    known = application(state, client)
    object_id = str(known[1].properties["objectId"]) if known else client
    return Caller(client, object_id, groups_of(state, object_id))
