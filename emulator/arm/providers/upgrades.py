"""What AKS offers: versions of a region, and what a control plane or a pool may be upgraded to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.azure.aks import offers
from emulator.azure.aks.agent_pools import AGENT_POOL, node_image
from emulator.azure.aks.clusters import MANAGED_CLUSTER
from emulator.azure.errors import ArmError
from emulator.azure.resource_type import existing
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
    cluster = _cluster(context, target.path.rsplit("/", 2)[0], target)
    said = cluster.properties
    version, is_lts = str(said["currentKubernetesVersion"]), said.get("supportPlan") == "AKSLongTermSupport"
    settings, today = context.state.settings, now().date()
    profile = {
        "kubernetesVersion": version,
        "name": cluster.name,
        "osType": "Linux",
        "upgrades": offers.control_plane(version, today, lts=is_lts, settings=settings),
    }
    pools = [
        {
            "kubernetesVersion": p.properties["currentOrchestratorVersion"],
            "name": p.name,
            "osType": p.properties["osType"],
        }
        for p in context.state.children(cluster.id, AGENT_POOL.arm_type)
    ]
    properties = {"controlPlaneProfile": profile, "agentPoolProfiles": pools}
    return _profile(target, "managedClusters/upgradeprofiles", properties)


def pool(context: Context, target: Target) -> Reply:
    """Answer the upgrade profile of a pool."""
    found = existing(context.state, target.path.rsplit("/", 2)[0], AGENT_POOL.arm_type)
    cluster = _cluster(context, found.id.rsplit("/", 2)[0], target)
    said = found.properties
    version = str(said["currentOrchestratorVersion"])
    properties: dict[str, Any] = {
        "kubernetesVersion": version,
        "osType": said["osType"],
        "latestNodeImageVersion": node_image(str(said["osSKU"]), version, now()),
    }
    upgrades = _pool_upgrades(context, cluster, version, str(said["osSKU"]))
    if upgrades:
        properties["upgrades"] = upgrades
    return _profile(target, "managedClusters/agentPools/upgradeProfiles", properties)


def available_pool_versions(context: Context, target: Target) -> Reply:
    """Answer the versions that a new pool of a cluster may have."""
    cluster = _cluster(context, target.parent, target)
    said = cluster.properties
    control_plane_version = str(said["currentKubernetesVersion"])
    is_lts = said.get("supportPlan") == "AKSLongTermSupport"
    versions = offers.new_pools(
        control_plane_version, now().date(), lts=is_lts, settings=context.state.settings
    )
    body = {
        "id": target.path,
        "name": "default",
        "type": "Microsoft.ContainerService/managedClusters/availableAgentpoolVersions",
        "properties": {"agentPoolVersions": versions},
    }
    return Reply(200, body)


def _pool_upgrades(context: Context, cluster: Resource, version: str, os_sku: str) -> list[dict[str, Any]]:
    said = cluster.properties
    is_lts = said.get("supportPlan") == "AKSLongTermSupport"
    return offers.pool(
        version,
        str(said["currentKubernetesVersion"]),
        now().date(),
        os_sku=os_sku,
        lts=is_lts,
        settings=context.state.settings,
    )


def _cluster(context: Context, id_: str, target: Target) -> Resource:
    if target.path.lower().rpartition("/upgradeprofiles/")[1] and target.names[-1].lower() != "default":
        raise ArmError(404, "NotFound", f"There is no upgrade profile '{target.names[-1]}', but 'default'.")
    return existing(context.state, id_, MANAGED_CLUSTER.arm_type)


def _profile(target: Target, kind: str, properties: dict[str, Any]) -> Reply:
    body = {"id": target.path, "name": "default", "type": f"Microsoft.ContainerService/{kind}"}
    return Reply(200, body | {"properties": properties})
