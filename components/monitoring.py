"""What is collected of nodes and pods, and where it goes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi

from settings.sections.cluster import Cluster

from .parts.token_resource import TokenResource

_INSIGHTS = "Microsoft-ContainerInsights-Group-Default"
_PROMETHEUS = "Microsoft-PrometheusMetrics"


@dataclass(frozen=True)
class MonitoringArgs:
    """The cluster, whose settings say what is collected, its resource id, and the Log Analytics workspace of the logs."""

    resource_group_name: pulumi.Input[str]
    cluster: Cluster
    cluster_id: pulumi.Input[str]
    workspace_id: pulumi.Input[str]
    location: str
    tags: Mapping[str, str] = field(default_factory=dict[str, str])


class Monitoring(pulumi.ComponentResource):
    """The rules by which AKS's agents send: without one, an agent that logs in by its own identity sends nothing.

    Source: Azure documentation, "Enable monitoring for Kubernetes clusters" (names and streams of the rules).
    """

    def __init__(self, name: str, args: MonitoringArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("secure-aks:index:Monitoring", name, None, opts)
        self._args = args
        if args.cluster.monitoring.container_insights:
            extension = {
                "name": "ContainerInsightsExtension",
                "extensionName": "ContainerInsights",
                "streams": [_INSIGHTS],
                "extensionSettings": {
                    "dataCollectionSettings": {"interval": "1m", "namespaceFilteringMode": "Off"}
                },
            }
            logs = {"logAnalytics": [{"name": "logs", "workspaceResourceId": args.workspace_id}]}
            self._rule("logs", {"dataSources": {"extensions": [extension]}, "destinations": logs}, _INSIGHTS)
        if prometheus := args.cluster.monitoring.prometheus:
            forwarder = {"name": "PrometheusDataSource", "streams": [_PROMETHEUS]}
            metrics = {"monitoringAccounts": [{"name": "metrics", "accountResourceId": prometheus.workspace}]}
            sources = {"dataSources": {"prometheusForwarder": [forwarder]}, "destinations": metrics}
            self._rule("metrics", sources | {"dataCollectionEndpointId": self._endpoint()}, _PROMETHEUS)
        self.register_outputs({})

    def _rule(self, name: str, properties: Mapping[str, Any], stream: str) -> None:
        rule = TokenResource(
            "azure-native:monitor:DataCollectionRule",
            name,
            {
                "resourceGroupName": self._args.resource_group_name,
                "dataCollectionRuleName": f"dcr-{self._args.cluster.name}-{name}",
                "location": self._args.location,
                "kind": "Linux",
                "tags": dict(self._args.tags),
                "dataFlows": [{"streams": [stream], "destinations": [name]}],
                **properties,
            },
            pulumi.ResourceOptions(parent=self),
        )
        TokenResource(
            "azure-native:monitor:DataCollectionRuleAssociation",
            name,
            {
                "resourceUri": self._args.cluster_id,
                "associationName": f"{self._args.cluster.name}-{name}",
                "dataCollectionRuleId": rule.id,
            },
            pulumi.ResourceOptions(parent=self),
        )

    def _endpoint(self) -> pulumi.Output[str]:
        endpoint = TokenResource(
            "azure-native:monitor:DataCollectionEndpoint",
            "metrics",
            {
                "resourceGroupName": self._args.resource_group_name,
                "dataCollectionEndpointName": f"dce-{self._args.cluster.name}",
                "location": self._args.location,
                "kind": "Linux",
                "networkAcls": {"publicNetworkAccess": "Enabled"},
                "tags": dict(self._args.tags),
            },
            pulumi.ResourceOptions(parent=self),
        )
        return endpoint.id


def watch(args: MonitoringArgs, opts: pulumi.ResourceOptions | None = None) -> Monitoring | None:
    """Register the rules of a cluster of which something is collected; nothing for any other."""
    return Monitoring("monitoring", args, opts) if args.cluster.monitoring.is_asked_for else None
