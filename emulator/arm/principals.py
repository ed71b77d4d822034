"""Other callers than the subscription's owner, for those who try what such a one may not do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.arm.authorization import ASSIGNMENTS, role_named
from emulator.azure import ids
from emulator.entra.directory import add_application

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emulator.cloud.cloud import Cloud


def sign_up(  # noqa: PLR0913, PLR0917  (one for each thing that an application has)
    cloud: Cloud,
    name: str,
    roles: Iterable[str],
    groups: Iterable[str],
    scope: str,
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
