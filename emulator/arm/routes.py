"""The paths of Azure Resource Manager that this cloud answers, as templates of its REST API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.arm import aks, compute, network
from emulator.azure import ids

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.arm.call import Call
    from emulator.azure.resource_type import Props

    Answers = Callable[[Call], Props]

SUBSCRIPTION = "/subscriptions/{subscriptionId}"
_AKS = SUBSCRIPTION + "/providers/Microsoft.ContainerService"
_COMPUTE = SUBSCRIPTION + "/providers/Microsoft.Compute"
CLUSTER = (
    SUBSCRIPTION + "/resourceGroups/{group}/providers/Microsoft.ContainerService/managedClusters/{cluster}"
)
_NETWORK = SUBSCRIPTION + "/resourceGroups/{group}/providers/Microsoft.Network/virtualNetworks/{network}"

ROUTES: tuple[tuple[str, str, Answers], ...] = (
    ("GET", _AKS + "/locations/{location}/kubernetesVersions", aks.kubernetes_versions),
    ("GET", CLUSTER + "/upgradeProfiles/default", aks.cluster_upgrades),
    ("GET", CLUSTER + "/agentPools/{pool}/upgradeProfiles/default", aks.pool_upgrades),
    ("GET", CLUSTER + "/availableAgentPoolVersions", aks.pool_versions),
    ("POST", CLUSTER + "/listClusterUserCredential", aks.user_credentials),
    ("POST", CLUSTER + "/listClusterAdminCredential", aks.admin_credentials),
    ("GET", _COMPUTE + "/locations/{location}/usages", compute.usages),
    ("GET", _COMPUTE + "/skus", compute.skus),
    ("GET", _NETWORK + "/usages", network.usages),
)
"""What is neither a resource nor a list of resources."""


def route(method: str, path: str) -> tuple[Answers, dict[str, str]] | None:
    """Return what answers and the path's parameters, None for a path that is not among them."""
    for verb, template, answers in ROUTES:
        if verb == method and (values := ids.match(template, path)) is not None:
            return answers, values
    return None
