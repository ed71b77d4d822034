"""Microsoft.Authorization/roleDefinitions: the built-in roles that the lab knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from emulator.arm import paging
from emulator.arm.authorization import Role, roles
from emulator.azure.errors import refusal
from emulator.https.messages import Reply

if TYPE_CHECKING:
    from emulator.arm.context import Context
    from emulator.arm.paths import Target

_NAMED = re.compile(r"roleName eq '([^']+)'", re.IGNORECASE)


def answer(context: Context, target: Target) -> Reply:
    """Answer one role, or the list of them, by name where the filter says so. Raises ArmError."""
    if target.is_resource:
        role = roles().get(target.names[-1].lower())
        if role is None:
            raise refusal("RoleDefinitionDoesNotExist", name=target.names[-1])
        return Reply(200, _shown(role, target))
    asked = context.request.query.get("$filter", "")
    named = _NAMED.fullmatch(asked)
    if asked and named is None:
        raise refusal("UnsupportedQuery", asked=asked)
    found = [r for r in roles().values() if named is None or r.name == named[1]]
    return paging.reply(context, [_shown(r, target) for r in found])


def _shown(role: Role, target: Target) -> dict[str, Any]:
    subscription = "/".join(target.scope.split("/")[:3])
    return {
        "id": f"{subscription}/providers/Microsoft.Authorization/roleDefinitions/{role.id}",
        "name": role.id,
        "type": "Microsoft.Authorization/roleDefinitions",
        "properties": {
            "roleName": role.name,
            "type": "BuiltInRole",
            "assignableScopes": ["/"],
            "permissions": [
                {
                    "actions": list(role.actions),
                    "notActions": list(role.not_actions),
                    "dataActions": [],
                    "notDataActions": [],
                }
            ],
        },
    }
