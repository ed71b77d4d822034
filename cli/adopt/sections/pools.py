"""`secure-aks:systemPool` and `secure-aks:pools`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.adopt.found import at
from settings.sections.pools import NODES_OF

if TYPE_CHECKING:
    from cli.adopt.found import Json

LEAST_SYSTEM_NODES = 2
"""What a stack file takes: one node does not survive its own upgrade."""
LEAST_PODS = 30
_SCALE_SET = "VirtualMachineScaleSets"
_SPOT = "kubernetes.azure.com/scalesetpriority"
_SURGE = "10%"
"""AKS's own where a pool says none (AKS documentation, "Customize node surge upgrade")."""


def is_sayable(pool: Json) -> bool:
    """Tell whether a stack file can say a pool at all: scale sets of nodes for pods are."""
    said: Json = pool["properties"]
    return said.get("type", _SCALE_SET) == _SCALE_SET and said.get("mode", "User") in {"System", "User"}


def pool_section(pool: Json) -> Json:
    """Return a pool's entry."""
    said: Json = pool["properties"]
    security: Json = at(said, "securityProfile", {})
    taints: list[str] = said.get("nodeTaints") or []
    whose = _whose(said)
    section: Json = {
        "name": pool["name"],
        "version": said.get("currentOrchestratorVersion") or said["orchestratorVersion"],
        "vmSize": said["vmSize"],
        "osType": said.get("osType", "Linux"),
        "osSku": said.get("osSKU", "Ubuntu"),
        "mode": said.get("mode", "User"),
        "zones": sorted(map(str, said.get("availabilityZones") or [])),
        **_size(said),
        "labels": _labels(said),
        "taints": [taint for taint in taints if taint.partition("=")[0] not in {_SPOT, NODES_OF}],
        "maxPods": max(int(said.get("maxPods") or LEAST_PODS), LEAST_PODS),
        "osDiskType": said.get("osDiskType", "Managed"),
        "encryptionAtHost": bool(said.get("enableEncryptionAtHost")),
        "fips": bool(said.get("enableFIPS")),
        "trustedLaunch": bool(security.get("enableSecureBoot") and security.get("enableVTPM")),
        "sandboxed": said.get("workloadRuntime") == "KataVmIsolation",
        "adopted": {},
    }
    if whose:
        section["namespace"] = whose
    if said.get("osDiskSizeGB"):
        section["osDiskGb"] = said["osDiskSizeGB"]
    if said.get("scaleSetPriority") == "Spot":
        return section | {"priority": "Spot"}
    return section | {"upgrade": _upgrade(at(said, "upgradeSettings", {}))}


def _whose(said: Json) -> str:
    """Return the namespace whose own the nodes are; empty where they are everybody's."""
    taints: list[str] = said.get("nodeTaints") or []
    parts = (taint.partition(":")[0].partition("=") for taint in taints)
    tainted = next((value for key, _, value in parts if key == NODES_OF), "")
    return str(at(said, "nodeLabels", {}).get(NODES_OF) or tainted)


def _size(said: Json) -> Json:
    least = LEAST_SYSTEM_NODES if said.get("mode") == "System" else 0
    if said.get("enableAutoScaling"):
        low = max(int(said["minCount"]), least)
        return {"autoscaling": {"min": low, "max": max(int(said["maxCount"]), low)}}
    return {"count": max(int(said.get("count") or 0), least)}


def _labels(said: Json) -> Json:
    labels: Json = said.get("nodeLabels") or {}
    return {key: str(value) for key, value in labels.items() if key not in {_SPOT, NODES_OF}}


def _upgrade(said: Json) -> Json:
    upgrade: Json = {
        "maxSurge": str(said.get("maxSurge") or _SURGE),
        "undrainableNodeBehavior": said.get("undrainableNodeBehavior") or "Schedule",
        "drainTimeoutMinutes": int(said.get("drainTimeoutInMinutes") or 30),
        "nodeSoakMinutes": int(said.get("nodeSoakDurationInMinutes") or 0),
    }
    if str(said.get("maxUnavailable") or "0") not in {"0", "0%"}:
        upgrade["maxUnavailable"] = str(said["maxUnavailable"])
        upgrade["maxSurge"] = str(said.get("maxSurge") or "0")
    return upgrade
