"""Every ARM resource type that the emulator stands in for."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from emulator.azure.aks import fleets
from emulator.azure.aks.agent_pools import AGENT_POOL
from emulator.azure.aks.clusters import MANAGED_CLUSTER
from emulator.azure.aks.maintenance import MAINTENANCE
from emulator.azure.resources import backups, extensions, management, monitoring, network
from emulator.azure.resources.deployments import DEPLOYMENT
from emulator.azure.resources.grafana import GRAFANA
from emulator.azure.resources.locks import LOCK
from emulator.azure.resources.peerings import PEERING
from emulator.azure.resources.registries import REGISTRY

if TYPE_CHECKING:
    from emulator.azure.resource_type import ResourceType

API_VERSIONS = {
    "alertsmanagement": "2023-03-01",
    "authorization": "2022-04-01",
    "authorization:ManagementLockByScope": "2020-05-01",
    "containerregistry": "2025-04-01",
    "containerservice": "2025-09-01",
    "containerservice:AutoUpgradeProfile": "2024-05-02-preview",
    "containerservice:Fleet": "2024-05-02-preview",
    "containerservice:FleetMember": "2024-05-02-preview",
    "containerservice:FleetUpdateStrategy": "2024-05-02-preview",
    "dashboard": "2024-10-01",
    "dataprotection": "2025-01-01",
    "kubernetesconfiguration": "2023-05-01",
    "managedidentity": "2023-01-31",
    "monitor": "2021-05-01-preview",
    "monitor:DataCollectionEndpoint": "2022-06-01",
    "monitor:DataCollectionRule": "2022-06-01",
    "monitor:DataCollectionRuleAssociation": "2022-06-01",
    "network": "2024-05-01",
    "operationalinsights": "2023-09-01",
    "privatedns": "2024-06-01",
    "resources": "2024-03-01",
}
"""The API version of each module, or of a type of its own (azure-native 3.29)."""


@cache
def by_token() -> dict[str, ResourceType]:
    """Return the types by module and name (`containerservice:AgentPool`)."""
    others = (
        *fleets.TYPES,
        *backups.TYPES,
        *extensions.TYPES,
        *management.TYPES,
        *monitoring.TYPES,
        *network.TYPES,
        PEERING,
        REGISTRY,
        GRAFANA,
    )
    return {t.token: t for t in (MANAGED_CLUSTER, AGENT_POOL, MAINTENANCE, DEPLOYMENT, LOCK, *others)}


@cache
def by_arm_type() -> dict[str, ResourceType]:
    """Return the types by ARM's name in lower case (`microsoft.containerservice/managedclusters`)."""
    return {t.arm_type.lower(): t for t in by_token().values()}


def api_version(kind: ResourceType) -> str:
    """Return the API version that azure-native uses for a type."""
    return API_VERSIONS.get(kind.token) or API_VERSIONS[kind.token.partition(":")[0]]
