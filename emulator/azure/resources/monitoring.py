"""Log Analytics workspaces, diagnostic settings and rule groups of managed Prometheus."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from emulator.azure.errors import ArmError, bad_request, invalid
from emulator.azure.ids import guid
from emulator.azure.resource_type import Put, ResourceType, existing
from emulator.azure.shapes import rows, table
from emulator.cloud.events import CLUSTER_TYPE

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props

_WORKSPACES = "Microsoft.OperationalInsights/workspaces"
_SETTINGS = "Microsoft.Insights/diagnosticSettings"
_RETENTION = range(4, 731)
_SHORT_NAME = range(1, 13)
_RULES = range(1, 21)
"""Rules of one group of managed Prometheus (Azure documentation, "Azure Monitor service limits")."""
_ACTIVITY_REGIONS = frozenset(["global", "westeurope", "northeurope"])
"""Where alerts of the activity log are kept (API specification of 2020-10-01)."""
_ISO_DURATION = re.compile(r"P(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?(?<=[DHMS])")
_DESTINATIONS = ("workspaceId", "storageAccountId", "eventHubAuthorizationRuleId", "marketplacePartnerId")
_AKS_LOGS = frozenset(
    [
        "cloud-controller-manager",
        "cluster-autoscaler",
        "csi-azuredisk-controller",
        "csi-azurefile-controller",
        "csi-snapshot-controller",
        "fleet-member-agent",
        "fleet-member-net-controller-manager",
        "fleet-mcs-controller-manager",
        "guard",
        "kube-apiserver",
        "kube-audit",
        "kube-audit-admin",
        "kube-controller-manager",
        "kube-scheduler",
        "karpenter-events",
    ]
)
"""Categories of AKS's control plane (AKS docs, monitoring data reference)."""


def put_workspace(put: Put) -> Props:
    """Refuse a retention that no workspace has."""
    days = put.body.get("retentionInDays", 30)
    if days not in _RETENTION:
        raise invalid("retentionInDays", f"{days} is not between {_RETENTION[0]} and {_RETENTION[-1]} days")
    stamp = put.now.isoformat()
    return put.body | {
        "name": put.name,
        "type": _WORKSPACES,
        "retentionInDays": days,
        "sku": put.body.get("sku") or {"name": "PerGB2018"},
        "customerId": guid(put.id.lower(), "workspace"),
        "provisioningState": "Succeeded",
        "createdDate": put.old.get("createdDate", stamp),
        "modifiedDate": stamp,
    }


def put_setting(put: Put) -> Props:
    """Refuse a setting for a resource that does not exist, of categories it does not have, or to nowhere."""
    target_id = put.id.split("/providers/Microsoft.Insights/")[0]
    target = existing(put.state, target_id, "resource")
    if not any(put.body.get(key) for key in _DESTINATIONS):
        raise bad_request(
            "BadRequest",
            f"Diagnostic setting '{put.name}' needs a destination: one of {', '.join(_DESTINATIONS)}.",
        )
    workspace = put.body.get("workspaceId")
    if workspace and put.state.get(workspace) is None:
        raise ArmError(404, "ResourceNotFound", f"The Resource '{workspace}' was not found.")
    logs = [log for log in rows(put.body, "logs") if log.get("enabled") and log.get("category")]
    if target.type == CLUSTER_TYPE and (
        unknown := [log["category"] for log in logs if log["category"] not in _AKS_LOGS]
    ):
        raise bad_request("BadRequest", f"Category '{unknown[0]}' is not supported.")
    for other in put.state.children(target.id, _SETTINGS):
        theirs = {log.get("category") for log in rows(other.properties, "logs") if log.get("enabled")}
        twice = [log["category"] for log in logs if log["category"] in theirs]
        if other.id.lower() != put.id.lower() and other.properties.get("workspaceId") == workspace and twice:
            raise ArmError(
                409,
                "Conflict",
                f"Data sink '{workspace}' is already used in diagnostic setting '{other.name}' for category '{twice[0]}'.",
            )
    return put.body | {"name": put.name, "type": _SETTINGS}


def put_rule(put: Put) -> Props:
    """Refuse a rule whose flows go to a destination that it does not name, or by an endpoint that is not there."""
    said = table(put.body, "destinations")
    names = {one["name"] for key in said for one in rows(said, key)}
    for flow in rows(put.body, "dataFlows"):
        if unknown := [name for name in rows(flow, "destinations") if name not in names]:
            raise bad_request(
                "InvalidPayload", f"Data flow names the destination '{unknown[0]}', which there is not."
            )
    if endpoint := put.body.get("dataCollectionEndpointId"):
        existing(put.state, endpoint, "Microsoft.Insights/dataCollectionEndpoints")
    return put.body | {"name": put.name, "immutableId": f"dcr-{guid(put.id.lower(), 'rule')}"}


def put_association(put: Put) -> Props:
    """Refuse an association of what does not exist, or with no rule."""
    existing(put.state, put.id.split("/providers/Microsoft.Insights/")[0], "resource")
    existing(put.state, str(put.body.get("dataCollectionRuleId")), "Microsoft.Insights/dataCollectionRules")
    return put.body | {"name": put.name}


