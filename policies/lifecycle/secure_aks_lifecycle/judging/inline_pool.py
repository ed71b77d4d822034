"""What `pulumi refresh` does to a cluster's inputs is undone before they are sent.

A refresh copies every pool that Azure has, with versions and counts, into the inputs of the cluster in the state; there
`ignore_changes` of a program finds them and would send them with the next change. Azure refuses that, or takes it as an order to scale
(Azure/AKS 4765). So the inputs are put back to the one inline pool, as it was declared: without version, and without the
count of an autoscaled pool.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from pulumi_policy import EnforcementLevel, ResourceValidationPolicy, Severity

from secure_aks_lifecycle.judging.plain import plain
from secure_aks_lifecycle.judging.resource import plain_type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_policy import Policy, ResourceValidationArgs

NAME = "inline-pool-alone"
DESCRIPTION = "After a refresh a cluster is sent its one inline pool, not every pool that Azure has."
CLUSTER = "azure-native:containerservice:ManagedCluster"
READ_ONLY = frozenset(
    [
        "currentOrchestratorVersion",
        "eTag",
        "nodeImageVersion",
        "orchestratorVersion",
        "powerState",
        "provisioningState",
    ]
)
"""What Azure adds to a pool and nobody declares inline."""
_ONLY_READ = READ_ONLY - {"orchestratorVersion"}


def policy(system_pool: str) -> Policy:
    """Return the policy for a stack whose inline pool has this name ("": not known, so nothing is changed)."""

    def remediate(args: ResourceValidationArgs) -> Mapping[str, Any] | None:
        if plain_type(args.resource_type) != CLUSTER:
            return None
        inputs = cast("dict[str, Any]", plain(args.props))
        declared = alone(inputs.get("agentPoolProfiles"), system_pool)
        return None if declared is None else {**inputs, "agentPoolProfiles": declared}

    return ResourceValidationPolicy(
        name=NAME,
        description=DESCRIPTION,
        enforcement_level=EnforcementLevel.REMEDIATE,
        severity=Severity.HIGH,
        remediate=cast("Any", remediate),  # the SDK's type leaves out the plain mapping that it takes
    )


def alone(profiles: Any, system_pool: str) -> list[dict[str, Any]] | None:
    """Return the inline pool alone, as it was declared; None where the profiles are that already, or are not known."""
    if not system_pool or not isinstance(profiles, list):
        return None
    pools = cast("list[Any]", profiles)
    if not all(isinstance(pool, dict) for pool in pools):
        return None
    if len(pools) == 1 and not any(key in pools[0] for key in _ONLY_READ):
        return None  # as a program declares it: a new cluster may say its pool's version
    own = [_declared(pool) for pool in pools if pool.get("name") == system_pool]
    return None if len(own) != 1 or own == pools else own


def _declared(pool: dict[str, Any]) -> dict[str, Any]:
    added = READ_ONLY | ({"count"} if pool.get("enableAutoScaling") else set[str]())
    return {key: value for key, value in pool.items() if key not in added}
