"""The calls that are not GET, PUT, PATCH or DELETE of a stored resource, by method and type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.arm import operations
from emulator.arm.providers import cluster_actions, compute, networks, role_definitions, upgrades

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.arm.context import Context
    from emulator.arm.paths import Target
    from emulator.https.messages import Reply

_CLUSTERS = "microsoft.containerservice/managedclusters"
_POOLS = f"{_CLUSTERS}/agentpools"
_LOCATIONS = "microsoft.containerservice/locations"
_CALLS: dict[tuple[str, str], Callable[[Context, Target], Reply]] = {
    ("GET", f"{_CLUSTERS}/upgradeprofiles"): upgrades.control_plane,
    ("GET", f"{_POOLS}/upgradeprofiles"): upgrades.pool,
    ("GET", f"{_CLUSTERS}/availableagentpoolversions"): upgrades.available_pool_versions,
    ("GET", f"{_LOCATIONS}/kubernetesversions"): upgrades.kubernetes_versions,
    ("GET", f"{_LOCATIONS}/operations"): operations.answer,
    ("GET", f"{_LOCATIONS}/operationresults"): operations.answer,
    ("POST", f"{_CLUSTERS}/listclusterusercredential"): cluster_actions.user_credential,
    ("POST", f"{_CLUSTERS}/listclusteradmincredential"): cluster_actions.admin_credential,
    ("POST", f"{_CLUSTERS}/start"): cluster_actions.start,
    ("POST", f"{_CLUSTERS}/stop"): cluster_actions.stop,
    ("POST", f"{_POOLS}/upgradenodeimageversion"): cluster_actions.upgrade_node_image,
    ("GET", "microsoft.compute/locations/usages"): compute.usages,
    ("GET", "microsoft.compute/skus"): compute.skus,
    ("GET", "microsoft.network/virtualnetworks/usages"): networks.usages,
    ("GET", "microsoft.authorization/roledefinitions"): role_definitions.answer,
}


def answer(context: Context, target: Target) -> Reply | None:
    """Answer such a call, None for any other request."""
    found = _CALLS.get((context.request.method, target.arm_type.lower()))
    if found is None:
        return None
    if "operation" not in target.types[-1].lower():
        context.arm.meet("invoke" if context.request.method == "POST" else "read", target.path)
    return found(context, target)
