"""Every ARM resource type that the emulator stands in for (types.yaml), with what it does beside its table."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from emulator.azure.aks import agent_pools, clusters, maintenance
from emulator.azure.resource_type import IN_GROUP, Props, Put, ResourceType
from emulator.azure.resources import backups, deployments, extensions, locks, monitoring, network
from emulator.yaml_files import load_yaml


def _put_registry(put: Put) -> Props:
    """Give a registry its address."""
    return put.body | {"loginServer": f"{put.name.lower()}.azurecr.io"}


_PUTS = {
    "containerservice:AgentPool": agent_pools.put_pool,
    "containerservice:ManagedCluster": clusters.put_cluster,
    "containerservice:MaintenanceConfiguration": maintenance.put_configuration,
    "containerregistry:Registry": _put_registry,
    "authorization:ManagementLockByScope": locks.put_lock,
    "dashboard:Grafana": monitoring.put_grafana,
    "dataprotection:BackupInstance": backups.put_instance,
    "dataprotection:BackupPolicy": backups.put_policy,
    "dataprotection:BackupVault": backups.put_vault,
    "kubernetesconfiguration:Extension": extensions.put_extension,
    "kubernetesconfiguration:FluxConfiguration": extensions.put_flux,
    "monitor:DataCollectionRule": monitoring.put_rule,
    "monitor:DiagnosticSetting": monitoring.put_setting,
    "network:NetworkSecurityGroup": network.put_security_group,
    "network:PublicIPAddress": network.put_address,
    "network:Subnet": network.put_subnet,
    "network:VirtualNetwork": network.put_network,
    "network:VirtualNetworkPeering": network.put_peering,
    "resources:Deployment": deployments.put_deployment,
}
_REMOVES = {
    "containerservice:AgentPool": agent_pools.remove_pool,
    "containerservice:ManagedCluster": clusters.remove_cluster,
    "network:VirtualNetwork": network.remove_network,
}
_PRESENTS = {
    "containerservice:ManagedCluster": clusters.present_cluster,
    "network:VirtualNetwork": network.present_network,
    "network:VirtualNetworkPeering": network.present_peering,
}


@cache
def by_token() -> dict[str, ResourceType]:
    """Return the types by module and name (`containerservice:AgentPool`)."""
    rows: dict[str, dict[str, Any]] = load_yaml(Path(__file__).with_suffix(".yaml"))["types"]
    return {token: _read(token, row) for token, row in rows.items()}


def _read(token: str, row: dict[str, Any]) -> ResourceType:
    tables: dict[str, dict[str, Any]] = {"put": _PUTS, "remove": _REMOVES, "present": _PRESENTS}
    does = {name: table[token] for name, table in tables.items() if token in table}
    path = row["path"] if row["path"].startswith("/") else IN_GROUP + row["path"]
    return ResourceType(token, **(row | does | {"path": path}))


@cache
def by_arm_type() -> dict[str, ResourceType]:
    """Return the types by ARM's name in lower case (`microsoft.containerservice/managedclusters`)."""
    return {kind.arm_type.lower(): kind for kind in by_token().values()}


AGENT_POOL = by_token()["containerservice:AgentPool"]
DEPLOYMENT = by_token()["resources:Deployment"]
MANAGED_CLUSTER = by_token()["containerservice:ManagedCluster"]
