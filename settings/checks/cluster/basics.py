"""Tier, support plan, tags and location."""

import re
from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.sections.cluster import Cluster

PATH = "secure-aks:cluster"
_RESOURCE_GROUP = re.compile(r"[-\w.()]{0,89}[-\w()]")
_LOCATION = re.compile(r"[a-z][a-z0-9]+")
_TAG = re.compile(r"[^<>%&\\?/]{1,512}")
_TAG_VALUE_LENGTH = 256


def check(draft: Draft) -> Iterator[Finding]:
    """Yield what is wrong with the cluster as such."""
    if draft.location is not None and not _LOCATION.fullmatch(draft.location):
        why = f"{draft.location!r} is not the short name of an Azure region"
        yield Finding("azure-native:location", why, "write one such as westeurope")
    if draft.cluster:
        yield from _support(draft.cluster)
        yield from _groups(draft.cluster)
    for key, value in (draft.tags or {}).items():
        if not _TAG.fullmatch(key) or len(value) > _TAG_VALUE_LENGTH:
            why = "Azure allows tag names of 512 characters without < > % & \\ ? / and values of 256"
            yield Finding(f"secure-aks:tags.{key}", why, "shorten it, or leave those characters out")


def _support(cluster: Cluster) -> Iterator[Finding]:
    if cluster.is_lts and cluster.tier != "Premium":
        why = f"long-term support is part of the tier Premium, and this is {cluster.tier}"
        remedy = "write `tier: Premium`, or `supportPlan: KubernetesOfficial`"
        yield Finding(f"{PATH}.supportPlan", why, remedy)


def _groups(cluster: Cluster) -> Iterator[Finding]:
    for key, name in (
        ("resourceGroup", cluster.resource_group),
        ("nodeResourceGroup", cluster.node_resource_group),
    ):
        if name is not None and not _RESOURCE_GROUP.fullmatch(name):
            why = f"{name!r} is not a name of a resource group"
            remedy = "use at most 90 letters, digits, '_', '-', '.', '(' and ')', without a '.' at the end"
            yield Finding(f"{PATH}.{key}", why, remedy)
    if (
        cluster.node_resource_group
        and cluster.node_resource_group.lower() == cluster.resource_group_name.lower()
    ):
        why = "AKS creates the group of the nodes itself; it cannot be the cluster's"
        yield Finding(f"{PATH}.nodeResourceGroup", why, "remove the key, or write another name")
