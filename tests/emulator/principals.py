"""Other callers of the emulated Azure than the subscription's owner, for those who try what such a one may not do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.arm.authorization import ASSIGNMENTS, Role
from emulator.arm.authorization import roles as built_in
from emulator.azure import ids
from emulator.entra.directory import add_application

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emulator.cloud.cloud import Cloud


SUBSCRIPTION = f"/subscriptions/{ids.SUBSCRIPTION}"


def role_named(name: str) -> Role:
    """Return a built-in role by its name. Raises KeyError for one that is not known here."""
    found = next((r for r in built_in().values() if r.name == name), None)
    if found is None:
        raise KeyError(f"{name!r} is none of {', '.join(r.name for r in built_in().values())}")
    return found


def sign_up(
    cloud: Cloud,
    name: str,
    roles: Iterable[str] = (),
    groups: Iterable[str] = (),
    scope: str = SUBSCRIPTION,
    permissions: Iterable[str] = (),
) -> dict[str, str]:
    """Register an application with roles at a scope, in groups, with permissions in Entra; return the variables that sign it in.

    Raises KeyError for a role that is not known.
    """
    known = [role_named(role) for role in roles]
    principal, secret = add_application(cloud, name, groups, permissions)
    with cloud.change() as state:
        for role in known:
            assignment = ids.guid("assignment", scope, role.id, principal.object_id)
            id_ = f"{scope}/providers/{ASSIGNMENTS}/{assignment}"
            definition = f"/subscriptions/{ids.SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{role.id}"
            properties = {
                "name": assignment,
                "type": ASSIGNMENTS,
                "scope": scope,
                "roleDefinitionId": definition,
                "principalId": principal.object_id,
                "principalType": "ServicePrincipal",
            }
            state.put(id_, ASSIGNMENTS, assignment, properties)
    return {"AZURE_CLIENT_ID": principal.client, "AZURE_CLIENT_SECRET": secret}
