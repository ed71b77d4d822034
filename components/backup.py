"""Azure Backup of a cluster: a vault that outlives it, and all that lets the vault in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import pulumi

from settings.sections.features.backup import Backup as Said

from .parts.azure_role import (
    BLOB_DATA_CONTRIBUTOR,
    BLOB_DATA_READER,
    CONTRIBUTOR,
    DISK_SNAPSHOT_CONTRIBUTOR,
    READER,
    RoleAssignment,
)
from .parts.backup_bodies import instance_body, policy_body, vault_body, what_body
from .parts.deployment import arm_deployment
from .parts.naming import group_and_name, part_name
from .parts.token_resource import TokenResource

API = "2025-01-01"
"""API version of vault and policy in their templates, the one that azure-native uses."""
OPERATOR = "Microsoft.DataProtection/backupVaults/backup-operator"
"""What the vault may do in the cluster (AKS documentation, "Trusted Access")."""
_FIRST = "backup"
_LOCATION = "configuration.backupStorageLocation."
_VAULTS = "Microsoft.DataProtection/backupVaults"


@dataclass(frozen=True)
class BackupArgs:
    """The cluster by its names and its id, what its stack file says, and what has to be there before."""

    resource_group_name: pulumi.Input[str]
    cluster_name: str
    cluster_id: pulumi.Input[str]
    cluster_principal_id: pulumi.Input[str]
    """Object id of the identity with which AKS acts: it makes the snapshots."""
    backup: Said
    location: str
    blob_endpoint: str
    """What follows the account's name in the address of its blobs."""
    after: Sequence[pulumi.Resource] = ()
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    protect: bool | None = None


