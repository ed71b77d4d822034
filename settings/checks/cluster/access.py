"""Who gets into the cluster, and what it is given that exists already."""

from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.sections.cluster import Cluster
from settings.way_in import WHO, holds_somebody
from settings.words import repeated

PATH = "secure-aks:cluster"


def check(draft: Draft) -> Iterator[Finding]:
    """Yield groups that would let nobody in, and existing things that are said twice or half."""
    if not (cluster := draft.cluster):
        return
    yield from _deployers(cluster)
    yield from _registries(cluster)
    if cluster.existing_resource_group and cluster.resource_group:
        why = "the resource group is created (resourceGroup) or exists (existingResourceGroup), not both"
        yield Finding(f"{PATH}.existingResourceGroup", why, "remove one of them")
    if cluster.identity and cluster.identity == cluster.kubelet_identity:
        why = (
            "one identity for the control plane and the nodes would give each node what the control plane may"
        )
        yield Finding(f"{PATH}.kubeletIdentity", why, "name another identity, or remove the key")


def _deployers(cluster: Cluster) -> Iterator[Finding]:
    for index, group in enumerate(cluster.deployers):
        if not holds_somebody(group):
            why = f"{group.name} would be created with nobody in it, and nobody could apply what is inside the cluster"
            remedy = (
                f"add `members: [<object id>]` with who runs `up` (of a person: {WHO}), or `objectId` of a group "
                "that exists"
            )
            yield Finding(f"{PATH}.deployers[{index}]", why, remedy)
    if cluster.bootstrap and not cluster.deployers:
        why = "there are no deployers to administer the new cluster"
        yield Finding(f"{PATH}.bootstrap", why, "add `deployers`, or remove the key")


def _registries(cluster: Cluster) -> Iterator[Finding]:
    path = f"{PATH}.registries"
    for index, registry in enumerate(cluster.registries):
        if (registry.id is None) == (registry.name is None):
            why = "a registry exists (its resource id) or is created (name), one of them"
            yield Finding(f"{path}[{index}]", why, "write the resource id, or `{name: contosoaks}`")
        if registry.id and "sku" in registry.model_fields_set:
            why = "the tier of a registry that exists is its owner's"
            yield Finding(f"{path}[{index}].sku", why, "remove the key")
    places = [(f"{path}[{index}]", registry.label) for index, registry in enumerate(cluster.registries)]
    for place, label, first in repeated(places):
        yield Finding(place, f"the registry {label} is {first} already", "name each registry once")
