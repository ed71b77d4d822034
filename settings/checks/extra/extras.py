"""Every `extra` of a stack file."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from settings.checks.draft import Draft
from settings.checks.extra.taken import Said, taken_findings
from settings.checks.extra.together import half_findings, together_findings
from settings.checks.extra.values import shape_findings
from settings.checks.finding import Finding
from settings.existing import list_of, mapping
from settings.facts.azure_api import Resource, Shape, members, properties
from settings.facts.ours import add_ons, owner
from settings.sections.cluster import Cluster
from settings.sections.pools import Pool
from settings.words import did_you_mean, shown

NETWORK = "secure-aks:network"
CLUSTER = "secure-aks:cluster.extra"


def check(draft: Draft) -> Iterator[Finding]:
    """Yield what of an `extra` Azure has not, or is set here already."""
    for path, resource, extra, said in _extras(draft):
        wrong = list(shape_findings(path, resource, extra))
        yield from wrong
        yield from taken_findings(path, resource, extra, said)
        yield from together_findings(path, extra)
        if not wrong and not (resource == "network" and draft.network and draft.network.existing):
            yield from half_findings(path, extra)
    if draft.cluster:
        yield from _add_ons(draft.cluster.extra.get("addonProfiles"))
        yield from _subdomain(draft.cluster)
        yield from _families(draft)
    yield from _stopped(draft)
    if draft.network and draft.network.extra:
        yield from _of_network(draft.network.extra)
        if draft.network.existing:
            why = "it is about the network that is created here, and yours exists"
            yield Finding(
                f"{NETWORK}.extra", why, "remove it, and set the property where the network is made"
            )


def _extras(draft: Draft) -> Iterator[tuple[str, Resource, Mapping[str, Any], Said]]:
    """Yield each with the keys that its cluster or pool says; None where it was not made elsewhere, and says all that it has."""
    if draft.cluster:
        yield CLUSTER, "cluster", draft.cluster.extra, _said(draft.cluster, draft)
    for path, pool in draft.pools.items():
        yield f"{path}.extra", "pool", pool.extra, _said(pool, draft)
    if draft.network:
        yield f"{NETWORK}.extra", "network", draft.network.extra, None


def _said(section: Cluster | Pool, draft: Draft) -> Said:
    if not (draft.cluster and draft.cluster.is_adopted):
        return None
    fields = type(section).model_fields
    return {fields[name].alias or name for name in section.model_fields_set}


def _add_ons(named: Any) -> Iterator[Finding]:
    known = {one.lower() for one in add_ons()}
    for name in map(str, cast("dict[str, Any]", named) if isinstance(named, dict) else ()):
        if name.lower() not in known and not owner("cluster", f"addonProfiles.{name}"):
            why = f"AKS has no add-on {shown(name)!r}"
            yield Finding(f"{CLUSTER}.addonProfiles.{name}", why, did_you_mean(name, add_ons()))


def _subdomain(cluster: Cluster) -> Iterator[Finding]:
    """Azure documentation, "Create a private AKS cluster": a subdomain of your own is one in a private DNS zone of your own."""
    if "fqdnSubdomain" not in cluster.extra:
        return
    if not cluster.api_server.private_dns_zone.startswith("/"):
        why = "a subdomain of your own needs a private DNS zone of your own, and AKS refuses it for any other"
        remedy = "write the zone's resource id as `apiServer.privateDnsZone` under secure-aks:cluster, or remove it"
        yield Finding(f"{CLUSTER}.fqdnSubdomain", why, remedy)
    if cluster.adopted.get("dnsPrefix"):  # null: none is sent
        why = "the API server's name begins with it or with `adopted.dnsPrefix`, not with both"
        yield Finding(f"{CLUSTER}.fqdnSubdomain", why, "remove one of them")


def _families(draft: Draft) -> Iterator[Finding]:
    """Azure documentation, "Configure Azure CNI Overlay networking": with two families the subnets of the nodes have ranges of both."""
    families = list_of(mapping(draft.cluster and draft.cluster.extra.get("networkProfile")).get("ipFamilies"))
    network = draft.network
    both = families in (["IPv4", "IPv6"], ["IPv6", "IPv4"])
    if both and network and not network.existing and not network.of_aks:
        why = "nodes with both families need subnets with ranges of both, and those that are made here have IPv4"
        remedy = "remove it, or name subnets of your own with both in secure-aks:network.existing"
        yield Finding(f"{CLUSTER}.networkProfile.ipFamilies", why, remedy)


def _stopped(draft: Draft) -> Iterator[Finding]:
    """Azure documentation, "Start and stop an Azure Kubernetes Service (AKS) node pool", limitations."""
    for path, pool in draft.pools.items():
        if mapping(pool.extra.get("powerState")).get("code") != "Stopped":
            continue
        if pool.mode == "System":
            why = "AKS stops no system pool: the cluster's own pods run there"
        elif draft.cluster and draft.cluster.node_provisioning:
            why = "AKS stops no pool of a cluster with node auto-provisioning"
        else:
            continue
        yield Finding(f"{path}.extra.powerState.code", why, "remove it")


def _of_network(extra: Mapping[str, Any]) -> Iterator[Finding]:
    profile: Shape = properties("cluster")["networkProfile"].shape
    for name in extra.keys() - properties("network").keys():
        if name in members(profile.type):
            why = f"{name} is a property of the cluster's network profile, and this is the virtual network"
            remedy = f"write it under `secure-aks:cluster`, as `extra: {{networkProfile: {{{name}: ...}}}}`"
            yield Finding(f"{NETWORK}.extra.{name}", why, remedy)
