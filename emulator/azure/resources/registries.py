"""Microsoft.ContainerRegistry/registries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emulator.azure.errors import ArmError, bad_request
from emulator.azure.resource_type import Put, ResourceType
from emulator.azure.shapes import table

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props

_NAME = re.compile(r"[A-Za-z0-9]{5,50}")
_TIERS = ("Basic", "Standard", "Premium")
_TYPE = "Microsoft.ContainerRegistry/registries"


def put_registry(put: Put) -> Props:
    """Refuse a name that is none or somebody else's, and a tier that there is not (ARM reference of the type)."""
    if not _NAME.fullmatch(put.name):
        raise bad_request(
            "InvalidResourceName", f"The registry name '{put.name}' may have 5 to 50 letters and digits only."
        )
    for other in put.state.of_type(_TYPE):
        if other.name.lower() == put.name.lower() and other.id.lower() != put.id.lower():
            raise ArmError(
                409, "AlreadyInUse", f"The registry DNS name {put.name.lower()}.azurecr.io is already in use."
            )
    tier = table(put.body, "sku").get("name")
    if tier not in _TIERS:
        raise bad_request("InvalidSku", f"The SKU '{tier}' is not one of {', '.join(_TIERS)}.")
    return put.body | {
        "name": put.name,
        "type": _TYPE,
        "loginServer": f"{put.name.lower()}.azurecr.io",
        "creationDate": put.old.get("creationDate", put.now.isoformat()),
        "provisioningState": "Succeeded",
    }


REGISTRY = ResourceType(
    "containerregistry:Registry",
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.ContainerRegistry/registries/"
    "{registryName}",
    (
        "creationDate",
        "loginServer",
        "name",
        "privateEndpointConnections",
        "provisioningState",
        "status",
        "systemData",
        "type",
    ),
    required=("sku",),
    force_new=("location",),
    put=put_registry,
)
