"""What a cluster has beside what every cluster here has, in Azure's words."""

from typing import Any

import pulumi

from settings.azure_words import sent
from settings.sections.cluster import Cluster


def cluster_features(cluster: Cluster, workspace_id: pulumi.Input[str]) -> dict[str, Any]:
    """Return the properties that a cluster's optional sections say, under the REST API's names; nothing for nothing."""
    properties = sent(cluster)
    if (key := cluster.encryption.etcd) and key.vault_network == "Private":
        # Azure wants it for a private vault, and refuses it for a public one.
        properties["securityProfile"]["azureKeyVaultKms"]["keyVaultResourceId"] = key.vault
    if cluster.monitoring.container_insights:
        # By its own identity: with the workspace's key, whoever reads the agent's secret may write any log.
        config = {"logAnalyticsWorkspaceResourceID": workspace_id, "useAADAuth": "true"}
        properties["addonProfiles"] = {"omsagent": {"enabled": True, "config": config}}
    return properties
