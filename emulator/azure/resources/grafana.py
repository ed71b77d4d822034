"""Microsoft.Dashboard/grafana."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emulator.azure.errors import ArmError, bad_request
from emulator.azure.ids import guid
from emulator.azure.resource_type import Put, ResourceType, existing
from emulator.azure.shapes import rows, table

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props

_NAME = re.compile(r"[A-Za-z](?!.*--)[A-Za-z0-9-]{0,21}[A-Za-z0-9]")
_TYPE = "Microsoft.Dashboard/grafana"


def put_grafana(put: Put) -> Props:
    """Refuse a name that is none or somebody else's, a tier that there is not, and a workspace that does not exist."""
    if not _NAME.fullmatch(put.name):
        raise bad_request("InvalidResourceName", f"'{put.name}' does not match the pattern of Grafana names.")
    if any(
        o.name.lower() == put.name.lower() and o.id.lower() != put.id.lower()
        for o in put.state.of_type(_TYPE)
    ):
        raise ArmError(409, "Conflict", f"The Grafana name '{put.name}' is already in use.")
    tier = table(put.body, "sku").get("name")
    if tier not in {"Standard", "Essential"}:
        raise bad_request("InvalidSku", f"The SKU '{tier}' is not one of Standard, Essential.")
    properties = table(put.body, "properties")
    for one in rows(properties, "grafanaIntegrations.azureMonitorWorkspaceIntegrations"):
        existing(put.state, str(one.get("azureMonitorWorkspaceResourceId")), "Microsoft.Monitor/accounts")
    identity = table(put.body, "identity")
    if identity.get("type") == "SystemAssigned":
        identity = identity | {"principalId": guid(put.id.lower(), "principal"), "tenantId": put.tenant}
    endpoint = f"https://{put.name.lower()}.{put.body.get('location')}.grafana.azure.com"
    shown = {"apiKey": "Disabled", "publicNetworkAccess": "Enabled"} | properties | {"endpoint": endpoint}
    return put.body | {"name": put.name, "type": _TYPE, "identity": identity, "properties": shown}


GRAFANA = ResourceType(
    "dashboard:Grafana",
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Dashboard/grafana/{workspaceName}",
    (
        "identity.principalId",
        "identity.tenantId",
        "name",
        "properties.endpoint",
        "properties.provisioningState",
        "systemData",
        "type",
    ),
    force_new=("location",),
    put=put_grafana,
    nested=True,
)
