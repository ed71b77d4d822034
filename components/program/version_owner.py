"""Versions that somebody else moves: AKS's channel, or a fleet. What runs is what the program asks for, and what it records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi

from settings import StackSettings

from ..parts.azure_read import azure_read

_CLUSTER = "azure-native:containerservice:ManagedCluster"
_POOL = "azure-native:containerservice:AgentPool"
_DEPLOYMENT = "azure-native:resources:Deployment"
_POOL_IN_TEMPLATE = "Microsoft.ContainerService/managedClusters/agentPools"


@dataclass(frozen=True)
class Running:
    """The version of a control plane, and those of its pools by name, as Azure has them."""

    control_plane: str
    pools: Mapping[str, str] = field(default_factory=dict[str, str])

    def of(self, pool: str) -> str:
        """Return the version of a pool; one that is not there yet is made with the control plane's."""
        return self.pools.get(pool, self.control_plane)


def running(
    stack: StackSettings, is_first: pulumi.Output[bool], parent: pulumi.Resource
) -> pulumi.Output[Running | None]:
    """Ask Azure what runs; None where the program moves versions itself, and before the first `up`: the stack file's are made."""
    cluster = stack.cluster

    async def ask(first: bool) -> Running | None:  # noqa: FBT001  # what an output is applied to
        if first:
            return None
        names = {"resourceGroupName": cluster.resource_group_name, "resourceName": cluster.name}
        what = f"{stack.key('versionRules.owner')} is {stack.version_rules.owner}, which has moved the versions of the cluster\n  {cluster.name}"
        remedy = f"see that {cluster.name} is in {cluster.resource_group_name}, and that whoever runs `up` has the role Contributor there"
        found = await azure_read("containerservice:getManagedCluster", names, what, remedy, parent)
        pools: list[dict[str, str]] = found.get("agentPoolProfiles") or []
        versions = {pool["name"]: pool.get("currentOrchestratorVersion") for pool in pools}
        return Running(
            found["currentKubernetesVersion"],
            {name: version for name, version in versions.items() if version},
        )

    return is_first.apply(ask)


def as_running(record: Mapping[str, Any], found: Running | None) -> dict[str, Any]:
    """Return the record of what a stack file asks for, with the versions that run in the place of its own."""
    if not found:
        return dict(record)
    clusters = {
        name: {
            **cluster,
            "controlPlane": {"version": found.control_plane},
            "pools": {pool: {**entry, "version": found.of(pool)} for pool, entry in cluster["pools"].items()},
        }
        for name, cluster in record["clusters"].items()
    }
    return {**record, "clusters": clusters}


def leave_versions(stack: StackSettings, found: pulumi.Output[Running | None]) -> None:
    """Let every cluster and pool that the program registers from now on ask for the version that it runs, and switch the channel on.

    A version is left out of nothing: Azure would take a lower one for a wish to go back, and refuse it.
    """
    rules = stack.version_rules
    if rules.owner == "program":
        return

    def keep(one: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        props: dict[str, Any] = dict(one.props)
        if one.type_ == _CLUSTER:
            declared = props["kubernetes_version"]
            props["kubernetes_version"] = found.apply(lambda runs: runs.control_plane if runs else declared)
            props["auto_upgrade_profile"] = {
                **props["auto_upgrade_profile"],
                "upgrade_channel": rules.channel or "none",
            }
        elif one.type_ == _POOL:
            props["orchestrator_version"] = _of(
                found, str(props["agent_pool_name"]), props["orchestrator_version"]
            )
        elif one.type_ == _DEPLOYMENT and (template := _pool_template(props)):
            [pool] = template["resources"]
            properties = pool["properties"]
            version = _of(found, stack.all_pools[0].name, properties["orchestratorVersion"])
            pool = {**pool, "properties": {**properties, "orchestratorVersion": version}}
            props["properties"] = {**props["properties"], "template": {**template, "resources": [pool]}}
        else:
            return None
        return pulumi.ResourceTransformationResult(props, one.opts)

    pulumi.runtime.register_stack_transformation(keep)
    found.apply(lambda runs: _tell(stack, runs))


def _of(found: pulumi.Output[Running | None], pool: str, declared: Any) -> pulumi.Output[Any]:
    return found.apply(lambda runs: runs.of(pool) if runs else declared)


def _pool_template(props: Mapping[str, Any]) -> Mapping[str, Any] | None:
    template = props["properties"]["template"]
    return template if template["resources"][0]["type"] == _POOL_IN_TEMPLATE else None


def _tell(stack: StackSettings, runs: Running | None) -> None:
    if not runs:
        return
    declared = {pool.name: str(pool.version) for pool in stack.all_pools}
    differ = [
        f"{what} runs {has}, the stack file says {says}"
        for what, has, says in (
            ("the control plane", runs.control_plane, str(stack.cluster.kubernetes_version)),
            *((f"pool {pool}", runs.of(pool), says) for pool, says in declared.items()),
        )
        if has != says
    ]
    if differ:
        pulumi.log.info(
            f"secure-aks:versionRules.owner is {stack.version_rules.owner}, so what runs stays: {'; '.join(differ)}."
            " The file's versions are those of a cluster that is made anew"
        )
