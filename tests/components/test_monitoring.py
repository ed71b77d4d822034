"""What is collected of nodes and pods, and where it goes."""

from components.monitoring import MonitoringArgs, watch
from settings.sections.cluster import Cluster
from tests.components.helpers import SUBSCRIPTION, WORKSPACE, run

CLUSTER = f"{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks"
METRICS = f"{SUBSCRIPTION}/resourceGroups/watch/providers/Microsoft.Monitor/accounts/metrics"


def register(**monitoring):
    cluster = Cluster.model_validate(
        {"name": "aks", "kubernetes_version": "1.35.6", "monitoring": monitoring}
    )
    return run(lambda: watch(MonitoringArgs("rg", cluster, CLUSTER, WORKSPACE, "westeurope")) and None)


def test_nothing_is_registered_of_what_nobody_asks_for():
    assert register().registered == []


def test_logs_of_pods_go_to_the_workspace_of_the_audit_log():
    done = register(container_insights=True)
    rule, association = done.one(":DataCollectionRule"), done.one(":DataCollectionRuleAssociation")

    assert rule.inputs["destinations"]["logAnalytics"] == [{"name": "logs", "workspaceResourceId": WORKSPACE}]
    assert rule.inputs["dataFlows"][0]["destinations"] == ["logs"]
    assert association.inputs["resourceUri"] == CLUSTER
    assert rule.urn in association.dependencies


def test_metrics_go_to_their_own_workspace_by_an_endpoint():
    done = register(prometheus={"workspace": METRICS})
    rule = done.one(":DataCollectionRule")

    assert rule.inputs["destinations"]["monitoringAccounts"][0]["accountResourceId"] == METRICS
    assert done.one(":DataCollectionEndpoint").urn in rule.dependencies
