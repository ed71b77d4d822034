"""A cluster whose minor has no support and no LTS: all of it goes at once, to the lowest supported minor.

Source: AKS, "Upgrade an AKS cluster": from N-3 and older, control plane and pools go together, straight to the lowest supported minor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.versions.support import Support

from upgrades import typed
from upgrades.model.steps import Blocker

if TYPE_CHECKING:
    from datetime import date

    from secure_aks_lifecycle.facts.catalog import Catalog, MinorRelease
    from secure_aks_lifecycle.versions.version import Version

    from upgrades.model.clusters import Cluster


def without_support(cluster: Cluster, catalog: Catalog, on: date) -> Support | None:
    """Return since when the control plane has no support; None where it has some, where LTS is bought, or where that is not known."""
    if cluster.lts:
        return None
    oldest = catalog.minors[0]
    if cluster.control_plane.minor < oldest.minor and oldest.end_of_life < on:
        return Support("ended")  # on a day that no catalog tells any more
    support = catalog.support(cluster.control_plane, on)
    return support if support.state in {"platform", "ended"} else None


def lowest_supported(catalog: Catalog, on: date) -> MinorRelease | None:
    """Return the lowest minor that AKS supports on a day."""
    return next((one for one in catalog.minors if one.available(on) and on <= one.end_of_life), None)


def way(cluster: Cluster, catalog: Catalog, on: date) -> str:
    """Return the command that takes a cluster without support back to it; empty where it has support, or none is known.

    Where something else moves a stack's versions, or no stack stands for the cluster, the Azure CLI does it.
    """
    lowest = lowest_supported(catalog, on)
    patch = catalog.newest_patch(lowest.minor, on) if lowest else None
    if patch is None or without_support(cluster, catalog, on) is None:
        return ""
    if cluster.has_stack and cluster.owner == "program":
        return typed.command("whole-cluster", cluster.stack, "--to", str(patch.version))
    group = cluster.resource_group or "<resource group>"
    return (
        f"az aks upgrade --resource-group {group} --name {cluster.name} --kubernetes-version {patch.version}"
    )


def left_behind(cluster: Cluster, target: Version, catalog: Catalog, on: date) -> list[Blocker]:
    """Return what keeps a cluster without support from going step by step, with the way that is left."""
    support, command = without_support(cluster, catalog, on), way(cluster, catalog, on)
    if support is None or not command or target.minor == cluster.control_plane.minor:
        return []
    since = f"ended on {support.ends}" if support.ends else "ended long ago"
    recorded = "" if cluster.owner == "program" else "run `up`, which records what runs, and "
    return [
        Blocker(
            cluster.name,
            f"control plane {cluster.control_plane}",
            f"its support {since}; without long-term support AKS upgrades such a cluster only as a whole, control "
            f"plane and pools together, straight to the lowest supported minor",
            f"{command}; then {recorded}plan again",
        )
    ]
