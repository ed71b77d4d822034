"""Clusters as Azure has them: every one of a subscription, with what Azure offers it next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from upgrades.check.values import Observed, Unseen
from upgrades.observe.errors import AzureError

from .values import cluster_of, images_of, newest_image, resource_id, upgrades_of

if TYPE_CHECKING:
    from secure_aks_lifecycle.versions.version import Version

    from .reader import Azure
    from .shape import Json


def observe(azure: Azure, resource_group: str | None = None) -> list[Observed | Unseen]:
    """Return every cluster of a subscription or of one of its resource groups. Raises AzureError when it cannot be listed.

    A cluster that cannot be read is among them as unseen; a part that cannot is named in its `unread`.
    """
    return [_observed(azure, item) for item in azure.clusters(resource_group)]


def observe_one(azure: Azure, cluster_id: str) -> Observed | Unseen:
    """Return one cluster. Raises AzureError when it cannot be read, ValueError when the id is not that of a cluster."""
    return _observed(azure, azure.whole_cluster(cluster_id))


def _observed(azure: Azure, item: Json) -> Observed | Unseen:
    name, where = str(item.get("name", "?")), str(item.get("id", "?"))
    try:
        cluster, operations = cluster_of(item)
    except ValueError as error:
        return Unseen(name, where, str(error))
    location = str(item.get("location") or "")
    seen = Observed(
        cluster, where, images=images_of(item), operations=operations, location=location, arm=item
    )
    return with_offers(azure, where, seen)


def with_offers(azure: Azure, cluster_id: str, seen: Observed) -> Observed:
    """Return a cluster with what Azure offers it next. Raises ValueError when the id is not that of a cluster."""
    group, name = resource_id(cluster_id)["resourcegroups"], resource_id(cluster_id)["managedclusters"]
    offered: dict[str, frozenset[Version]] = {}
    newest: dict[str, str] = {}
    unread = dict(seen.unread)
    try:
        offered.update(upgrades_of(azure.upgrade_profile(group, name)))
    except (AzureError, ValueError) as error:
        unread["the upgrades of the control plane"] = str(error)
    for pool in seen.cluster.pools:
        try:
            profile = azure.pool_upgrade_profile(group, name, pool.name)
            offered.update(upgrades_of(profile, pool.name))
            newest[pool.name] = newest_image(profile)
        except (AzureError, ValueError) as error:
            unread[f"the upgrades of pool {pool.name}"] = str(error)
    return replace(seen, offered=offered, newest_images=newest, unread=unread)