def put_action_group(put: Put) -> Props:
    """Refuse a group whose short name is none or too long, and receivers of one name."""
    short = str(put.body.get("groupShortName") or "")
    if len(short) not in _SHORT_NAME:
        raise invalid(
            "groupShortName", f"'{short}' does not have {_SHORT_NAME[0]} to {_SHORT_NAME[-1]} characters"
        )
    names = [one.get("name") for one in rows(put.body, "emailReceivers")]
    if len(names) != len(set(names)):
        raise bad_request("BadRequest", f"Receivers of the action group '{put.name}' share a name.")
    return put.body | {"name": put.name, "type": "Microsoft.Insights/ActionGroups"}


def put_activity_alert(put: Put) -> Props:
    """Refuse an alert of nothing that exists, of no category, elsewhere than such alerts are kept, or to a group that is not there."""
    if str(put.body.get("location") or "global").replace(" ", "").lower() not in _ACTIVITY_REGIONS:
        raise bad_request(
            "LocationNotAvailableForResourceType",
            f"The provided location '{put.body['location']}' is not available for resource type 'Microsoft.Insights/activityLogAlerts'.",
        )
    scopes: list[Any] = put.body.get("scopes") or []
    for scope in scopes:
        if str(scope).count("/") > 2:  # noqa: PLR2004  (a subscription has two slashes)
            existing(put.state, str(scope), "resource")
    leaves = rows(table(put.body, "condition"), "allOf")
    if not scopes or not any(str(leaf.get("field")).lower() == "category" for leaf in leaves):
        raise bad_request("BadRequest", f"Alert '{put.name}' needs a scope and a condition on 'category'.")
    for leaf in leaves:
        if len(leaf.keys() & {"anyOf", "field"}) != 1:
            raise bad_request("BadRequest", f"A condition of '{put.name}' is neither a leaf nor an 'anyOf'.")
    for group in rows(table(put.body, "actions"), "actionGroups"):
        existing(put.state, str(group.get("actionGroupId")), "Microsoft.Insights/actionGroups")
    return put.body | {"name": put.name, "type": "Microsoft.Insights/ActivityLogAlerts"}


def put_rule_group(put: Put) -> Props:
    """Refuse a group without rules, of no workspace, of a cluster that does not exist, or with what is no duration."""
    given: list[Any] = put.body.get("scopes") or []
    scopes = [str(scope) for scope in given]
    if not any("/microsoft.monitor/accounts/" in scope.lower() for scope in scopes):
        raise bad_request(
            "BadRequest", f"Rule group '{put.name}' needs an Azure Monitor workspace among its scopes."
        )
    for scope in scopes:
        if "/microsoft.containerservice/" in scope.lower():
            existing(put.state, scope, "cluster")
    rules = rows(put.body, "rules")
    if len(rules) not in _RULES:
        raise bad_request(
            "BadRequest", f"Rule group '{put.name}' has {len(rules)} rules, not {_RULES[0]} to {_RULES[-1]}."
        )
    durations = [("interval", put.body.get("interval"))]
    durations += [("for", rule.get("for")) for rule in rules]
    for name, value in durations:
        if value is not None and not _ISO_DURATION.fullmatch(str(value)):
            raise invalid(name, f"{value} is not a duration of ISO 8601, such as PT1M")
    return put.body | {"name": put.name, "type": "Microsoft.AlertsManagement/prometheusRuleGroups"}


TYPES = (
    ResourceType(
        "operationalinsights:Workspace",
        "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.OperationalInsights/workspaces/{workspaceName}",
        (
            "createdDate",
            "customerId",
            "etag",
            "modifiedDate",
            "name",
            "provisioningState",
            "systemData",
            "type",
        ),
        force_new=("location",),
        put=put_workspace,
    ),
    ResourceType(
        "monitor:DiagnosticSetting",
        "/{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}",
        ("systemData", "type"),
        required=("resourceUri",),
        located=False,
        auto_name="random",
        needs_parent=False,
        put=put_setting,
    ),
    ResourceType(
        "monitor:DataCollectionEndpoint",
        "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Insights/dataCollectionEndpoints/{dataCollectionEndpointName}",
        ("etag", "name", "provisioningState", "systemData", "type"),
    ),
    ResourceType(
        "monitor:DataCollectionRule",
        "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Insights/dataCollectionRules/{dataCollectionRuleName}",
        ("etag", "immutableId", "name", "provisioningState", "systemData", "type"),
        put=put_rule,
    ),
    ResourceType(
        "monitor:DataCollectionRuleAssociation",
        "/{resourceUri}/providers/Microsoft.Insights/dataCollectionRuleAssociations/{associationName}",
        ("etag", "name", "provisioningState", "systemData", "type"),
        required=("resourceUri",),
        located=False,
        needs_parent=False,
        put=put_association,
    ),
    ResourceType(
        "monitor:ActionGroup",
        "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Insights/actionGroups/{actionGroupName}",
        ("name", "systemData", "type"),
        put=put_action_group,
    ),
    ResourceType(
        "monitor:ActivityLogAlert",
        "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Insights/activityLogAlerts/{activityLogAlertName}",
        ("name", "systemData", "type"),
        required=("actions", "condition", "scopes"),
        put=put_activity_alert,
    ),
    ResourceType(
        "alertsmanagement:PrometheusRuleGroup",
        "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.AlertsManagement/prometheusRuleGroups/{ruleGroupName}",
        ("name", "systemData", "type"),
        put=put_rule_group,
    ),
)
