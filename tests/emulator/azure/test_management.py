"""Resource groups, identities, role assignments, workspaces, diagnostic settings, maintenance, fleets."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.azure_provider import Azure, Made, refused

CLUSTER_USER = "/providers/Microsoft.Authorization/roleDefinitions/4abbcc35-e782-43d8-92c5-2d3f1bd2253f"
SOMEBODY, NOBODY = "11111111-2222-3333-4444-555555555555", "00000000-2222-3333-4444-555555555555"


@pytest.fixture
def azure(azure: Azure) -> Azure:
    azure.cluster()
    return azure


def cluster_id(azure: Azure) -> str:
    return azure.cloud.of_type("Microsoft.ContainerService/managedClusters")[0].id


def assignment(azure: Azure, name: str = "a", **more: Any) -> Made:
    inputs = {
        "scope": cluster_id(azure),
        "roleDefinitionId": CLUSTER_USER,
        "principalId": SOMEBODY,
        "principalType": "Group",
    }
    return azure.create("authorization:RoleAssignment", name, **(inputs | more))


def test_an_assignment(azure: Azure) -> None:
    made = assignment(azure)
    assert made.id.startswith(cluster_id(azure) + "/providers/Microsoft.Authorization/roleAssignments/")
    assert made.outputs["scope"] == cluster_id(azure)
    diff = azure.diff(made, principalId="other")
    assert diff.replaces == ["principalId"]


def test_assignments_that_are_refused(azure: Azure) -> None:
    assignment(azure)
    with refused("RoleAssignmentExists"):
        assignment(azure, "again")
    with refused("ResourceNotFound", "/nowhere"):
        assignment(azure, scope=cluster_id(azure) + "/nowhere")
    with refused("InvalidRoleDefinitionId", "Owner"):
        assignment(azure, roleDefinitionId="Owner")
    inputs = {"scope": cluster_id(azure), "roleDefinitionId": CLUSTER_USER, "principalId": NOBODY}
    with refused("PrincipalNotFound", NOBODY):
        azure.create("authorization:RoleAssignment", "b", **inputs)


def test_deleting_a_group_deletes_what_is_in_it(azure: Azure) -> None:
    group = next(g for g in azure.cloud.of_type("Microsoft.Resources/resourceGroups") if g.name == "rg")
    azure.provider.delete("x::x::azure-native:resources:ResourceGroup::rg", group.id, {})
    assert azure.cloud.of_type("Microsoft.ContainerService/managedClusters") == []


def setting(azure: Azure, name: str = "audit", /, **more: Any) -> Made:
    logs = [{"category": c, "enabled": True} for c in ("kube-audit-admin", "guard")]
    return azure.create(
        "monitor:DiagnosticSetting",
        name,
        **({"resourceUri": cluster_id(azure), "name": name, "logs": logs} | more),
    )


def test_diagnostic_settings(azure: Azure) -> None:
    log = azure.workspace()
    made = setting(azure, workspaceId=log.id)
    assert made.id == cluster_id(azure) + "/providers/Microsoft.Insights/diagnosticSettings/audit"
    assert made.outputs["name"] == "audit"
    with refused("BadRequest", "needs a destination"):
        setting(azure, "b")
    with refused("ResourceNotFound", "/nowhere"):
        setting(azure, "b", workspaceId="/nowhere")
    with refused("BadRequest", "Category 'audit' is not supported"):
        setting(azure, "b", workspaceId=log.id, logs=[{"category": "audit", "enabled": True}])
    with refused("Conflict", "kube-audit-admin"):
        setting(azure, "b", workspaceId=log.id)
    with refused("ResourceNotFound"):
        setting(azure, "b", workspaceId=log.id, resourceUri="/subscriptions/x/nowhere")


def test_a_workspace(azure: Azure) -> None:
    outputs = azure.workspace().outputs
    assert outputs["provisioningState"] == "Succeeded"
    assert len(outputs["customerId"]) == 36
    with refused("InvalidParameter", "3 is not between"):
        azure.create("operationalinsights:Workspace", "logs", resourceGroupName="rg", retentionInDays=3)


def test_rule_groups(azure: Azure) -> None:
    workspace = "/subscriptions/1/resourceGroups/rg/providers/Microsoft.Monitor/accounts/amw"

    def group(name: str, **more: Any) -> Made:
        happy = {
            "resourceGroupName": "rg",
            "ruleGroupName": name,
            "scopes": [workspace, cluster_id(azure)],
            "interval": "PT1M",
            "rules": [{"alert": "A", "expression": "up == 0", "for": "P7D"}],
        }
        return azure.create("alertsmanagement:PrometheusRuleGroup", name, **(happy | more))

    assert group("a").id.endswith("/providers/Microsoft.AlertsManagement/prometheusRuleGroups/a")
    with refused("BadRequest", "needs an Azure Monitor workspace"):
        group("b", scopes=[cluster_id(azure)])
    with refused("ResourceNotFound"):
        group("b", scopes=[workspace, cluster_id(azure) + "x"])
    for wrong in (0, 21):
        with refused("BadRequest", f"has {wrong} rules, not 1 to 20"):
            group("b", rules=[{"alert": f"A{one}", "expression": "up == 0"} for one in range(wrong)])
    for wrong in ("7d", "P", "PT", "P7"):
        with refused("InvalidParameter", f"{wrong} is not a duration"):
            group("b", rules=[{"alert": "A", "expression": "up == 0", "for": wrong}])
    with refused("InvalidParameter", "1m is not a duration"):
        group("b", interval="1m")


def test_action_groups(azure: Azure) -> None:
    def group(name: str, **more: Any) -> Made:
        happy = {
            "resourceGroupName": "rg",
            "actionGroupName": name,
            "location": "Global",
            "enabled": True,
            "groupShortName": "twelve-signs",
            "emailReceivers": [{"name": "a", "emailAddress": "a@contoso.com"}],
        }
        return azure.create("monitor:ActionGroup", name, **(happy | more))

    assert group("a").id.endswith("/providers/Microsoft.Insights/actionGroups/a")
    for wrong in ("", "thirteen-sign"):
        with refused("InvalidParameter", "does not have 1 to 12 characters"):
            group("b", groupShortName=wrong)
    with refused("BadRequest", "share a name"):
        group("b", emailReceivers=[{"name": "a", "emailAddress": f"{one}@contoso.com"} for one in "ab"])


def test_alerts_of_the_activity_log(azure: Azure) -> None:
    receivers = {"groupShortName": "duty", "emailReceivers": [{"name": "a", "emailAddress": "a@contoso.com"}]}
    group = azure.create(
        "monitor:ActionGroup", "duty", resourceGroupName="rg", location="Global", **receivers
    )
    category = {"field": "category", "equals": "ResourceHealth"}

    def alert(name: str, **more: Any) -> Made:
        happy = {
            "resourceGroupName": "rg",
            "activityLogAlertName": name,
            "location": "Global",
            "scopes": [cluster_id(azure)],
            "condition": {"allOf": [category]},
            "actions": {"actionGroups": [{"actionGroupId": group.id}]},
        }
        return azure.create("monitor:ActivityLogAlert", name, **(happy | more))

    assert alert("a").id.endswith("/providers/Microsoft.Insights/activityLogAlerts/a")
    alert("b", scopes=["/subscriptions/1"], location="West Europe")
    with refused("LocationNotAvailableForResourceType", "'eastus'"):
        alert("c", location="eastus")
    with refused("ResourceNotFound"):
        alert("c", scopes=[cluster_id(azure) + "x"])
    with refused("ResourceNotFound"):
        alert("c", actions={"actionGroups": [{"actionGroupId": group.id + "x"}]})
    for wrong in ({"scopes": []}, {"condition": {"allOf": [{"field": "status", "equals": "Failed"}]}}):
        with refused("BadRequest", "needs a scope and a condition on 'category'"):
            alert("c", **wrong)
    with refused("BadRequest", "neither a leaf nor an 'anyOf'"):
        alert("c", condition={"allOf": [category, category | {"anyOf": []}]})


def window(**more: Any) -> dict[str, Any]:
    return {
        "durationHours": 8,
        "startTime": "22:00",
        "utcOffset": "+01:00",
        "schedule": {"weekly": {"dayOfWeek": "Tuesday", "intervalWeeks": 1}},
    } | more


def maintenance(azure: Azure, name: str, maintenance_window: dict[str, Any] | None, **more: Any) -> Made:
    inputs: dict[str, Any] = {"resourceGroupName": "rg", "resourceName": "aks", "configName": name}
    if maintenance_window is not None:
        inputs["maintenanceWindow"] = maintenance_window
    return azure.create("containerservice:MaintenanceConfiguration", name, **(inputs | more))


def test_maintenance_windows(azure: Azure) -> None:
    maintenance(azure, "default", window(notAllowedDates=[{"start": "2026-12-18", "end": "2027-01-04"}]))
    maintenance(azure, "aksManagedAutoUpgradeSchedule", window())
    made = maintenance(
        azure, "aksManagedNodeOSUpgradeSchedule", window(schedule={"daily": {"intervalDays": 1}})
    )
    assert made.id.endswith("/managedClusters/aks/maintenanceConfigurations/aksManagedNodeOSUpgradeSchedule")


@pytest.mark.parametrize(
    ("name", "said", "code", "words"),
    [
        ("weekends", window(), "InvalidParameter", "weekends"),
        ("default", window(durationHours=3), "InvalidParameter", "3 is not between 4 and 24"),
        ("default", window(startTime="24:00"), "InvalidParameter", "24:00"),
        ("default", window(utcOffset="1"), "InvalidParameter", "utcOffset"),
        ("default", window(schedule={}), "InvalidParameter", "exactly one"),
        ("default", window(schedule={"daily": {}, "weekly": {}}), "InvalidParameter", "not 2"),
        (
            "default",
            window(schedule={"daily": {"intervalDays": 1}}),
            "InvalidParameter",
            "weekly schedule only",
        ),
        ("aksManagedAutoUpgradeSchedule", window(schedule={"daily": {}}), "InvalidParameter", "daily is for"),
        ("aksManagedAutoUpgradeSchedule", None, "InvalidParameter", "needs one"),
        ("default", None, "TimeInWeekIsNil", ""),
        (
            "default",
            window(notAllowedDates=[{"start": "2027-01-04", "end": "2026-12-18"}]),
            "InvalidStartEndTime",
            "",
        ),
        (
            "default",
            window(notAllowedDates=[{"start": "Christmas", "end": "2026-12-18"}]),
            "InvalidStartEndTime",
            "",
        ),
    ],
)
def test_windows_that_are_none(
    azure: Azure, name: str, said: dict[str, Any] | None, code: str, words: str
) -> None:
    with refused(code, words):
        maintenance(azure, name, said)


def test_a_fleet(azure: Azure) -> None:
    fleet = {"resourceGroupName": "rg", "fleetName": "fleet"}
    azure.create("containerservice:Fleet", "fleet", **fleet)
    member = azure.create(
        "containerservice:FleetMember", "m", **fleet, clusterResourceId=cluster_id(azure), group="canary"
    )
    assert member.outputs["provisioningState"] == "Succeeded"
    with refused("Conflict", "member of a fleet already"):
        azure.create("containerservice:FleetMember", "n", **fleet, clusterResourceId=cluster_id(azure))
    with refused("ResourceNotFound"):
        azure.create(
            "containerservice:FleetMember", "n", **fleet, clusterResourceId="/subscriptions/x/nowhere"
        )
    stages = [{"name": "one", "groups": [{"name": "canary"}]}, {"name": "two", "groups": [{"name": "rest"}]}]
    strategy = azure.create("containerservice:FleetUpdateStrategy", "s", **fleet, strategy={"stages": stages})
    profile = azure.create(
        "containerservice:AutoUpgradeProfile", "p", **fleet, channel="Stable", updateStrategyId=strategy.id
    )
    with refused("Conflict", profile.id):
        azure.delete(strategy)
    with refused("InvalidParameter", "Weekly"):
        azure.create("containerservice:AutoUpgradeProfile", "q", **fleet, channel="Weekly")
    for wrong in ([], [stages[0], stages[0]], [stages[0], {"name": "two", "groups": [{"name": "canary"}]}]):
        with refused("InvalidParameter", "strategy.stages"):
            azure.create("containerservice:FleetUpdateStrategy", "t", **fleet, strategy={"stages": wrong})
    with refused("ParentResourceNotFound", "fleets/other"):
        azure.create(
            "containerservice:FleetMember",
            "n",
            resourceGroupName="rg",
            fleetName="other",
            clusterResourceId=cluster_id(azure),
        )


def test_a_credential_trusts_an_issuer_for_one_subject_once(azure: Azure) -> None:
    azure.create("managedidentity:UserAssignedIdentity", "own", resourceGroupName="rg", resourceName="own")
    inputs: dict[str, Any] = {
        "resourceGroupName": "rg",
        "resourceName": "own",
        "issuer": "https://oidc.example/",
        "subject": "system:serviceaccount:payments:api",
        "audiences": ["api://AzureADTokenExchange"],
    }
    type_ = "managedidentity:FederatedIdentityCredential"
    made = azure.create(type_, "api", **inputs)
    assert made.id.endswith("/userAssignedIdentities/own/federatedIdentityCredentials/api")
    with refused("Conflict", "Issuer and subject"):
        azure.create(type_, "again", **inputs)
    with refused("BadRequest", "https issuer"):
        azure.create(type_, "plain", **inputs | {"issuer": "http://oidc.example/", "subject": "x"})
    with refused("ParentResourceNotFound"):
        azure.create(type_, "orphan", **inputs | {"resourceName": "nobody"})
