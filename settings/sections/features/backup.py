"""Backups: what is in the cluster, and its disks, in a vault that outlives it."""

import re
from typing import Annotated, Literal

from pydantic import Field

from settings.fields.base import Words, matching
from settings.fields.ids import resource_id
from settings.fields.types import ClockTime, DnsLabel
from settings.sections.base import Section

_GROUP = re.compile(r"[-\w.()]{0,89}[-\w()]")
_VAULT = re.compile(r"[A-Za-z](-?[A-Za-z0-9]){1,49}")
_CONTAINER = re.compile(r"(?=.{3,63}$)[a-z0-9](-?[a-z0-9])+")

BackupGroup = Annotated[
    str,
    matching(_GROUP, "a name of a resource group", "write 1 to 90 of letters, digits and -_.(), no dot last"),
    Words("the name of a resource group"),
]
VaultName = Annotated[
    str,
    matching(
        _VAULT,
        "a name of a Backup vault",
        "write 2 to 50 letters, digits and single dashes, a letter first and no dash last",
    ),
    Words("a name of 2 to 50 letters, digits and dashes"),
]
ContainerName = Annotated[
    str,
    matching(
        _CONTAINER,
        "a name of a blob container",
        "write 3 to 63 of a-z, 0-9 and single dashes, no dash first or last",
    ),
    Words("a name of 3 to 63 small letters, digits and dashes"),
]


class Backup(Section):
    """Azure Backup for AKS: a vault whose data nobody deletes before its time, not even with the cluster (docs/backups.md)."""

    vault_group: BackupGroup
    """Resource group that exists, for the vault; apart from the snapshots, for whoever takes over the cluster may change those."""
    snapshot_group: BackupGroup
    """Resource group that exists, for the snapshots of disks and nothing else: the cluster gets Contributor there."""
    storage_account: Annotated[str, resource_id("a storage account", "Microsoft.Storage", "storageAccounts")]
    """Storage account that exists, in the cluster's region and subscription, for what is not on disks."""
    container: ContainerName
    """Blob container in it that exists, for this cluster alone."""
    vault: VaultName = "backups"
    """Name of the vault, created where it is not there; clusters of one region may share one."""
    redundancy: Literal["LocallyRedundant", "ZoneRedundant", "GeoRedundant"] = "GeoRedundant"
    """Where the vault keeps its copies; it cannot change once there are backups."""
    every_hours: Literal[4, 6, 8, 12, 24] = 24
    """Hours between two backups."""
    start_time: ClockTime = "01:00"
    """When the first of a day begins, in UTC."""
    days: Annotated[int, Field(ge=1, le=360)] = 14
    """Days that a backup is kept as snapshots, from which it is quick to restore."""
    vault_days: Annotated[int, Field(ge=1, le=3650)] | None = 30
    """Days that the first of each day is kept in the vault, out of the cluster's reach; null keeps none there."""
    namespaces: tuple[DnsLabel, ...] = ()
    """Namespaces to back up; all but those below unless set."""
    except_namespaces: tuple[DnsLabel, ...] = ()
    """Namespaces to leave out; Azure leaves out kube-system, kube-public and kube-node-lease anyway."""
    cluster_objects: bool = True
    """Whether objects that are in no namespace are backed up."""
    volumes: bool = True
    """Whether the disks of volumes are."""
    soft_delete: Literal["On", "AlwaysOn"] = "On"
    """Whether what is deleted in the vault can be had back; `AlwaysOn` nobody switches off again."""
    soft_delete_days: Annotated[int, Field(ge=14, le=180)] = 14
    """Days for which it can."""
    immutability: Literal["Disabled", "Unlocked", "Locked"] = "Unlocked"
    """Whether backups can be deleted before their time; `Unlocked` an owner switches off, `Locked` nobody does, ever."""

    @property
    def subscription(self) -> str:
        """The subscription, which is that of the storage account and of the cluster."""
        return self.storage_account.split("/")[2]

    @property
    def policy(self) -> str:
        """The name of the policy, which says what it says: Azure moves a cluster to another policy, and changes none."""
        hour = self.start_time.replace(":", "")
        return f"every-{self.every_hours}h-from-{hour}-for-{self.days}d-vault-{self.vault_days or 0}d"