class Backup(pulumi.ComponentResource):
    """A vault and a policy, AKS's extension of Azure Backup, the roles of all three, and the cluster as what is backed up.

    Vault and policy go to Azure in deployments, which create or change them, and delete nothing: what is in the vault is
    there when the cluster is gone. Source: Azure documentation, "Prerequisites for Azure Kubernetes Service backup" (the roles).
    """

    def __init__(self, name: str, args: BackupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("secure-aks:index:Backup", name, None, opts)
        self._name, self._args, self._said = name, args, args.backup
        groups = f"/subscriptions/{self._said.subscription}/resourceGroups"
        self._snapshots = f"{groups}/{self._said.snapshot_group}"
        self._vault_id = f"{groups}/{self._said.vault_group}/providers/Microsoft.DataProtection/backupVaults/{self._said.vault}"
        ready = self._vault()
        extension = self._extension()
        roles = self._roles(self._principal(ready), extension)
        access = TokenResource(
            "azure-native:containerservice:TrustedAccessRoleBinding",
            self._called("access"),
            {
                "resourceGroupName": args.resource_group_name,
                "resourceName": args.cluster_name,
                "trustedAccessRoleBindingName": "backup",
                "roles": [OPERATOR],
                "sourceResourceId": self._vault_id,
            },
            pulumi.ResourceOptions(parent=self, depends_on=[*ready, extension]),
        )
        self._instance([*ready, *roles, access])
        self.register_outputs({})

    def _called(self, part: str) -> str:
        return part_name(self._name, f"backup-{part}", first=_FIRST)

    def _vault(self) -> list[pulumi.Resource]:
        said, cluster = self._said, self._args.cluster_name
        vault = {
            "type": _VAULTS,
            "apiVersion": API,
            "name": said.vault,
            "location": self._args.location,
            "identity": {"type": "SystemAssigned"},
            "tags": dict(self._args.tags),
            "properties": vault_body(said),
        }
        policy = {
            "type": f"{_VAULTS}/backupPolicies",
            "apiVersion": API,
            "name": f"{said.vault}/{said.policy}",
            "properties": policy_body(said),
        }
        made = self._deployed("vault", f"{cluster}-vault", vault, self._args.after)
        return [made, self._deployed("policy", f"{cluster}-policy", policy, [made])]

    def _deployed(
        self, part: str, name: str, resource: Mapping[str, Any], after: Sequence[pulumi.Resource]
    ) -> pulumi.Resource:
        opts = pulumi.ResourceOptions(parent=self, depends_on=list(after))
        return arm_deployment(self._called(part), self._said.vault_group, name, resource, opts)

    def _principal(self, ready: Sequence[pulumi.Resource]) -> pulumi.Output[str]:
        """Return the object id of the identity that Azure makes for the vault."""
        found = pulumi.runtime.invoke_output(
            "azure-native:dataprotection:getBackupVault",
            {"resourceGroupName": self._said.vault_group, "vaultName": self._said.vault},
            pulumi.InvokeOutputOptions(parent=self, depends_on=list(ready)),
        )
        return found.apply(lambda vault: _of(vault.get("identity")))

    def _extension(self) -> "_Extension":
        group, account = group_and_name(self._said.storage_account)
        config = f"{_LOCATION}config."
        return _Extension(
            self._called("extension"),
            {
                "resourceGroupName": self._args.resource_group_name,
                "clusterRp": "Microsoft.ContainerService",
                "clusterResourceName": "managedClusters",
                "clusterName": self._args.cluster_name,
                "extensionName": "azure-aks-backup",
                "extensionType": "microsoft.dataprotection.kubernetes",
                "autoUpgradeMinorVersion": True,
                "releaseTrain": "stable",
                "scope": {"cluster": {"releaseNamespace": "dataprotection-microsoft"}},
                "configurationSettings": {
                    f"{_LOCATION}bucket": self._said.container,
                    f"{config}subscriptionId": self._said.subscription,
                    f"{config}resourceGroup": group,
                    f"{config}storageAccount": account,
                    f"{config}storageAccountURI": f"https://{account}.{self._args.blob_endpoint}/",
                    # By its identity: with the account's key anybody who reads it would have the backups.
                    f"{config}useAAD": "true",
                },
                "aksAssignedIdentity": None,
            },
            pulumi.ResourceOptions(parent=self, depends_on=list(self._args.after)),
        )

    def _roles(self, vault: pulumi.Output[str], extension: "_Extension") -> list[pulumi.Resource]:
        account = self._said.storage_account
        roles: dict[str, tuple[str, pulumi.Input[str], pulumi.Input[str]]] = {
            "cluster-snapshots": (CONTRIBUTOR, self._snapshots, self._args.cluster_principal_id),
            "extension-account": (BLOB_DATA_CONTRIBUTOR, account, extension.aksAssignedIdentity.apply(_of)),
            "vault-cluster": (READER, self._args.cluster_id, vault),
            "vault-snapshots": (READER, self._snapshots, vault),
            "vault-disks": (DISK_SNAPSHOT_CONTRIBUTOR, self._snapshots, vault),
            "vault-account": (BLOB_DATA_READER, account, vault),
        }
        child = pulumi.ResourceOptions(parent=self)
        return [
            RoleAssignment(self._called(part), role, scope, (principal, "ServicePrincipal"), child)
            for part, (role, scope, principal) in roles.items()
        ]

    def _instance(self, after: Sequence[pulumi.Resource]) -> None:
        said, cluster = self._said, self._args.cluster_name
        policy_id = f"{self._vault_id}/backupPolicies/{said.policy}"
        body = instance_body(cluster, self._args.cluster_id, self._args.location)
        TokenResource(
            "azure-native:dataprotection:BackupInstance",
            self._called("instance"),
            {
                "resourceGroupName": said.vault_group,
                "vaultName": said.vault,
                "backupInstanceName": cluster,
                "properties": {
                    **body,
                    "policyInfo": {
                        "policyId": policy_id,
                        "policyParameters": what_body(said, self._snapshots),
                    },
                },
            },
            # Whoever deletes it deletes the backups (Azure documentation, "Manage Azure Kubernetes Service backups").
            pulumi.ResourceOptions(parent=self, depends_on=list(after), protect=self._args.protect),
        )


class _Extension(TokenResource):
    """Azure Backup's agent in the cluster, with the identity that Azure makes for it."""

    aksAssignedIdentity: pulumi.Output[Any]  # noqa: N815  # by the provider's name

    def __init__(self, name: str, properties: Mapping[str, Any], opts: pulumi.ResourceOptions) -> None:
        super().__init__("azure-native:kubernetesconfiguration:Extension", name, properties, opts)


def _of(identity: object) -> str:
    """Return the object id of an identity; "" while there is none, at preview."""
    found = _mapping(identity)
    return str(found.get("principalId") or found.get("principal_id") or "")


def principal_of(identity: object) -> str:
    """Return the object id of a cluster's identity, its own or the one that it was given; "" while nobody knows it."""
    named = _mapping(getattr(identity, "user_assigned_identities", None)).values()
    found = [str(getattr(one, "principal_id", None) or _of(one)) for one in named]
    own = str(getattr(identity, "principal_id", None) or "")
    return next((one for one in (*found, own) if one), "")


def _mapping(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}
