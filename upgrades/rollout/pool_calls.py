"""What a rollout asks of Azure itself, beside what it asks of the engine: a pool's way back, its newest node image, a whole cluster.

The engine cannot ask for these: a rollback is a PUT that names the node image to return to (API 2026-04-01), a new image a POST of
its own, and no stack names images; a full-cluster upgrade is a PUT of the cluster with the version of every pool, which are resources of
their own in a stack.
It takes the role that an `up` takes, Azure Kubernetes Service Contributor or more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from azure.core import MatchConditions

from upgrades.observe.azure.reader import Azure, asked
from upgrades.observe.azure.values import recently_used, resource_id
from upgrades.observe.errors import AzureError

if TYPE_CHECKING:
    from azure.core.polling import LROPoller

    from upgrades.model.steps import Step


TOLD = {"currentOrchestratorVersion", "eTag", "nodeImageVersion", "provisioningState"}
"""What Azure tells of a pool, and is not asked of it; a node image that is named would be a rollback."""


def roll_back(cluster_id: str, step: Step, **options: Any) -> None:
    """Take a pool back to where a step ends, and wait until it is there. Raises AzureError, ValueError.

    Nothing is asked where it runs that version already. `options` go to the SDK's client.
    """
    where = resource_id(cluster_id)
    azure = Azure(where["subscriptions"], per_retry_policies=[], **options)
    group, cluster = where["resourcegroups"], where["managedclusters"]
    images = recently_used(azure.pool_upgrade_profile(group, cluster, step.target))
    image = images.get(step.after, "")
    pool = azure.pool(group, cluster, step.target)
    properties: dict[str, Any] = pool["properties"]
    if properties.get("currentOrchestratorVersion") == str(step.after):
        return
    if not image:
        names = ", ".join(str(one) for one in sorted(images)) or "none"
        raise AzureError(f"Azure names no node image of {step.after} to go back to (it names: {names})")
    body = {"properties": {**properties, "orchestratorVersion": str(step.after), "nodeImageVersion": image}}

    def put() -> Any:
        poller: LROPoller[Any] = azure.client.agent_pools.begin_create_or_update(
            group, cluster, step.target, body
        )
        return poller.result()

    asked(put)


def upgrade_whole(cluster_id: str, step: Step, **options: Any) -> None:
    """Take the control plane and every pool to where a step ends, by one PUT, and wait until all are there. Raises AzureError, ValueError.

    The cluster is sent as Azure has it, with the versions alone changed, as `az aks upgrade` does; Azure refuses it when somebody
    has changed the cluster since it was read. Nothing is asked where all run that version already.
    """
    where = resource_id(cluster_id)
    azure = Azure(where["subscriptions"], per_retry_policies=[], **options)
    group, name = where["resourcegroups"], where["managedclusters"]
    cluster = azure.cluster(group, name)
    properties: dict[str, Any] = cluster["properties"]
    profiles: list[dict[str, Any]] = properties["agentPoolProfiles"]
    version = str(step.after)
    runs = {properties.get("currentKubernetesVersion")} | {
        pool.get("currentOrchestratorVersion") for pool in profiles
    }
    if runs == {version}:
        return
    pools = [
        {key: value for key, value in pool.items() if key not in TOLD} | {"orchestratorVersion": version}
        for pool in profiles
    ]
    kept = {key: value for key, value in properties.items() if key != "servicePrincipalProfile"}
    body = {
        **cluster,
        "properties": {**kept, "kubernetesVersion": version, "agentPoolProfiles": pools},
    }

    def put() -> Any:
        poller: LROPoller[Any] = azure.client.managed_clusters.begin_create_or_update(
            group, name, body, etag=cluster.get("eTag"), match_condition=MatchConditions.IfNotModified
        )
        return poller.result()

    asked(put)


def renew(cluster_id: str, step: Step, **options: Any) -> None:
    """Give a pool its newest node image, and wait until its nodes have it. Raises AzureError, ValueError."""
    where = resource_id(cluster_id)
    azure = Azure(where["subscriptions"], per_retry_policies=[], **options)
    group, cluster = where["resourcegroups"], where["managedclusters"]

    def post() -> Any:
        poller: LROPoller[Any] = azure.client.agent_pools.begin_upgrade_node_image_version(
            group, cluster, step.target
        )
        return poller.result()

    asked(post)
