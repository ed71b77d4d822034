"""Where the control plane's audit records go."""

from components.audit_log import AuditLog, AuditLogArgs
from settings.sections.audit import Audit
from tests.components.helpers import SUBSCRIPTION, run

CLUSTER = f"{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks-test"
OWN = f"{SUBSCRIPTION}/resourceGroups/hub/providers/Microsoft.OperationalInsights/workspaces/hub-logs"


def register(audit, **args):
    def program():
        AuditLog("audit", AuditLogArgs("rg", "log-test", audit, **args)).record(CLUSTER)

    return run(program)


def test_workspace_keeps_the_logs_as_long_as_told():
    inputs = register(Audit(retention_days=180)).one(":Workspace").inputs

    assert inputs["retentionInDays"] == 180
    assert inputs["workspaceName"] == "log-test"
    assert inputs["features"] == {"enableLogAccessUsingOnlyResourcePermissions": True}


def test_audit_and_guard_are_recorded_unless_told_otherwise():
    inputs = register(Audit()).one(":DiagnosticSetting").inputs

    assert inputs["resourceUri"] == CLUSTER
    assert inputs["workspaceId"] == f"{SUBSCRIPTION}/azure-native:operationalinsights:Workspace/audit"
    assert inputs["logAnalyticsDestinationType"] == "Dedicated"
    assert inputs["logs"] == [{"category": category, "enabled": True} for category in ("guard", "kube-audit")]


def test_other_categories_are_recorded_when_told():
    inputs = register(Audit(categories=("guard", "kube-apiserver"))).one(":DiagnosticSetting").inputs

    assert [log["category"] for log in inputs["logs"]] == ["guard", "kube-apiserver"]


def test_workspace_of_your_own_is_used_as_it_is():
    done = register(Audit(workspace_id=OWN))

    assert done.of(":Workspace") == []
    assert done.one(":DiagnosticSetting").inputs["workspaceId"] == OWN


def test_workspace_is_protected_when_told():
    assert register(Audit(), protect=True).one(":Workspace").request.protect
    assert not register(Audit()).one(":Workspace").request.protect


def test_component_is_the_parent_and_registers_the_workspace():
    done = register(Audit(workspace_id=OWN))
    component = done.one(":AuditLog")

    assert done.one(":DiagnosticSetting").request.parent == component.urn
    assert done.outputs[component.urn] == {"workspaceId": OWN}


def test_records_go_to_an_archive_and_a_siem_too_when_told():
    store = f"{SUBSCRIPTION}/resourceGroups/hub/providers/Microsoft.Storage/storageAccounts/kept"
    rule = f"{SUBSCRIPTION}/resourceGroups/hub/providers/Microsoft.EventHub/namespaces/contoso-siem/authorizationRules/send"
    plain = register(Audit()).one(":DiagnosticSetting").inputs
    told = Audit.model_validate({"storageAccount": store, "eventHub": {"rule": rule, "hub": "aks"}})
    inputs = register(told).one(":DiagnosticSetting").inputs

    assert inputs == plain | {
        "storageAccountId": store,
        "eventHubAuthorizationRuleId": rule,
        "eventHubName": "aks",
    }
