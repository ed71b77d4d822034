"""Microsoft.DataProtection: vaults, policies, and the clusters that are backed up; and who may reach into a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.azure.errors import refusal
from emulator.azure.resource_type import existing
from emulator.azure.resources.extensions import EXTENSIONS
from emulator.azure.shapes import at, each, rows, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emulator.azure.resource_type import Props, Put
    from emulator.cloud.state import Resource, State

_VAULT = "Microsoft.DataProtection/backupVaults"
_POLICY, _INSTANCE = f"{_VAULT}/backupPolicies", f"{_VAULT}/backupInstances"
_ACCESS = "Microsoft.ContainerService/managedClusters/trustedAccessRoleBindings"
_READER, _CONTRIBUTOR, _SNAPSHOTS, _WRITES, _READS = (
    "acdd72a7-3385-48ef-bd42-f606fba81ae7",
    "b24988ac-6180-42a0-ab88-20f7382dd24c",
    "7efff54f-a5b4-42b5-a1c5-5411624893ce",
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
)


def put_vault(put: Put) -> Props:
    """Refuse storage that changes under backups, and what was locked being unlocked."""
    said, before = table(put.body, "properties"), table(put.old, "properties")
    changes = before and said.get("storageSettings") != before.get("storageSettings")
    if changes and put.state.children(put.id, _INSTANCE):
        raise refusal("UserErrorStorageSettingsUpdateNotAllowed")
    for path, end in (
        ("securitySettings.immutabilitySettings.state", "Locked"),
        ("securitySettings.softDeleteSettings.state", "AlwaysOn"),
    ):
        if at(before, path) == end != at(said, path):
            raise refusal("UserErrorSecuritySettingsIrreversible", path=path, end=end)
    return put.body


def put_policy(put: Put) -> Props:
    """Refuse a policy without a default retention, and any change of one."""
    said = table(put.body, "properties")
    if put.old and table(put.old, "properties") != said:
        raise refusal("UserErrorPolicyUpdateNotAllowed", put=put)
    kept = {
        str(one.get("name"))
        for one in rows(said, "policyRules")
        if one.get("objectType") == "AzureRetentionRule"
    }
    tags = set(map(str, each(said, "policyRules[].trigger.taggingCriteria[].tagInfo.tagName")))
    if "Default" not in kept or tags != kept:
        raise refusal("BMSUserErrorInvalidInput")
    return put.body


def put_instance(put: Put) -> Props:
    """Refuse a cluster that is not there, or not ready: no extension, no trusted access, or a role that somebody lacks."""
    said = table(put.body, "properties")
    vault = existing(put.state, put.id.rsplit("/", 2)[0], _VAULT)
    existing(put.state, str(at(said, "policyInfo.policyId")), _POLICY)
    cluster = existing(put.state, str(at(said, "dataSourceInfo.resourceID")), "cluster")
    bindings = put.state.children(cluster.id, _ACCESS)
    if not any(str(one.properties.get("sourceResourceId")).lower() == vault.id.lower() for one in bindings):
        raise refusal("UserErrorTrustedAccessNotConfigured")
    missing = next(
        (one for one in _roles(put.state, said, vault, cluster) if not _has(put.state, *one)), None
    )
    if missing:
        raise refusal("UserErrorMissingRequiredPermissions", missing=missing)
    shown = said | {"provisioningState": "Succeeded", "currentProtectionState": "ProtectionConfigured"}
    return put.body | {"properties": shown}


def _roles(state: State, said: Props, vault: Resource, cluster: Resource) -> Iterator[tuple[str, str, str]]:
    """Yield who needs which role where (Azure documentation, "Prerequisites for AKS backup")."""
    found = [
        one
        for one in state.children(cluster.id, EXTENSIONS)
        if str(one.properties.get("extensionType")).lower() == "microsoft.dataprotection.kubernetes"
    ]
    if not found:
        raise refusal("UserErrorKubernetesBackupExtensionNotInstalled")
    settings: Props = table(found[0].properties, "configurationSettings")
    key = "configuration.backupStorageLocation.config."
    account = (
        f"/subscriptions/{settings[f'{key}subscriptionId']}/resourceGroups/{settings[f'{key}resourceGroup']}"
        f"/providers/Microsoft.Storage/storageAccounts/{settings[f'{key}storageAccount']}"
    )
    [store] = rows(said, "policyInfo.policyParameters.dataStoreParametersList")
    group, principal = str(store["resourceGroupId"]), str(at(vault.properties, "identity.principalId"))
    identity: Props = table(cluster.properties, "identity")
    named: list[Any] = [*table(identity, "userAssignedIdentities").values(), identity]
    own = next(str(one["principalId"]) for one in named if one.get("principalId"))
    extension = str(at(found[0].properties, "aksAssignedIdentity.principalId"))
    yield own, _CONTRIBUTOR, group
    yield extension, _WRITES, account
    yield principal, _READER, cluster.id
    yield from ((principal, role, group) for role in (_READER, _SNAPSHOTS))
    yield principal, _READS, account


def _has(state: State, principal: str, role: str, scope: str) -> bool:
    return any(
        one.properties.get("principalId") == principal
        and str(one.properties.get("roleDefinitionId")).endswith(role)
        and scope.lower().startswith(str(one.properties.get("scope")).lower())
        for one in state.of_type("Microsoft.Authorization/roleAssignments")
    )
