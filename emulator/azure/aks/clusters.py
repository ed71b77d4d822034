"""Microsoft.ContainerService/managedClusters."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from emulator.azure.aks import agent_pools, cluster_rules, machines, version_rules
from emulator.azure.aks.cluster_outputs import defaults, outputs
from emulator.azure.aks.room import check_room
from emulator.azure.errors import conflict, invalid, refusal
from emulator.azure.shapes import at, rows
from emulator.cloud.events import POOL_TYPE, record

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props, Put
    from emulator.cloud.state import Resource, State

_KEPT = (
    "kubernetesVersion",
    "nodeResourceGroup",
    "dnsPrefix",
    "supportPlan",
    "oidcIssuerProfile",
    "aadProfile",
    "sku",
)
"""What stays as it is when a PUT does not name it."""


def put_cluster(put: Put) -> Props:
    """Create or change a cluster, and with it its inline pools. Raises ArmError to refuse it."""
    old = put.old
    body = {k: v for k, v in put.body.items() if v is not None}
    kept = {k: old[k] for k in _KEPT if k in old and k not in body}
    cluster = defaults(put.name, put.group, kept | body)
    cluster_rules.check(cluster, put)
    if old:
        cluster_rules.check_changes(old, cluster)
    version = _version(put, cluster)
    cluster |= {"kubernetesVersion": version, "currentKubernetesVersion": version}
    pools = _pools(put, cluster, version)
    _network(put, cluster, pools)
    _node_group(put, cluster)
    for pool_id, pool in pools.items():
        _store(put.state, pool_id, pool)
    cluster.pop("agentPoolProfiles", None)
    return outputs(put, cluster)


def _version(put: Put, cluster: Props) -> str:
    running = put.old.get("currentKubernetesVersion")
    lts = cluster.get("supportPlan") == agent_pools.LTS
    text = cluster.get("kubernetesVersion") or running
    if not text:
        raise invalid("kubernetesVersion", "the emulator has no default version: name it in full (x.y.z)")
    version = version_rules.wanted(str(text), running, "kubernetesVersion")
    if version == running:
        return version
    version_rules.not_failed(put.old, version)
    if running:
        whole = _moves_all_pools(put, version) and version_rules.leaps_whole(
            running, version, put.now.date(), lts=lts
        )
        version_rules.control_plane_move(running, version, lts=lts, settings=put.state.settings, whole=whole)
    version_rules.must_be_offered(version, put.now.date(), lts=lts, code="K8sVersionNotSupported")
    if running:
        if running.rsplit(".", 1)[0] != version.rsplit(".", 1)[0]:
            override = at(cluster, "upgradeSettings.overrideSettings")
            version_rules.deprecated_apis(put.state, put.id, version, override, put.now)
        if not _moves_all_pools(put):
            version_rules.channel_moves_versions(at(cluster, "autoUpgradeProfile.upgradeChannel"))
    return version


def _moves_all_pools(put: Put, to: str = "") -> bool:
    """Say whether a request names the version of every pool, and only this one where `to` is given."""
    named = [p.get("orchestratorVersion") for p in rows(put.body, "agentPoolProfiles")]
    return bool(named) and all(version and to in {"", version} for version in named)


def _pools(put: Put, cluster: Props, version: str) -> dict[str, Props]:
    """Return the pools that the request creates or changes, by id; check that every pool fits the control plane."""
    profiles: list[Props] = rows(put.body, "agentPoolProfiles")
    there = {p.name: p for p in put.state.children(put.id, POOL_TYPE)} if put.before else {}
    if put.before is not None:
        if any(p["name"] not in there for p in profiles):
            raise refusal("BadRequest.newPool")
        named = {str(p["name"]): p.get("orchestratorVersion") for p in profiles}
        running = {name: str(p.properties["currentOrchestratorVersion"]) for name, p in there.items()}
        version_rules.all_or_none(named, running, version)
    pools: dict[str, Props] = {}
    for profile in profiles:
        pool_id, before = f"{put.id}/agentPools/{profile['name']}", there.get(profile["name"])
        request = replace(
            put,
            id=pool_id,
            arm_type=POOL_TYPE,
            body={k: v for k, v in profile.items() if k != "name"},
            before=before,
        )
        pools[pool_id] = agent_pools.resolve(request, cluster, whole=_moves_all_pools(put, version))
        check_room(put.state, pool_id, pools[pool_id], cluster["networkProfile"])
        machines.check(request, pools[pool_id], cluster)
    after = {p.name: p.properties for p in there.values()} | {str(p["name"]): p for p in pools.values()}
    if not any(p["mode"] == "System" for p in after.values()):
        raise refusal("MustDefineAtLeastOneSystemPool.none")
    for pool in after.values():
        version_rules.skew(str(pool["currentOrchestratorVersion"]), version, put.state.settings)
    return pools


def _network(put: Put, cluster: Props, pools: dict[str, Props]) -> None:
    there = {one.id.lower(): one.properties for one in put.state.children(put.id, POOL_TYPE)}
    after = there | {id_.lower(): pool for id_, pool in pools.items()}
    cluster_rules.check_pools(cluster, after.values(), put)


def _store(state: State, pool_id: str, pool: Props) -> None:
    before = state.get(pool_id)
    old = dict(before.properties) if before else None
    if old == pool:
        return
    state.put(pool_id, POOL_TYPE, str(pool["name"]), pool)
    record(
        state,
        "updated" if before else "created",
        pool_id,
        old,
        operation="Updating" if before else "Creating",
    )


def _node_group(put: Put, cluster: Props) -> None:
    """Make the resource group of the nodes, which must not be there yet."""
    if put.before is not None:
        return
    group = f"{'/'.join(put.id.split('/')[:3])}/resourceGroups/{cluster['nodeResourceGroup']}"
    if put.state.get(group):
        raise refusal("NodeResourceGroupAlreadyExists", cluster=cluster)
    properties = {"name": cluster["nodeResourceGroup"], "location": cluster["location"], "managedBy": put.id}
    put.state.put(group, "Microsoft.Resources/resourceGroups", str(cluster["nodeResourceGroup"]), properties)


def remove_cluster(state: State, cluster: Resource) -> None:
    """Take the nodes' resource group away with the cluster; refuse while one of its pools is busy."""
    busy = next((o for k, o in state.operations.items() if k.startswith(cluster.id.lower() + "/")), None)
    if busy:
        raise conflict(f"{busy.id.rsplit('/', 1)[-1]} - {busy.kind}")
    state.remove(
        f"{'/'.join(cluster.id.split('/')[:3])}/resourceGroups/{cluster.properties['nodeResourceGroup']}"
    )


def present_cluster(state: State, cluster: Resource) -> Props:
    """Show every pool of the cluster, those that were never inline too, as Azure does."""
    return {"agentPoolProfiles": [dict(p.properties) for p in state.children(cluster.id, POOL_TYPE)]}
