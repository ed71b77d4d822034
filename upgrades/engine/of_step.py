"""Which of the changes that a preview shows are the step, or always come with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi.automation.events import OpType

from upgrades.model.moves import Kind

if TYPE_CHECKING:
    from upgrades.model.moves import Move
    from upgrades.model.steps import Step

    from .previewed import Change

CLUSTER, POOL, DEPLOYMENT = (
    "azure-native:containerservice:ManagedCluster",
    "azure-native:containerservice:AgentPool",
    "azure-native:resources:Deployment",
)
VERSION_PROPERTY = {CLUSTER: "kubernetesVersion", POOL: "orchestratorVersion"}
SIZE_OF_A_POOL = {"count", "enableAutoScaling", "minCount", "maxCount"}
"""What a pool that is left without nodes changes."""
SUBNET = {
    "azure-native:network:Subnet",
    "azure-native:network:NetworkSecurityGroup",
    "azure-native:authorization:RoleAssignment",
}
"""What comes and goes with a pool that has a subnet of its own, each by a name that ends in `nodes-<pool>`."""
OF_A_SUBNET = {Kind.ADD: OpType.CREATE, Kind.REMOVE: OpType.DELETE}
SET_RIGHT = "properties.template.metadata"
"""Where the deployment of the system pool notes the state of the cluster that it follows (SystemPoolVersion)."""

CONFIG_MAP, PARAMETERS, MINOR = "kubernetes:core/v1:ConfigMap", "admission-parameters", "data.kubernetesMinor"
"""Where a cluster's admission policies read the minor of its control plane."""


def is_step(change: Change, step: Step) -> bool:
    """Tell whether a change is the step: this target of this cluster, to this version, and nothing else of the resource."""
    if change.cluster != step.cluster:
        return False
    if step.move:
        return _is_move(change, step.move)
    if step.whole:
        return any(is_step(change, part) for part in step.parts)
    if change.op != OpType.UPDATE.value or change.target != step.target or change.version != str(step.after):
        return False
    if change.type == DEPLOYMENT:  # the system pool's version goes through an ARM deployment of that one pool
        own = {path for path in change.properties if not path.startswith(SET_RIGHT)}
        return len(own) == 1 and own.pop().endswith("].properties.orchestratorVersion")
    return change.properties == (VERSION_PROPERTY.get(change.type),)


def _is_move(change: Change, move: Move) -> bool:
    """Tell whether a change is the pool that comes, is left without nodes, or goes."""
    if change.type != POOL or change.target != move.target:
        return False
    if move.kind is Kind.EMPTY:
        return change.op == OpType.UPDATE.value and set(change.properties) <= SIZE_OF_A_POOL
    return change.op == (OpType.CREATE if move.kind is Kind.ADD else OpType.DELETE).value


def goes_along(change: Change, step: Step) -> bool:
    """Tell whether a change is the subnet of a pool that comes or goes, or what belongs to that (components/cluster_network.py)."""
    move = step.move
    if move is None or move.kind not in OF_A_SUBNET or change.type not in SUBNET:
        return False
    return change.op == OF_A_SUBNET[move.kind].value and change.name.rpartition("nodes-")[2] == move.target


def follows(change: Change, step: Step) -> bool:
    """Tell whether a change only follows one of the cluster.

    It sets the system pool right again (SystemPoolVersion), or tells the admission policies which minor they judge by.
    """
    if change.op != OpType.UPDATE.value:
        return False
    if change.type == CONFIG_MAP:
        of_control_plane = any(part.is_control_plane for part in step.parts)
        return of_control_plane and change.name.endswith(PARAMETERS) and change.properties == (MINOR,)
    return (
        change.cluster == step.cluster
        and change.type == DEPLOYMENT
        and bool(change.properties)
        and all(path.startswith(SET_RIGHT) for path in change.properties)
    )
