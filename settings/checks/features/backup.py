"""Backups: groups that are apart, namespaces that are said once, disks that can be snapshotted, copies that can be kept."""

from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.sections.cluster import Cluster
from settings.sections.features.backup import Backup
from settings.words import repeated

PATH = "secure-aks:cluster.backup"
_NEVER = {"kube-system", "kube-public", "kube-node-lease"}
OWN_NAMESPACE = "dataprotection-microsoft"
"""The namespace of Azure Backup's own extension."""


def check(draft: Draft) -> Iterator[Finding]:
    """Yield what of a cluster's backups contradicts itself or the rest of the file."""
    if not draft.cluster or not (backup := draft.cluster.backup):
        return
    yield from _groups(draft.cluster, backup)
    yield from _namespaces(backup)
    if backup.vault_days is not None and backup.vault_days < backup.days:
        why = f"copies out of the cluster's reach would go after {backup.vault_days} days, before the snapshots in its reach, which stay {backup.days}"
        yield Finding(f"{PATH}.vaultDays", why, f"write {backup.days} or more, or fewer `days`")
    storage = draft.cluster.storage
    for key, value in (("disks", storage.disks), ("snapshots", storage.snapshots)):
        if backup.volumes and value is False:
            why = "volumes are backed up by snapshots of their disks, and AKS's drivers make those"
            remedy = f"remove `storage.{key}`, or write `volumes: false`"
            yield Finding(f"{PATH}.volumes", why, remedy)
    if draft.is_prod and backup.immutability == "Disabled":
        why = "in prod, nobody deletes a backup before its time: it is what is left when an account was taken over"
        yield Finding(
            f"{PATH}.immutability",
            why,
            "remove the key, or write Unlocked or Locked",
            "prod-backup",
            draft.cluster.name,
        )


def _groups(cluster: Cluster, backup: Backup) -> Iterator[Finding]:
    named = {"vaultGroup": backup.vault_group, "snapshotGroup": backup.snapshot_group}
    taken = {cluster.resource_group_name.lower(): "the cluster's"}
    if cluster.node_resource_group:
        taken[cluster.node_resource_group.lower()] = "that of the nodes"
    for key, name in named.items():
        if whose := taken.get(name.lower()):
            why = f"the resource group {name} is {whose}, and a backup is not to go with what it is of"
            yield Finding(f"{PATH}.{key}", why, "name one that has nothing else in it")
    if backup.vault_group.lower() == backup.snapshot_group.lower():
        why = "the cluster gets Contributor on its snapshots, and would have the vault with them"
        yield Finding(f"{PATH}.snapshotGroup", why, "name another group than `vaultGroup`")


def _namespaces(backup: Backup) -> Iterator[Finding]:
    for key, names in (("namespaces", backup.namespaces), ("exceptNamespaces", backup.except_namespaces)):
        listed = [(f"{PATH}.{key}[{number}]", name) for number, name in enumerate(names)]
        for place, name, _ in repeated(listed):
            yield Finding(place, f"{name} is in the list already", "remove one")
    for number, name in enumerate(backup.namespaces):
        if name in _NEVER:
            why = f"Azure Backup leaves out {name}, whatever is asked for"
            yield Finding(f"{PATH}.namespaces[{number}]", why, "remove it")
    if both := sorted({*backup.namespaces} & {*backup.except_namespaces}):
        why = f"{', '.join(both)} is to be backed up and left out"
        yield Finding(f"{PATH}.exceptNamespaces", why, "remove it from one of the two lists")
    elif backup.namespaces and backup.except_namespaces:
        why = "where namespaces are named, all others are left out anyway"
        yield Finding(f"{PATH}.exceptNamespaces", why, "remove the key")
