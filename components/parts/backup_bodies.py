"""What is backed up, when, and how long each backup is kept, as Azure Backup says it.

Shapes: Microsoft.DataProtection's REST API (`PutBackupInstance` of a Kubernetes cluster), and the policies that `az dataprotection enable-backup` makes.
"""

from typing import Any

import pulumi

from settings.sections.features.backup import Backup

_SOMEDAY = "2024-01-01"
"""A day that is past: what counts is the time, and how often."""
_KIND = "Microsoft.ContainerService/managedClusters"
_DAY_HOURS = 24
_DEFAULT, _VAULT = "Default", "Vault"


def policy_body(said: Backup) -> dict[str, Any]:
    """Return a policy's properties: snapshots, and with `vault_days` the first of each day in the vault too."""
    kept = [_kept(_DEFAULT, "OperationalStore", said.days)]
    tags: list[dict[str, Any]] = [_tag(_DEFAULT, priority=99)]
    if said.vault_days:
        kept.append(_kept(_VAULT, "VaultStore", said.vault_days))
        first = {"objectType": "ScheduleBasedBackupCriteria", "absoluteCriteria": ["FirstOfDay"]}
        tags.append({**_tag(_VAULT, priority=50), "criteria": [first]})
    every = "P1D" if said.every_hours == _DAY_HOURS else f"PT{said.every_hours}H"
    schedule = {
        "repeatingTimeIntervals": [f"R/{_SOMEDAY}T{said.start_time}:00+00:00/{every}"],
        "timeZone": "Coordinated Universal Time",
    }
    taken = {
        "objectType": "AzureBackupRule",
        "name": "Backup",
        "backupParameters": {"objectType": "AzureBackupParams", "backupType": "Incremental"},
        "dataStore": _store("OperationalStore"),
        "trigger": {
            "objectType": "ScheduleBasedTriggerContext",
            "schedule": schedule,
            "taggingCriteria": tags,
        },
    }
    return {
        "objectType": "BackupPolicy",
        "datasourceTypes": [_KIND],
        "policyRules": [taken, *kept],
    }


def vault_body(said: Backup) -> dict[str, Any]:
    """Return a vault's properties."""
    return {
        "storageSettings": [{"datastoreType": "VaultStore", "type": said.redundancy}],
        "securitySettings": {
            "softDeleteSettings": {
                "state": said.soft_delete,
                "retentionDurationInDays": said.soft_delete_days,
            },
            "immutabilitySettings": {"state": said.immutability},
        },
    }


def instance_body(cluster: str, cluster_id: pulumi.Input[str], location: str) -> dict[str, Any]:
    """Return which cluster is backed up."""
    source = {
        "datasourceType": _KIND,
        "resourceID": cluster_id,
        "resourceLocation": location,
        "resourceName": cluster,
        "resourceType": _KIND,
        "resourceUri": cluster_id,
    }
    return {
        "objectType": "BackupInstance",
        "friendlyName": cluster,
        "dataSourceInfo": {"objectType": "Datasource", **source},
        "dataSourceSetInfo": {"objectType": "DatasourceSet", **source},
    }


def what_body(said: Backup, snapshots: str) -> dict[str, Any]:
    """Return what of it is backed up, and the resource group (its id) that the snapshots go to."""
    what = {
        "objectType": "KubernetesClusterBackupDatasourceParameters",
        "includeClusterScopeResources": said.cluster_objects,
        "snapshotVolumes": said.volumes,
        "includedNamespaces": sorted(said.namespaces),
        "excludedNamespaces": sorted(said.except_namespaces),
    }
    where = {
        "objectType": "AzureOperationalStoreParameters",
        "dataStoreType": "OperationalStore",
        "resourceGroupId": snapshots,
    }
    return {"backupDatasourceParametersList": [what], "dataStoreParametersList": [where]}


def _store(kind: str) -> dict[str, str]:
    return {"objectType": "DataStoreInfoBase", "dataStoreType": kind}


def _tag(name: str, *, priority: int) -> dict[str, Any]:
    info = {"id": f"{name}_", "tagName": name}
    return {"isDefault": name == _DEFAULT, "tagInfo": info, "taggingPriority": priority}


def _kept(name: str, store: str, days: int) -> dict[str, Any]:
    lifecycle: dict[str, Any] = {
        "deleteAfter": {"objectType": "AbsoluteDeleteOption", "duration": f"P{days}D"},
        "sourceDataStore": _store(store),
        "targetDataStoreCopySettings": [],
    }
    return {
        "objectType": "AzureRetentionRule",
        "name": name,
        "isDefault": name == _DEFAULT,
        "lifecycles": [lifecycle],
    }
