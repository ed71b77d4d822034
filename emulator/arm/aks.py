"""What Azure Kubernetes Service answers beside its resources: versions, upgrade profiles, credentials.

Shapes: Microsoft.ContainerService, stable/2025-09-01 of the REST API's specification.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.arm.answer import Answer, Json, Request
from emulator.azure import ids
from emulator.azure.aks.agent_pools import LTS
from emulator.azure.aks.credentials import admin_kubeconfig, user_kubeconfig
from emulator.azure.aks.versions import Version, full, minors
from emulator.azure.errors import ArmError, not_found
from emulator.azure.types import by_token
from emulator.cloud.clock import now

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emulator.azure.aks.versions import Minor
    from emulator.azure.service import Arm

_NOT_FOUND = 404


def _text(version: Version) -> str:
    return ".".join(map(str, version))


def versions(request: Request) -> Answer:
    """Return the versions that a region offers."""
    del request
    today = now().date()
    offered = [m for m in minors() if m.offered(today, lts=True)]
    plans = {True: ["KubernetesOfficial", LTS], False: [LTS]}
    rows = [
        {
            "version": minor.name,
            "capabilities": {"supportPlan": plans[minor.offered(today, lts=False)]},
            "isPreview": False,
            "patchVersions": {
                _text(patch): {"upgrades": [_text(v) for v in _next(patch, offered)]}
                for patch in minor.patches
            },
        }
        for minor in offered
    ]
    return Answer(200, {"values": rows})


def _next(running: Version, offered: Iterable[Minor], *, skip: bool = False) -> list[Version]:
    """Return the versions above one that is running: its own minor's and the next one's, with `skip` every one's."""
    return [
        patch
        for minor in offered
        for patch in minor.patches
        if patch > running and (skip or patch[1] - running[1] <= 1)
    ]


def cluster_profile(arm: Arm, cluster_id: str) -> Answer:
    """Return what a cluster may be upgraded to. Raises ArmError."""
    cluster = _cluster(arm, cluster_id)
    lts = cluster.get("supportPlan") == LTS
    running = full(str(cluster["currentKubernetesVersion"]))
    offered = [m for m in minors() if m.offered(now().date(), lts=lts)]
    upgrades = [{"kubernetesVersion": _text(v)} for v in _next(running, offered, skip=lts)]
    pools: list[Json] = [
        {
            "name": p["name"],
            "osType": p.get("osType", "Linux"),
            "kubernetesVersion": p["currentOrchestratorVersion"],
        }
        for p in cluster.get("agentPoolProfiles") or []
    ]
    control_plane = {"kubernetesVersion": _text(running), "osType": "Linux", "upgrades": upgrades}
    properties = {"controlPlaneProfile": control_plane, "agentPoolProfiles": pools}
    id_ = f"{cluster_id}/upgradeprofiles/default"
    kind = "Microsoft.ContainerService/managedClusters/upgradeprofiles"
    return Answer(200, {"id": id_, "name": "default", "type": kind, "properties": properties})


def pool_profile(arm: Arm, pool_id: str) -> Answer:
    """Return what a pool may be upgraded to: nothing above its control plane. Raises ArmError."""
    pool = arm.get(by_token()["containerservice:AgentPool"], pool_id)
    if pool is None:
        raise not_found("Microsoft.ContainerService/managedClusters/agentPools", ids.name_of(pool_id), "")
    cluster = _cluster(arm, pool_id.rsplit("/", 2)[0])
    ceiling, running = (
        full(str(cluster["currentKubernetesVersion"])),
        full(str(pool["currentOrchestratorVersion"])),
    )
    lts = cluster.get("supportPlan") == LTS
    offered = [m for m in minors() if m.offered(now().date(), lts=lts)]
    skip = lts or arm.cloud.view().settings.pool_skips_minors
    upgrades = [v for v in _next(running, offered, skip=skip) if v <= ceiling]
    properties = {
        "kubernetesVersion": _text(running),
        "osType": pool.get("osType", "Linux"),
        "upgrades": [{"kubernetesVersion": _text(v)} for v in upgrades],
        "latestNodeImageVersion": pool.get("nodeImageVersion"),
    }
    kind = "Microsoft.ContainerService/managedClusters/agentPools/upgradeProfiles"
    return Answer(
        200,
        {
            "id": f"{pool_id}/upgradeProfiles/default",
            "name": "default",
            "type": kind,
            "properties": properties,
        },
    )


def pool_versions(arm: Arm, cluster_id: str) -> Answer:
    """Return the versions that a new pool of a cluster may have. Raises ArmError."""
    cluster = _cluster(arm, cluster_id)
    ceiling = full(str(cluster["currentKubernetesVersion"]))
    lts = cluster.get("supportPlan") == LTS
    rows = [
        {"kubernetesVersion": _text(patch), "default": patch == ceiling}
        for minor in minors()
        if minor.offered(now().date(), lts=lts)
        for patch in minor.patches
        if patch <= ceiling
    ]
    properties = {"agentPoolVersions": rows}
    return Answer(
        200, {"id": f"{cluster_id}/availableAgentPoolVersions", "name": "default", "properties": properties}
    )


def credentials(arm: Arm, cluster_id: str, request: Request, *, admin: bool) -> Answer:
    """Return a cluster's kubeconfig. Raises ArmError."""
    make = admin_kubeconfig if admin else user_kubeconfig
    return Answer(
        200, {"kubeconfigs": [make(arm, _cluster(arm, cluster_id), {"format": request.query.get("format")})]}
    )


def _cluster(arm: Arm, id_: str) -> dict[str, Any]:
    found = arm.get(by_token()["containerservice:ManagedCluster"], id_)
    if found is None:
        raise ArmError(
            _NOT_FOUND, "ResourceNotFound", f"The managed cluster '{ids.name_of(id_)}' was not found."
        )
    return found
