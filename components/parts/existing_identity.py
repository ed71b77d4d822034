"""A managed identity that is there already: its ids, asked of Azure."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pulumi

from .naming import group_and_name
from .token_resource import sdk_version

GET = "azure-native:managedidentity:getUserAssignedIdentity"


def existing_identity(
    resource_id: pulumi.Input[str], setting: str, role: str, parent: pulumi.Resource
) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
    """Return the client id and the object id of an identity that a setting names.

    `role` is the built-in one with which it is read and used so (docs/first-cluster.md). Where Azure does not tell the ids, the program ends with a RunError, which the engine shows without a traceback.
    """
    opts = pulumi.InvokeOptions(parent=parent, version=sdk_version("azure-native"))

    async def ask(id_: str) -> Mapping[str, Any]:
        group, name = group_and_name(id_)
        try:
            return await pulumi.runtime.invoke_async(
                GET, {"resourceGroupName": group, "resourceName": name}, opts
            )
        except asyncio.CancelledError:
            raise
        except Exception as error:
            raise pulumi.RunError(_told(id_, setting, role, str(error))) from error

    found = pulumi.Output.from_input(resource_id).apply(ask)
    return found.apply(lambda one: one["clientId"]), found.apply(lambda one: one["principalId"])


def _told(id_: str, setting: str, role: str, said: str) -> str:
    return (
        f"{setting}\n  {id_} cannot be read: {said.rpartition('returned an error: ')[2]}\n"
        f"  -> name an identity that is there, and see that whoever runs `up` has the role {role} on it"
    )
