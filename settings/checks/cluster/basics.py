"""Tier, support plan, location, and the names that Azure makes out of the cluster's."""

import re
from collections.abc import Iterator
from datetime import timedelta

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.facts.data_files import limits, regions
from settings.sections.cluster import Cluster
from settings.sections.network import Network
from settings.words import did_you_mean, shown

PATH = "secure-aks:cluster"
LONGEST_FORCE = timedelta(days=30)
"""How long checks may be forced past at most: longer, and nobody remembers that they are off."""
_RESOURCE_GROUP = re.compile(r"[-\w.()]*[-\w()]")
_SHAPE = re.compile(r"[a-z][a-z0-9]{2,30}")


def check(draft: Draft) -> Iterator[Finding]:
    """Yield what is wrong with the cluster as such."""
    if draft.location is not None and draft.location not in regions().names:
        yield _location(draft.location)
    if draft.cluster:
        yield from _support(draft.cluster)
        yield from _groups(draft.cluster)
        yield from _names(draft.cluster, draft.location or "")
        yield from _made_of_names(draft.cluster, draft.network)
        yield from _force(draft, draft.cluster)


def _location(written: str) -> Finding:
    why = f"{written!r} is not the short name of an Azure region"
    if not _SHAPE.fullmatch(written):
        return Finding("azure-native:location", why, "write one such as westeurope")
    remedy = did_you_mean(written, regions().names)
    return Finding(
        "azure-native:location", why, f"{remedy} (a new region: add it to settings/facts/data/regions.yaml)"
    )


def _support(cluster: Cluster) -> Iterator[Finding]:
    if cluster.is_lts and cluster.tier != "Premium":
        why = f"long-term support is part of the tier Premium, and this is {cluster.tier}"
        remedy = "write `tier: Premium`, or `supportPlan: KubernetesOfficial`"
        yield Finding(f"{PATH}.supportPlan", why, remedy)


def _groups(cluster: Cluster) -> Iterator[Finding]:
    for key, name in (
        ("resourceGroup", cluster.resource_group),
        ("existingResourceGroup", cluster.existing_resource_group),
        ("nodeResourceGroup", cluster.node_resource_group),
    ):
        if name is not None and not _is_group(name):
            why = f"{shown(name)!r} is not a name of a resource group"
            remedy = f"use at most {limits()['resourceGroup']} letters, digits, '_', '-', '.', '(' and ')', without a '.' at the end"
            yield Finding(f"{PATH}.{key}", why, remedy)
    if (
        cluster.node_resource_group
        and cluster.node_resource_group.lower() == cluster.resource_group_name.lower()
    ):
        why = "AKS creates the group of the nodes itself; it cannot be the cluster's"
        yield Finding(f"{PATH}.nodeResourceGroup", why, "remove the key, or write another name")


def _is_group(name: str) -> bool:
    return len(name) <= limits()["resourceGroup"] and bool(_RESOURCE_GROUP.fullmatch(name))


def _names(cluster: Cluster, location: str) -> Iterator[Finding]:
    longest = limits()["dnsPrefix"]
    if len(cluster.name) > longest:
        why = f"the name begins the API server's, where AKS takes {longest} characters, and it has {len(cluster.name)}"
        yield Finding(f"{PATH}.name", why, f"write {longest} characters at most")
        return
    longest = limits()["nodeResourceGroup"]
    # What AKS calls the group unless it is told.
    name = cluster.node_resource_group or f"MC_{cluster.resource_group_name}_{cluster.name}_{location}"
    if len(name) > longest and _is_group(name):
        why = f"the group of the nodes is called {shown(name)!r}, {len(name)} characters, and AKS takes {longest}"
        yield Finding(f"{PATH}.nodeResourceGroup", why, f"write a name of {longest} characters at most")


def _made_of_names(cluster: Cluster, network: Network | None) -> Iterator[Finding]:
    room = limits()["dataCollectionEndpoint"] - len("dce-")
    if cluster.monitoring.prometheus and room < len(cluster.name) <= limits()["dnsPrefix"]:
        why = f"metrics go to the endpoint dce-{cluster.name}, {len(cluster.name) + 4} characters, and Azure takes {room + 4}"
        yield Finding(
            f"{PATH}.name", why, f"write {room} characters at most, or remove `monitoring.prometheus`"
        )
    longest, group = limits()["nodeLabel"], cluster.resource_group_name
    if network and network.address_space and longest < len(group) <= limits()["resourceGroup"]:
        why = f"the group of the virtual network is a label of every node, and its name has {len(group)} characters"
        key = "existingResourceGroup" if cluster.existing_resource_group else "resourceGroup"
        yield Finding(f"{PATH}.{key}", why, f"write a name of {longest} characters at most")


def _force(draft: Draft, cluster: Cluster) -> Iterator[Finding]:
    if not (force := cluster.force_upgrade):
        return
    path, today = f"{PATH}.forceUpgrade", draft.context.today
    if not force.reason.strip():
        yield Finding(f"{path}.reason", "nobody would know why", "write why, and who decided it")
    if force.until < today:
        why = f"it ended on {force.until}"
        yield Finding(
            f"{path}.until", why, "remove `forceUpgrade`, or prolong it with a reason that still holds"
        )
    elif force.until - today > LONGEST_FORCE:
        why = f"AKS's checks would be off for {(force.until - today).days} days"
        yield Finding(f"{path}.until", why, f"write {today + LONGEST_FORCE} or earlier")
