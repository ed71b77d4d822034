"""A managed cluster and its upgrade profiles as ARM writes them, read into the values of a plan. All raise ValueError.

Source of the shapes: Microsoft.ContainerService/managedClusters, API 2025-09-01, as `azure-mgmt-containerservice` passes them on.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from secure_aks_lifecycle.version import Version

from upgrades.arm_ids import parts_of
from upgrades.cost import surge_of
from upgrades.fleet import CONTROL_PLANE, Cluster, Pool
from upgrades.observe.azure_state import nodes_of
from upgrades.observe.stacks import cores
from upgrades.running import read as running
from upgrades.view import Expiry

Json = dict[str, Any]

DRAIN_MINUTES, SURGE, FINAL_SOAK_MINUTES = 30, "10%", 60
"""What AKS does where a pool says nothing: its documented defaults."""


def resource_id(text: str) -> dict[str, str]:
    """Return the parts of an ARM id by their kind in lower case: subscriptions, resourcegroups, managedclusters, ..."""
    found = parts_of(text)
    if not {"subscriptions", "resourcegroups", "managedclusters"} <= found.keys():
        raise ValueError(f"'{text}' is not the resource id of a managed cluster")
    return found


def with_pools(cluster: Json, pools: list[Json]) -> Json:
    """Return a cluster whose pools are those that were listed by themselves: they are never older than the cluster's own list."""
    listed = [{"name": pool.get("name"), **_mapping(pool.get("properties"))} for pool in pools]
    return {**cluster, "properties": {**_mapping(cluster.get("properties")), "agentPoolProfiles": listed}}


