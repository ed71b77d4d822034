"""A managed identity that is there already: its ids, asked of Azure."""

from collections.abc import Mapping
from typing import Any

import pulumi

from .azure_read import azure_read
from .naming import group_and_name

GET = "managedidentity:getUserAssignedIdentity"


def existing_identity(
    resource_id: pulumi.Input[str], setting: str, role: str, parent: pulumi.Resource
) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
    """Return the client id and the object id of an identity that a setting names.

    `role` is the built-in one with which it is read and used so (docs/first-cluster.md). Where Azure does not tell the ids, the program ends with a RunError, which the engine shows without a traceback.
    """

    async def ask(id_: str) -> Mapping[str, Any]:
        group, name = group_and_name(id_)
        remedy = f"name an identity that is there, and see that whoever runs `up` has the role {role} on it"
        return await azure_read(
            GET, {"resourceGroupName": group, "resourceName": name}, f"{setting}\n  {id_}", remedy, parent
        )

    found = pulumi.Output.from_input(resource_id).apply(ask)
    return found.apply(lambda one: one["clientId"]), found.apply(lambda one: one["principalId"])
