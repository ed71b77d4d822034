"""Diagnostic settings, data collection rules and Grafana: what the tables (types.yaml, refusals.yaml) do not say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.azure import refusals
from emulator.azure.errors import refusal
from emulator.azure.ids import guid
from emulator.azure.shapes import each, rows, table
from emulator.cloud.events import CLUSTER_TYPE

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props, Put


def put_setting(put: Put) -> Props:
    """Refuse a setting of categories that its resource does not have, or that go to the same workspace already."""
    target, workspace = put.state.get(put.scope), put.body.get("workspaceId")
    logs = [log for log in rows(put.body, "logs") if log.get("enabled") and log.get("category")]
    if target and target.type == CLUSTER_TYPE:
        refusals.check("clusterLogs", {"logs": logs})
    for other in put.state.children(put.scope, put.arm_type):
        theirs = {log.get("category") for log in rows(other.properties, "logs") if log.get("enabled")}
        twice = [log["category"] for log in logs if log["category"] in theirs]
        if other.id.lower() != put.id.lower() and other.properties.get("workspaceId") == workspace and twice:
            raise refusal("Conflict", workspace=workspace, other=other, twice=twice)
    return put.body


def put_rule(put: Put) -> Props:
    """Refuse a rule whose flows go to a destination that it does not name."""
    said = table(put.body, "destinations")
    names = {one["name"] for key in said for one in rows(said, key)}
    if unknown := [name for name in each(put.body, "dataFlows[].destinations[]") if name not in names]:
        raise refusal("InvalidPayload", unknown=unknown)
    return put.body | {"immutableId": f"dcr-{guid(put.id.lower(), 'rule')}"}


def put_grafana(put: Put) -> Props:
    """Give a workspace its address."""
    endpoint = f"https://{put.name.lower()}.{put.body.get('location')}.grafana.azure.com"
    chosen = {"apiKey": "Disabled", "publicNetworkAccess": "Enabled"} | table(put.body, "properties")
    return put.body | {"properties": chosen | {"endpoint": endpoint}}
