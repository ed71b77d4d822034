"""ARM ids of managed clusters and their pools, and the options that name them to the Azure CLI."""

from __future__ import annotations


def parts_of(text: str) -> dict[str, str]:
    """Return the parts of an ARM id by their kind in lower case: subscriptions, resourcegroups, managedclusters, ..."""
    parts = [part for part in text.split("/") if part]
    return {kind.lower(): name for kind, name in zip(parts[::2], parts[1::2], strict=False)}


def cluster_options(id_: str) -> str:
    """Return what names a cluster to `az aks`; what an empty id does not say stands in angle brackets."""
    parts = parts_of(id_)
    group, name = parts.get("resourcegroups", "<resource group>"), parts.get("managedclusters", "<cluster>")
    return f"--resource-group {group} --name {name}"


def pool_options(id_: str, pool: str) -> str:
    """Return what names a pool to `az aks nodepool`."""
    parts = parts_of(id_)
    group, name = parts.get("resourcegroups", "<resource group>"), parts.get("managedclusters", "<cluster>")
    return f"--resource-group {group} --cluster-name {name} --nodepool-name {pool}"
