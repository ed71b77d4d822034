"""What AKS offers: versions of a region, and what a control plane or a pool may be upgraded to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.azure.aks import offers, pool_rollback
from emulator.azure.aks.agent_pools import node_image
from emulator.azure.errors import refusal
from emulator.azure.resource_type import existing
from emulator.azure.types import AGENT_POOL, MANAGED_CLUSTER
from emulator.cloud.clock import now
from emulator.https.messages import Reply

if TYPE_CHECKING:
    from emulator.arm.context import Context
    from emulator.arm.paths import Target
    from emulator.cloud.state import Resource


def kubernetes_versions(context: Context, target: Target) -> Reply:
    """Answer the versions of a region."""
    del context, target
    return Reply(200, {"values": offers.region(now().date())})


def control_plane(context: Context, target: Target) -> Reply:
    """Answer the upgrade profile of a cluster."""
    cluster = _cluster(context, _profiled(target))
    upgrades = offers.control_plane(cluster.properties, now().date(), context.state.settings)
    plane = {
        "kubernetesVersion": cluster.properties["currentKubernetesVersion"],
        "name": cluster.name,
        "osType": "Linux",
        "upgrades": _versions(upgrades),
    }
    pools = [
        {
            "kubernetesVersion": p.properties["currentOrchestratorVersion"],
            "name": p.name,
            "osType": p.properties["osType"],
        }
        for p in context.state.children(cluster.id, AGENT_POOL.arm_type)
    ]
    properties = {"controlPlaneProfile": plane, "agentPoolProfiles": pools}
    return _answer(target, "managedClusters/upgradeprofiles", properties)


def pool(context: Context, target: Target) -> Reply:
    """Answer the upgrade profile of a pool."""
    found = existing(context.state, _profiled(target), AGENT_POOL.arm_type)
    cluster, said = _cluster(context, found.id.rsplit("/", 2)[0]), found.properties
    version = str(said["currentOrchestratorVersion"])
    upgrades = offers.pool(cluster.properties, said, now().date(), context.state.settings)
    properties: dict[str, Any] = {
        "kubernetesVersion": version,
        "osType": said["osType"],
        "latestNodeImageVersion": node_image(str(said["osSKU"]), version, now()),
        **({"upgrades": _versions(upgrades)} if upgrades else {}),
        "recentlyUsedVersions": pool_rollback.recent(context.state, found.id, now()),
    }
    return _answer(target, "managedClusters/agentPools/upgradeProfiles", properties)


def available_pool_versions(context: Context, target: Target) -> Reply:
    """Answer the versions that a new pool of a cluster may have; the control plane's own is the default."""
    cluster = _cluster(context, target.parent)
    rows = _versions(offers.new_pools(cluster.properties, now().date(), context.state.settings))
    for row in rows:
        if row["kubernetesVersion"] == cluster.properties["currentKubernetesVersion"]:
            row["default"] = True
    return _answer(target, "managedClusters/availableAgentpoolVersions", {"agentPoolVersions": rows})


def _cluster(context: Context, id_: str) -> Resource:
    return existing(context.state, id_, MANAGED_CLUSTER.arm_type)


def _profiled(target: Target) -> str:
    """Return the id of what an upgrade profile is of. Raises ArmError (404) for another profile than `default`."""
    if target.names[-1].lower() != "default":
        raise refusal("NotFound.profile", name=target.names[-1])
    return target.path.rsplit("/", 2)[0]


def _versions(versions: list[str]) -> list[dict[str, Any]]:
    return [{"kubernetesVersion": version} for version in versions]


def _answer(target: Target, kind: str, properties: dict[str, Any]) -> Reply:
    body = {"id": target.path, "name": "default", "type": f"Microsoft.ContainerService/{kind}"}
    return Reply(200, body | {"properties": properties})
