"""A managed cluster and its upgrade profiles as ARM writes them, read into the values of a plan. All raise ValueError.

Source of the shapes: Microsoft.ContainerService/managedClusters, API 2025-09-01, as `azure-mgmt-containerservice` passes them on.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle.versions.version import Version

from upgrades.model.clusters import CONTROL_PLANE, Cluster, Pool
from upgrades.model.surroundings import Expiry
from upgrades.observe.running import read as running

from .ids import parts_of
from .pool_values import of_now, pool_of
from .shape import Json, mapping, mappings, version_of
from .state import sizes_of

if TYPE_CHECKING:
    from collections.abc import Mapping


def resource_id(text: str) -> dict[str, str]:
    """Return the parts of an ARM id by their kind in lower case: subscriptions, resourcegroups, managedclusters, ..."""
    found = parts_of(text)
    if not {"subscriptions", "resourcegroups", "managedclusters"} <= found.keys():
        raise ValueError(f"'{text}' is not the resource id of a managed cluster")
    return found


def with_pools(cluster: Json, pools: list[Json]) -> Json:
    """Return a cluster whose pools are those that were listed by themselves: they are never older than the cluster's own list."""
    listed = [{"name": pool.get("name"), **mapping(pool.get("properties"))} for pool in pools]
    return {**cluster, "properties": {**mapping(cluster.get("properties")), "agentPoolProfiles": listed}}


def cluster_of(item: Json) -> tuple[Cluster, tuple[str, ...]]:
    """Return a cluster and the operations under way on it; raises a ValueError that names all that is wrong."""
    properties = mapping(item.get("properties"))
    wrong: list[str] = []
    control_plane = version_of(
        properties, ("currentKubernetesVersion", "kubernetesVersion"), CONTROL_PLANE, wrong
    )
    pools: list[Pool] = []
    for index, pool in enumerate(mappings(properties.get("agentPoolProfiles"))):
        name = str(pool.get("name") or f"agentPoolProfiles[{index}]")
        version = version_of(
            pool, ("currentOrchestratorVersion", "orchestratorVersion"), f"pool {name}", wrong
        )
        if version:
            pools.append(pool_of(name, version, pool, mapping(properties.get("networkProfile"))))
    if wrong or control_plane is None:
        raise ValueError("Azure's answer cannot be read: " + "; ".join(wrong))
    channel = mapping(properties.get("autoUpgradeProfile")).get("upgradeChannel")
    where = resource_id(str(item.get("id")))
    cluster = Cluster(
        name=str(item.get("name")),
        stack=where["resourcegroups"],
        has_stack=False,
        subscription=where["subscriptions"],
        resource_group=where["resourcegroups"],
        control_plane=control_plane,
        pools=tuple(pools),
        lts=properties.get("supportPlan") == "AKSLongTermSupport",
        auto_upgrade=str(channel or "none"),
    )
    return cluster, running(properties).operations


def images_of(item: Json) -> dict[str, str]:
    """Return the node image of each pool that names one."""
    pools = mappings(mapping(item.get("properties")).get("agentPoolProfiles"))
    return {str(p.get("name")): str(p["nodeImageVersion"]) for p in pools if p.get("nodeImageVersion")}


def vm_sizes(item: Mapping[str, Any]) -> dict[str, tuple[tuple[str, ...], bool]]:
    """Return each pool's VM sizes and whether it is spot."""
    pools = mappings(mapping(item.get("properties")).get("agentPoolProfiles"))
    return {str(pool["name"]): (sizes_of(pool), pool.get("scaleSetPriority") == "Spot") for pool in pools}


def credentials(item: Json) -> list[Expiry]:
    """Return the credentials of a cluster that can end. A managed identity has none; ARM tells no end of a secret."""
    client = str(
        mapping(mapping(item.get("properties")).get("servicePrincipalProfile")).get("clientId") or "msi"
    )
    if client == "msi":
        return []
    return [
        Expiry(f"the secret of service principal {client} (az ad app credential list --id {client})", None)
    ]


def upgrades_of(profile: Json, pool: str | None = None) -> dict[str, frozenset[Version]]:
    """Return the released versions that an upgrade profile offers, under the control plane's or the pool's name."""
    properties = mapping(profile.get("properties"))
    if not properties:
        raise ValueError("Azure's answer holds no upgrade profile")
    part = properties if pool else mapping(properties.get("controlPlaneProfile"))
    found = frozenset(
        Version.parse(str(one.get("kubernetesVersion")))
        for one in mappings(part.get("upgrades"))
        if not one.get("isPreview")
    )
    return {pool or CONTROL_PLANE: found}


def recently_used(profile: Json) -> dict[Version, str]:
    """Return the versions that a pool may go back to, each with its node image (the newest, where it ran several)."""
    rows = mappings(mapping(profile.get("properties")).get("recentlyUsedVersions"))
    rows = sorted(rows, key=lambda row: str(row.get("timestamp") or ""))
    return {
        Version.parse(str(row.get("orchestratorVersion"))): str(row.get("nodeImageVersion") or "")
        for row in rows
    }


def newest_image(profile: Json) -> str:
    """Return the newest node image of a pool's upgrade profile; empty when it names none."""
    return str(mapping(profile.get("properties")).get("latestNodeImageVersion") or "")


def shaped(cluster: Cluster, item: Json) -> Cluster:
    """Return a cluster whose pools have the nodes, and the kind of upgrade, that Azure says they have. Raises ValueError."""
    listed = {
        str(one.get("name")): one
        for one in mappings(mapping(item.get("properties")).get("agentPoolProfiles"))
    }
    network = mapping(mapping(item.get("properties")).get("networkProfile"))
    pools = tuple(
        of_now(pool, listed[pool.name], network) if pool.name in listed else pool for pool in cluster.pools
    )
    return replace(cluster, pools=pools)
