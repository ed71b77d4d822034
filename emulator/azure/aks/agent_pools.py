"""Microsoft.ContainerService/managedClusters/agentPools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.azure.aks import cluster_rules, machines, pool_rollback, pool_rules, version_rules
from emulator.azure.aks.cluster_outputs import DEFAULTS
from emulator.azure.aks.room import check_room
from emulator.azure.aks.versions import minor_of
from emulator.azure.errors import refusal
from emulator.azure.ids import short_hash
from emulator.azure.resource_type import existing
from emulator.azure.shapes import table
from emulator.cloud.events import CLUSTER_TYPE, POOL_TYPE

if TYPE_CHECKING:
    from datetime import datetime

    from emulator.azure.resource_type import Props, Put
    from emulator.cloud.state import Resource, State

LTS = "AKSLongTermSupport"
_LOST_WHEN_LEFT_OUT = frozenset(
    {"nodeLabels", "nodeTaints", "tags", "minCount", "maxCount", "enableAutoScaling"}
)
"""What a PUT takes away by not naming it; everything else stays as it is."""
_UBUNTU_2404 = 35
"""The minor from which the OS SKU `Ubuntu` is 24.04."""


def put_pool(put: Put) -> Props:
    """Create or change one pool of a cluster that exists. Raises ArmError to refuse it."""
    cluster = existing(put.state, put.id.rsplit("/", 2)[0], CLUSTER_TYPE)
    pool = resolve(put, cluster.properties)
    if put.before and put.before.properties.get("mode") == "System" and pool.get("mode") != "System":
        _must_not_be_last(put.state, put.before)
    check_room(put.state, put.id, pool, table(cluster.properties, "networkProfile"))
    others = [p.properties for p in put.state.children(cluster.id, POOL_TYPE) if p.name != put.name]
    cluster_rules.check_pools(cluster.properties, [*others, pool], put)
    machines.check(put, pool, cluster.properties)
    return pool


def resolve(put: Put, cluster: Props, *, whole: bool = False) -> Props:
    """Return the pool as it will be: what was left out filled in, the version in full; `whole`: all pools move. Raises ArmError to refuse it."""
    old, network = put.old, table(cluster, "networkProfile")
    if old:
        pool_rules.changes(old, put.body)
    kept = {k: v for k, v in old.items() if k not in _LOST_WHEN_LEFT_OUT}
    pool = _defaults(network) | kept | {k: v for k, v in put.body.items() if v is not None}
    _count(pool, put.body, old)
    pool["orchestratorVersion"] = version = _version(put, cluster, whole=whole)
    pool["osSKU"] = pool.get("osSKU") or ("Windows2022" if pool["osType"] == "Windows" else "Ubuntu")
    pool_rules.check(put.name, pool, version, network_plugin=str(network.get("networkPlugin")))
    if pool_rollback.is_asked(put, version):
        pool_rollback.check(put, cluster, version)
    elif old.get("currentOrchestratorVersion") != version or old.get("osSKU") != pool["osSKU"]:
        pool["nodeImageVersion"] = node_image(str(pool["osSKU"]), version, put.now)
    pool["currentOrchestratorVersion"] = version
    pool_rollback.remember(put, pool)
    pool |= {"name": put.name, "provisioningState": "Succeeded", "powerState": {"code": "Running"}}
    pool["eTag"] = short_hash(repr(sorted((k, repr(v)) for k, v in pool.items() if k != "eTag")), 32)
    return pool


def _defaults(network: Props) -> Props:
    overlay = network.get("networkPluginMode") == "overlay"
    most = 250 if overlay else 30 if network.get("networkPlugin") == "azure" else 110
    return DEFAULTS["pool"] | {"maxPods": most}


def _count(pool: Props, body: Props, old: Props) -> None:
    """Fill in the number of nodes: the autoscaler keeps what there is, within its limits.

    Raises ArmError for an autoscaled pool that is made without one, as Azure was seen to do (pulumi-azure-native 2943).
    """
    if body.get("count") is not None:
        return
    if pool_rules.is_autoscaled(pool) and not old:
        raise refusal("InvalidParameter.count")
    if (
        pool_rules.is_autoscaled(pool)
        and pool.get("minCount") is not None
        and pool.get("maxCount") is not None
    ):
        pool["count"] = min(max(int(old.get("count", pool["minCount"])), pool["minCount"]), pool["maxCount"])
    else:
        pool["count"] = old.get("count", 1)


def _version(put: Put, cluster: Props, *, whole: bool) -> str:
    """Return the full version that the pool is to run. Raises ArmError when AKS would refuse it."""
    running = put.old.get("currentOrchestratorVersion")
    control_plane, settings = str(cluster["currentKubernetesVersion"]), put.state.settings
    text = put.body.get("orchestratorVersion") or running or control_plane
    version = version_rules.wanted(str(text), running, "agentPoolProfile.orchestratorVersion")
    if version == running:
        return version
    if not pool_rollback.is_asked(put, version):
        version_rules.not_failed(put.old, version)
    version_rules.skew(version, control_plane, settings)
    lts = cluster.get("supportPlan") == LTS
    leaps = whole and running and version_rules.leaps_whole(running, version, put.now.date(), lts=lts)
    if running and not leaps and not pool_rollback.is_asked(put, version):
        version_rules.pool_move(running, version, settings)
    if version != control_plane:
        version_rules.must_be_offered(
            version, put.now.date(), lts=lts, code="AgentPoolK8sVersionNotSupported"
        )
    return version


def node_image(os_sku: str, version: str, now: datetime) -> str:
    """Return the name of the node image, as AKS writes it."""
    if os_sku.startswith("Windows"):
        return f"AKSWindows-{os_sku.removeprefix('Windows')}-containerd-gen2-{now:%y%m.%d}.0"
    if os_sku.startswith("AzureLinux"):
        return f"AKSAzureLinux-V3gen2-{now:%Y%m.%d}.0"
    release = os_sku.removeprefix("Ubuntu") or ("2404" if minor_of(version) >= _UBUNTU_2404 else "2204")
    return f"AKSUbuntu-{release}gen2containerd-{now:%Y%m.%d}.0"


def remove_pool(state: State, pool: Resource) -> None:
    """Refuse to delete the last system pool."""
    if pool.properties.get("mode") == "System":
        _must_not_be_last(state, pool)


def _must_not_be_last(state: State, pool: Resource) -> None:
    pools = state.children(pool.id.rsplit("/", 2)[0], POOL_TYPE)
    if not [p for p in pools if p.properties.get("mode") == "System" and p.id.lower() != pool.id.lower()]:
        raise refusal("MustDefineAtLeastOneSystemPool.last", pool=pool)