def cluster_of(item: Json) -> tuple[Cluster, tuple[str, ...]]:
    """Return a cluster and the operations under way on it; raises a ValueError that names all that is wrong."""
    properties = _mapping(item.get("properties"))
    wrong: list[str] = []
    control_plane = _version(
        properties, ("currentKubernetesVersion", "kubernetesVersion"), CONTROL_PLANE, wrong
    )
    pools: list[Pool] = []
    for index, pool in enumerate(_list(properties.get("agentPoolProfiles"))):
        name = str(pool.get("name") or f"agentPoolProfiles[{index}]")
        version = _version(pool, ("currentOrchestratorVersion", "orchestratorVersion"), f"pool {name}", wrong)
        if version:
            pools.append(_pool(name, version, pool))
    if wrong or control_plane is None:
        raise ValueError("Azure's answer cannot be read: " + "; ".join(wrong))
    channel = _mapping(properties.get("autoUpgradeProfile")).get("upgradeChannel")
    where = resource_id(str(item.get("id")))
    cluster = Cluster(
        name=str(item.get("name")),
        stack=where["resourcegroups"],
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
    pools = _list(_mapping(item.get("properties")).get("agentPoolProfiles"))
    return {str(p.get("name")): str(p["nodeImageVersion"]) for p in pools if p.get("nodeImageVersion")}


def credentials(item: Json) -> list[Expiry]:
    """Return the credentials of a cluster that can end. A managed identity has none; ARM tells no end of a secret."""
    client = str(
        _mapping(_mapping(item.get("properties")).get("servicePrincipalProfile")).get("clientId") or "msi"
    )
    if client == "msi":
        return []
    return [
        Expiry(f"the secret of service principal {client} (az ad app credential list --id {client})", None)
    ]


def upgrades_of(profile: Json, pool: str | None = None) -> dict[str, frozenset[Version]]:
    """Return the released versions that an upgrade profile offers, under the control plane's or the pool's name."""
    properties = _mapping(profile.get("properties"))
    if not properties:
        raise ValueError("Azure's answer holds no upgrade profile")
    part = properties if pool else _mapping(properties.get("controlPlaneProfile"))
    found = frozenset(
        Version.parse(str(one.get("kubernetesVersion")))
        for one in _list(part.get("upgrades"))
        if not one.get("isPreview")
    )
    return {pool or CONTROL_PLANE: found}


def recently_used(profile: Json) -> dict[Version, str]:
    """Return the versions that a pool may go back to, each with its node image (the newest, where it ran several)."""
    rows = _list(_mapping(profile.get("properties")).get("recentlyUsedVersions"))
    rows = sorted(rows, key=lambda row: str(row.get("timestamp") or ""))
    return {
        Version.parse(str(row.get("orchestratorVersion"))): str(row.get("nodeImageVersion") or "")
        for row in rows
    }


def newest_image(profile: Json) -> str:
    """Return the newest node image of a pool's upgrade profile; empty when it names none."""
    return str(_mapping(profile.get("properties")).get("latestNodeImageVersion") or "")


def shaped(cluster: Cluster, item: Json) -> Cluster:
    """Return a cluster whose pools have the nodes, and the kind of upgrade, that Azure says they have. Raises ValueError."""
    listed = {
        str(one.get("name")): one for one in _list(_mapping(item.get("properties")).get("agentPoolProfiles"))
    }
    pools = tuple(_of_now(pool, listed[pool.name]) if pool.name in listed else pool for pool in cluster.pools)
    return replace(cluster, pools=pools)


def _of_now(pool: Pool, told: Json) -> Pool:
    nodes = nodes_of(told)
    now = replace(pool, **_blue_green(told))
    return now if nodes is None else replace(now, nodes=nodes, surge=surge_of(now, nodes))


def _blue_green(pool: Json) -> dict[str, Any]:
    """Return how a pool is upgraded (preview APIs since 2025-08-02): blue/green ones wait before their old nodes go."""
    if pool.get("upgradeStrategy") != "BlueGreen":
        return {}
    soak = _number(
        _mapping(pool.get("upgradeSettingsBlueGreen")), "finalSoakDurationInMinutes", FINAL_SOAK_MINUTES
    )
    return {"blue_green": True, "final_soak_minutes": soak}


def _pool(name: str, version: Version, pool: Json) -> Pool:
    upgrade, told = _mapping(pool.get("upgradeSettings")), nodes_of(pool)
    nodes = 1 if told is None else told
    is_spot = pool.get("scaleSetPriority") == "Spot"
    unavailable = str(upgrade.get("maxUnavailable") or "")
    found = Pool(
        name=name,
        version=version,
        mode=str(pool.get("mode") or "User"),
        os_type=str(pool.get("osType") or "Linux"),
        os_sku=str(pool.get("osSKU") or "Ubuntu"),
        nodes=nodes,
        drain_minutes=0 if is_spot else _number(upgrade, "drainTimeoutInMinutes", DRAIN_MINUTES),
        soak_minutes=_number(upgrade, "nodeSoakDurationInMinutes", 0),
        cores=cores(str(pool.get("vmSize"))),
        most=_number(pool, "maxCount", 0),
        max_surge=_amount(
            str(upgrade.get("maxSurge") or ("" if unavailable.strip("0%") else SURGE)), "maxSurge"
        ),
        max_unavailable=_amount(unavailable, "maxUnavailable"),
        surge=0,
        **_blue_green(pool),
    )
    return replace(found, surge=surge_of(found, nodes))


def _amount(text: str, name: str) -> str:
    """Return a number of nodes or a percentage of them, as it was written. Raises ValueError for anything else."""
    if text and not text.removesuffix("%").isdecimal():
        raise ValueError(f"Azure's answer cannot be read: {name} '{text}' is no number of nodes")
    return text


def _number(item: Json, key: str, default: int) -> int:
    value = item.get(key)
    if value is None:
        return default
    if isinstance(value, int):
        return value
    raise ValueError(f"Azure's answer cannot be read: {key} {value!r} is no number")


def _version(item: Json, keys: tuple[str, ...], what: str, wrong: list[str]) -> Version | None:
    text = next((str(item[key]) for key in keys if item.get(key)), "")
    try:
        return Version.parse(text)
    except ValueError as error:
        wrong.append(f"{what}: {error}" if text else f"{what}: names no version")
        return None


def _mapping(value: Any) -> Json:
    if value is None:
        return {}
    if isinstance(value, dict):
        return value  # pyright: ignore[reportUnknownVariableType]  # JSON
    raise ValueError(f"Azure's answer cannot be read: {value!r} is no mapping")


def _list(value: Any) -> list[Json]:
    if value is None:
        return []
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):  # pyright: ignore[reportUnknownVariableType]  # JSON
        return value  # pyright: ignore[reportUnknownVariableType]  # JSON
    raise ValueError(f"Azure's answer cannot be read: {value!r} is no list of mappings")
