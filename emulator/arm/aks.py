"""What Microsoft.ContainerService answers beside its resources: versions, upgrades, credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.arm.call import found
from emulator.azure.aks import pool_rollback, version_rules
from emulator.azure.aks.agent_pools import AGENT_POOL, LTS, node_image
from emulator.azure.aks.clusters import MANAGED_CLUSTER
from emulator.azure.aks.credentials import admin_kubeconfig, user_kubeconfig
from emulator.azure.aks.versions import full, minors, offered, show
from emulator.azure.errors import ArmError
from emulator.cloud.clock import now
from emulator.cloud.events import POOL_TYPE
from emulator.cloud.state import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from emulator.arm.call import Call
    from emulator.azure.resource_type import Props
    from emulator.cloud.state import Resource

_TYPE = "Microsoft.ContainerService/managedClusters"


def kubernetes_versions(call: Call) -> Props:
    """Return the minors of a region, with their patches and what each patch may be upgraded to."""
    del call  # every region offers the same
    today = now().date()
    official = [m for m in minors() if m.offered(today, lts=False)]
    default = official[-2:][0].name if official else ""
    values: list[Props] = []
    for minor in minors():
        plans = [
            plan
            for plan, lts in (("KubernetesOfficial", False), (LTS, True))
            if minor.offered(today, lts=lts)
        ]
        if not plans:
            continue
        lts = plans == [LTS]
        row: Props = {"version": minor.name, "capabilities": {"supportPlan": plans}}
        row |= {"isDefault": True} if minor.name == default else {}
        patches = [show(patch) for patch in minor.patches]
        row["patchVersions"] = {
            p: {"upgrades": _control_plane(p, today, Settings(), lts=lts)} for p in patches
        }
        values.append(row)
    return {"values": values}


def cluster_upgrades(call: Call) -> Props:
    """Return what a control plane may be upgraded to, and what its pools run."""
    cluster = _cluster(call)
    version = str(cluster.properties["currentKubernetesVersion"])
    upgrades = _control_plane(version, now().date(), call.state.settings, lts=_lts(cluster))
    plane = {
        "name": "master",
        "kubernetesVersion": version,
        "osType": "Linux",
        "upgrades": [{"kubernetesVersion": v} for v in upgrades],
    }
    pools = [
        {
            "name": pool.name,
            "kubernetesVersion": pool.properties["currentOrchestratorVersion"],
            "osType": pool.properties["osType"],
        }
        for pool in call.state.children(cluster.id, POOL_TYPE)
    ]
    return {
        "id": f"{cluster.id}/upgradeprofiles/default",
        "name": "default",
        "type": f"{_TYPE}/upgradeprofiles",
        "properties": {"controlPlaneProfile": plane, "agentPoolProfiles": pools},
    }


def pool_upgrades(call: Call) -> Props:
    """Return what a pool may be upgraded to, and its newest node image."""
    cluster, pool = _cluster(call), found(call.state, AGENT_POOL, call.id_up_to("upgradeProfiles/"))
    version, settings = str(pool.properties["currentOrchestratorVersion"]), call.state.settings
    plane = str(cluster.properties["currentKubernetesVersion"])
    upgrades = [
        candidate
        for candidate in _for_pools(cluster)
        if full(candidate) > full(version)
        and _allowed(lambda c=candidate: version_rules.pool_move(version, c, settings))
        and _allowed(lambda c=candidate: version_rules.skew(c, plane, settings))
    ]
    return {
        "id": f"{pool.id}/upgradeProfiles/default",
        "name": "default",
        "type": f"{_TYPE}/agentPools/upgradeProfiles",
        "properties": {
            "kubernetesVersion": version,
            "osType": pool.properties["osType"],
            "latestNodeImageVersion": node_image(str(pool.properties["osSKU"]), version, now()),
            "upgrades": [{"kubernetesVersion": v} for v in upgrades],
            "recentlyUsedVersions": pool_rollback.recent(call.state, pool.id, now()),
        },
    }


def pool_versions(call: Call) -> Props:
    """Return the versions that a new pool of a cluster may have; that of its control plane is the default."""
    cluster = _cluster(call)
    plane = str(cluster.properties["currentKubernetesVersion"])
    fitting = [
        v
        for v in _for_pools(cluster)
        if _allowed(lambda c=v: version_rules.skew(c, plane, call.state.settings))
    ]
    rows = [{"kubernetesVersion": v, **({"default": True} if v == plane else {})} for v in fitting]
    return {
        "id": f"{cluster.id}/availableagentpoolversions",
        "name": "default",
        "type": f"{_TYPE}/availableAgentpoolVersions",
        "properties": {"agentPoolVersions": rows},
    }


def user_credentials(call: Call) -> Props:
    """Return the kubeconfig for people."""
    cluster = _cluster(call)
    return {"kubeconfigs": [user_kubeconfig(call.arm, _named(cluster), dict(call.request.query))]}


def admin_credentials(call: Call) -> Props:
    """Return the kubeconfig of the cluster's own administrator."""
    cluster = _cluster(call)
    return {"kubeconfigs": [admin_kubeconfig(call.arm, _named(cluster), dict(call.request.query))]}


def _cluster(call: Call) -> Resource:
    path = call.request.path.split("/")
    return found(call.state, MANAGED_CLUSTER, "/".join(path[:9]))


def _named(cluster: Resource) -> Props:
    return cluster.properties | {"name": cluster.name}


def _lts(cluster: Resource) -> bool:
    return cluster.properties.get("supportPlan") == LTS


def _offered(on: date, *, lts: bool) -> list[str]:
    return [v for m in minors() for v in map(show, m.patches) if offered(v, on, lts=lts)]


def _for_pools(cluster: Resource) -> list[str]:
    """Return what a pool may run by its age: what is offered, and what its control plane runs."""
    versions = {
        *_offered(now().date(), lts=_lts(cluster)),
        str(cluster.properties["currentKubernetesVersion"]),
    }
    return sorted(versions, key=full)


def _control_plane(version: str, on: date, settings: Settings, *, lts: bool) -> list[str]:
    return [
        candidate
        for candidate in _offered(on, lts=lts)
        if candidate != version
        and _allowed(
            lambda c=candidate: version_rules.control_plane_move(version, c, lts=lts, settings=settings)
        )
    ]


def _allowed(rule: Callable[[], None]) -> bool:
    """Say whether a PUT would pass a rule: what is offered is never more than what is taken."""
    try:
        rule()
    except ArmError:
        return False
    return True
