"""Every `extra` of a stack file."""

from collections.abc import Iterator, Mapping
from typing import Any

from settings.checks.draft import Draft
from settings.checks.extra.taken import taken_findings
from settings.checks.extra.values import shape_findings
from settings.checks.finding import Finding
from settings.facts.azure_api import Resource, Shape, members, properties

NETWORK = "secure-aks:network"


def check(draft: Draft) -> Iterator[Finding]:
    """Yield what of an `extra` Azure has not, or is set here already."""
    for path, resource, extra in _extras(draft):
        yield from shape_findings(path, resource, extra)
        yield from taken_findings(path, resource, extra)
    if draft.network and draft.network.extra:
        yield from _of_network(draft.network.extra)
        if draft.network.existing:
            why = "it is about the network that is created here, and yours exists"
            yield Finding(
                f"{NETWORK}.extra", why, "remove it, and set the property where the network is made"
            )


def _extras(draft: Draft) -> Iterator[tuple[str, Resource, Mapping[str, Any]]]:
    if draft.cluster:
        yield "secure-aks:cluster.extra", "cluster", draft.cluster.extra
    for path, pool in draft.pools.items():
        yield f"{path}.extra", "pool", pool.extra
    if draft.network:
        yield f"{NETWORK}.extra", "network", draft.network.extra


def _of_network(extra: Mapping[str, Any]) -> Iterator[Finding]:
    profile: Shape = properties("cluster")["networkProfile"].shape
    for name in extra.keys() - properties("network").keys():
        if name in members(profile.type):
            why = f"{name} is a property of the cluster's network profile, and this is the virtual network"
            remedy = f"write it under `secure-aks:cluster`, as `extra: {{networkProfile: {{{name}: ...}}}}`"
            yield Finding(f"{NETWORK}.extra.{name}", why, remedy)
