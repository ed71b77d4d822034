"""What is done to a cluster or a pool by POST: credentials, start and stop, a new node image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.arm import operations
from emulator.azure.aks import power
from emulator.azure.aks.agent_pools import node_image
from emulator.azure.aks.credentials import admin_kubeconfig, user_kubeconfig
from emulator.azure.resource_type import existing
from emulator.azure.types import AGENT_POOL, MANAGED_CLUSTER
from emulator.cloud.clock import now
from emulator.https.messages import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.arm.context import Context
    from emulator.arm.paths import Target
    from emulator.azure.resource_type import Props, ResourceType
    from emulator.cloud.state import OperationKind


def user_credential(context: Context, target: Target) -> Reply:
    """Answer `listClusterUserCredential`; `format=exec` is what goes through Entra."""
    arguments: Props = {"format": context.request.query.get("format")}
    return Reply(200, {"kubeconfigs": [user_kubeconfig(context.arm, _cluster(context, target), arguments)]})


def admin_credential(context: Context, target: Target) -> Reply:
    """Answer `listClusterAdminCredential`."""
    return Reply(200, {"kubeconfigs": [admin_kubeconfig(context.arm, _cluster(context, target), {})]})


def _cluster(context: Context, target: Target) -> Props:
    found = existing(context.state, target.parent, MANAGED_CLUSTER.arm_type)
    return dict(found.properties) | {"id": found.id, "name": found.name}


def start(context: Context, target: Target) -> Reply:
    """Start a cluster; one that runs stays as it is."""
    return _begin(context, MANAGED_CLUSTER, target, "Starting", lambda _: {"powerState": {"code": "Running"}})


def stop(context: Context, target: Target) -> Reply:
    """Stop a cluster; one that is stopped stays as it is."""
    return _begin(context, MANAGED_CLUSTER, target, "Stopping", lambda _: {"powerState": {"code": "Stopped"}})


def upgrade_node_image(context: Context, target: Target) -> Reply:
    """Bring the newest node image to a pool."""
    power.refuse_if_stopped(context.state, target.path)
    return _begin(context, AGENT_POOL, target, "UpgradingNodeImageVersion", _newest_image)


def _newest_image(pool: Props) -> Props:
    image = node_image(str(pool["osSKU"]), str(pool["currentOrchestratorVersion"]), now())
    return {"nodeImageVersion": image}


def _begin(
    context: Context,
    kind: ResourceType,
    target: Target,
    operation: OperationKind,
    change: Callable[[Props], Props],
) -> Reply:
    accepted = context.arm.begin_change(kind, target.parent, operation, change)
    operations.carry_out(context, accepted)
    return Reply(202, None, operations.headers(context, accepted, location=True))
