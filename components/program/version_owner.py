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


Clusters = Mapping[str, Running]
"""What runs of each cluster of a stack, by its name in Azure; one that is still to be made is not among them."""


def running(
    stack: StackSettings, previous: pulumi.Output[Any], parent: pulumi.Resource
) -> pulumi.Output[Clusters]:
    """Ask Azure what runs of the clusters of the last record: of those that are not there yet the stack file's versions are made."""
    views = (stack, *stack.further.values())

    async def ask(record: Any) -> Clusters:
        there: Mapping[str, Any] = record.get("clusters", {}) if record else {}
        return {
            view.cluster.name: await _running(view, parent) for view in views if view.cluster.name in there
        }

    return previous.apply(ask)


async def _running(stack: StackSettings, parent: pulumi.Resource) -> Running:
    cluster = stack.cluster
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


def as_running(record: Mapping[str, Any], found: Clusters) -> dict[str, Any]:
    """Return the record of what a stack file asks for, with the versions that run in the place of its own."""
    clusters = {name: _as_running(one, found.get(name)) for name, one in record["clusters"].items()}
    return {**record, "clusters": clusters}


def _as_running(cluster: Mapping[str, Any], runs: Running | None) -> Mapping[str, Any]:
    if not runs:
        return cluster
    pools = {pool: {**entry, "version": runs.of(pool)} for pool, entry in cluster["pools"].items()}
    return {**cluster, "controlPlane": {"version": runs.control_plane}, "pools": pools}


def leave_versions(stack: StackSettings, found: pulumi.Output[Clusters]) -> None:
    """Let every cluster and pool that the program registers from now on ask for the version that it runs, and switch the channel on.

    A version is left out of nothing: Azure would take a lower one for a wish to go back, and refuse it.
    """
    rules = stack.version_rules
    if rules.owner == "program":
        return

    def keep(one: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        props: dict[str, Any] = dict(one.props)
        if one.type_ == _CLUSTER:
            props["kubernetes_version"] = _of(found, props["resource_name"], "", props["kubernetes_version"])
            props["auto_upgrade_profile"] = {
                **props["auto_upgrade_profile"],
                "upgrade_channel": rules.channel or "none",
            }
        elif one.type_ == _POOL:
            props["orchestrator_version"] = _of(
                found, props["resource_name"], str(props["agent_pool_name"]), props["orchestrator_version"]
            )
        elif one.type_ == _DEPLOYMENT and (template := _pool_template(props)):
            [pool] = template["resources"]
            properties = pool["properties"]
            cluster = pulumi.Output.from_input(pool["name"]).apply(lambda name: str(name).partition("/")[0])
            version = _of(found, cluster, stack.all_pools[0].name, properties["orchestratorVersion"])
            pool = {**pool, "properties": {**properties, "orchestratorVersion": version}}
            props["properties"] = {**props["properties"], "template": {**template, "resources": [pool]}}
        else:
            return None
        return pulumi.ResourceTransformationResult(props, one.opts)

    pulumi.runtime.register_stack_transformation(keep)
    for view in (stack, *stack.further.values()):
        found.apply(lambda runs, view=view: _tell(view, runs.get(view.cluster.name)))


def _of(
    found: pulumi.Output[Clusters], cluster: pulumi.Input[str], pool: str, declared: Any
) -> pulumi.Output[Any]:
    """Return the version that runs of a cluster's pool, or of its control plane (""); the declared one of a cluster to be made."""

    def choose(known: Any) -> Any:
        clusters, name, said = known
        runs: Running | None = clusters.get(name)
        return (runs.of(pool) if pool else runs.control_plane) if runs else said

    return pulumi.Output.all(found, cluster, declared).apply(choose)


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
            f"{stack.told('')}secure-aks:versionRules.owner is {stack.version_rules.owner}, so what runs stays: {'; '.join(differ)}."
            " The file's versions are those of a cluster that is made anew"
        )
