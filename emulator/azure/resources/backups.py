"""Microsoft.DataProtection: vaults, policies, and the clusters that are backed up; and who may reach into a cluster."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from emulator.azure.errors import bad_request
from emulator.azure.ids import guid
from emulator.azure.resource_type import Put, ResourceType, existing
from emulator.azure.shapes import at, rows, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emulator.azure.resource_type import Props
    from emulator.cloud.state import Resource, State

_VAULT = "Microsoft.DataProtection/backupVaults"
_POLICY, _INSTANCE = f"{_VAULT}/backupPolicies", f"{_VAULT}/backupInstances"
_ACCESS = "Microsoft.ContainerService/managedClusters/trustedAccessRoleBindings"
_EXTENSION = "Microsoft.KubernetesConfiguration/extensions"
_NAME = re.compile(r"[A-Za-z](-?[A-Za-z0-9]){1,49}")
_INTERVAL = re.compile(r"R/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+00:00/(PT(4|6|8|12)H|P1D)")
_OPERATOR = "Microsoft.DataProtection/backupVaults/backup-operator"
_READER, _CONTRIBUTOR, _SNAPSHOTS, _WRITES, _READS = (
    "acdd72a7-3385-48ef-bd42-f606fba81ae7",
    "b24988ac-6180-42a0-ab88-20f7382dd24c",
    "7efff54f-a5b4-42b5-a1c5-5411624893ce",
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
)


def put_vault(put: Put) -> Props:
    """Refuse a name that is none, storage that there is not or that changes under backups, and what was locked being unlocked."""
    if not _NAME.fullmatch(put.name):
        raise bad_request("BMSUserErrorInvalidInput", f"'{put.name}' is not a valid name of a backup vault.")
    said, before = table(put.body, "properties"), table(put.old, "properties")
    kinds = {str(one.get("type")) for one in rows(said, "storageSettings")}
    if not kinds or kinds - {"LocallyRedundant", "ZoneRedundant", "GeoRedundant"}:
        raise bad_request("BMSUserErrorInvalidInput", "storageSettings needs a type of redundancy.")
    changes = before and said.get("storageSettings") != before.get("storageSettings")
    if changes and put.state.children(put.id, _INSTANCE):
        raise bad_request(
            "UserErrorStorageSettingsUpdateNotAllowed", "The vault has backup instances already."
        )
    for path, end in (
        ("securitySettings.immutabilitySettings.state", "Locked"),
        ("securitySettings.softDeleteSettings.state", "AlwaysOn"),
    ):
        if at(before, path) == end != at(said, path):
            raise bad_request("UserErrorSecuritySettingsIrreversible", f"{path} is {end}, which stays.")
    days = at(said, "securitySettings.softDeleteSettings.retentionDurationInDays")
    if days is not None and not 14 <= days <= 180:  # noqa: PLR2004  (Azure's own range)
        raise bad_request("BMSUserErrorInvalidInput", "retentionDurationInDays must be 14 to 180.")
    identity: Props = table(put.body, "identity")
    if identity.get("type") == "SystemAssigned":
        identity = identity | {"principalId": guid(put.id.lower(), "principal"), "tenantId": put.tenant}
    return put.body | {"name": put.name, "type": _VAULT, "identity": identity, "properties": said}


def put_policy(put: Put) -> Props:
    """Refuse a policy of something else than AKS, without a default retention, or of hours that there are not; and any change of one."""
    said = table(put.body, "properties")
    if put.old and table(put.old, "properties") != said:
        raise bad_request("UserErrorPolicyUpdateNotAllowed", f"The policy '{put.name}' cannot be changed.")
    rules: list[Props] = rows(said, "policyRules")
    if rows(said, "datasourceTypes") != ["Microsoft.ContainerService/managedClusters"]:
        raise bad_request("BMSUserErrorInvalidInput", "datasourceTypes must be that of AKS, alone.")
    kept = {str(one.get("name")) for one in rules if one.get("objectType") == "AzureRetentionRule"}
    tags = {
        str(at(one, "tagInfo.tagName")) for rule in rules for one in rows(rule, "trigger.taggingCriteria")
    }
    if "Default" not in kept or tags != kept:
        raise bad_request("BMSUserErrorInvalidInput", "Each tag needs a retention rule, the default one too.")
    times = [one for rule in rules for one in rows(rule, "trigger.schedule.repeatingTimeIntervals")]
    if not times or not all(_INTERVAL.fullmatch(str(one)) for one in times):
        raise bad_request(
            "BMSUserErrorInvalidInput", "A schedule of AKS is every 4, 6, 8, 12 hours or 1 day."
        )
    return put.body | {"name": put.name, "type": _POLICY}


def put_instance(put: Put) -> Props:
    """Refuse a cluster that is not there, or not ready: no extension, no trusted access, or a role that somebody lacks."""
    said = table(put.body, "properties")
    vault = existing(put.state, put.id.rsplit("/", 2)[0], _VAULT)
    existing(put.state, str(at(said, "policyInfo.policyId")), _POLICY)
    cluster = existing(put.state, str(at(said, "dataSourceInfo.resourceID")), "cluster")
    bindings = put.state.children(cluster.id, _ACCESS)
    if not any(str(one.properties.get("sourceResourceId")).lower() == vault.id.lower() for one in bindings):
        raise bad_request(
            "UserErrorTrustedAccessNotConfigured", "The vault has no trusted access to the cluster."
        )
    missing = next(
        (one for one in _roles(put.state, said, vault, cluster) if not _has(put.state, *one)), None
    )
    if missing:
        raise bad_request(
            "UserErrorMissingRequiredPermissions", "The identity {} has no role {} at {}.".format(*missing)
        )
    shown = said | {"provisioningState": "Succeeded", "currentProtectionState": "ProtectionConfigured"}
    return put.body | {"name": put.name, "type": _INSTANCE, "properties": shown}


def _roles(state: State, said: Props, vault: Resource, cluster: Resource) -> Iterator[tuple[str, str, str]]:
    """Yield who needs which role where (Azure documentation, "Prerequisites for AKS backup")."""
    found = [
        one
        for one in state.children(cluster.id, _EXTENSION)
        if str(one.properties.get("extensionType")).lower() == "microsoft.dataprotection.kubernetes"
    ]
    if not found:
        raise bad_request(
            "UserErrorKubernetesBackupExtensionNotInstalled", "The backup extension is not there."
        )
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


def put_access(put: Put) -> Props:
    """Refuse a binding of no roles, of a name that is none, or for a resource that there is not."""
    source = existing(put.state, str(put.body.get("sourceResourceId")), "resource")
    if not put.body.get("roles") or not re.fullmatch(r"[-\w]{1,24}", put.name):
        raise bad_request(
            "BadRequest", "A trusted access role binding needs roles, and a name of 24 letters."
        )
    if source.type.lower() == _VAULT.lower() and put.body["roles"] != [_OPERATOR]:
        raise bad_request("InvalidRole", f"A backup vault has the role {_OPERATOR} alone.")
    return put.body | {"name": put.name, "type": _ACCESS, "provisioningState": "Succeeded"}


_IN = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/"
_VAULTS = f"{_IN}Microsoft.DataProtection/backupVaults/{{vaultName}}"
_SHOWN = ("name", "systemData", "type")

TYPES = (
    ResourceType(
        "dataprotection:BackupVault",
        _VAULTS,
        (*_SHOWN, "identity.principalId", "identity.tenantId", "properties.provisioningState"),
        force_new=("location",),
        put=put_vault,
        nested=True,
    ),
    ResourceType(
        "dataprotection:BackupPolicy",
        f"{_VAULTS}/backupPolicies/{{backupPolicyName}}",
        _SHOWN,
        located=False,
        put=put_policy,
        nested=True,
    ),
    ResourceType(
        "dataprotection:BackupInstance",
        f"{_VAULTS}/backupInstances/{{backupInstanceName}}",
        (*_SHOWN, "properties.currentProtectionState", "properties.provisioningState"),
        located=False,
        put=put_instance,
        nested=True,
    ),
    ResourceType(
        "containerservice:TrustedAccessRoleBinding",
        f"{_IN}Microsoft.ContainerService/managedClusters/{{resourceName}}/trustedAccessRoleBindings/{{trustedAccessRoleBindingName}}",
        (*_SHOWN, "provisioningState"),
        required=("roles", "sourceResourceId"),
        located=False,
        put=put_access,
    ),
)
