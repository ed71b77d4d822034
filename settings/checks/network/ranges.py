"""Address ranges: do they overlap, and do the nodes and pods fit in."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.checks.network import subnets
from settings.facts.data_files import ranges as reserved_ranges
from settings.sections.cluster import Cluster
from settings.sections.network import Network

CLUSTER = "secure-aks:cluster"
NETWORK = "secure-aks:network"
_SPACES = f"{NETWORK}.existing.addressSpaces"
_IN_USE = f"{NETWORK}.rangesInUse"
_NODE_PREFIX = 24
_SERVICE_PREFIX = 12
_LEAST_SERVICE_PREFIX = 28


def check(draft: Draft) -> Iterator[Finding]:
    """Yield address ranges that collide or are too small, and options that exclude each other."""
    ranges = dict(_ranges(draft.cluster, draft.network))
    yield from _overlaps(ranges)
    if draft.cluster:
        yield from _services(draft.cluster)
        yield from _pods(draft, draft.cluster)
        yield from _policy(draft, draft.cluster)
    if draft.network:
        yield from _choice(draft.network)
        yield from subnets.check(draft, draft.network)


def _ranges(cluster: Cluster | None, network: Network | None) -> Iterator[tuple[str, IPv4Network]]:
    if network and network.address_space:
        yield f"{NETWORK}.addressSpace", network.address_space
    for index, subnet in enumerate(network.existing.subnets if network and network.existing else ()):
        yield f"{NETWORK}.existing.subnets[{index}].cidr", subnet.cidr
    for index, space in enumerate(network.existing.address_spaces if network and network.existing else ()):
        yield f"{_SPACES}[{index}]", space
    for index, taken in enumerate(network.ranges_in_use if network else ()):
        yield f"{_IN_USE}[{index}]", taken
    if cluster:
        yield f"{CLUSTER}.podCidr", cluster.pod_cidr
        yield f"{CLUSTER}.serviceCidr", cluster.service_cidr


def _overlaps(ranges: dict[str, IPv4Network]) -> Iterator[Finding]:
    places = list(ranges.items())
    for index, (path, cidr) in enumerate(places):
        for reserved in reserved_ranges("reserved"):
            if cidr.overlaps(reserved.network):
                why = f"{cidr} overlaps {reserved.network}, which {reserved.why}"
                yield Finding(path, why, "choose another private range, such as one in 10.0.0.0/8")
                break
        for other, taken in places[:index]:
            if cidr.overlaps(taken) and not _together(other, path):
                why = f"{cidr} overlaps {taken} of {other.removeprefix('secure-aks:')}"
                yield Finding(path, why, "choose ranges apart from each other")


def _together(one: str, other: str) -> bool:
    """Whether two ranges may overlap: subnets lie in their network, and what is in use is not ours to order."""
    nodes = (f"{_SPACES}[", f"{NETWORK}.existing.subnets[")
    return (
        (one.startswith(nodes) and other.startswith(_SPACES))
        or (one.startswith(_IN_USE) and other.startswith(_IN_USE))
        or (one.startswith(nodes) and other.startswith(_IN_USE))
    )


def _services(cluster: Cluster) -> Iterator[Finding]:
    services = cluster.service_cidr
    if not _SERVICE_PREFIX < services.prefixlen <= _LEAST_SERVICE_PREFIX:
        why = f"AKS wants a service network smaller than /{_SERVICE_PREFIX}, with room for the DNS; this is /{services.prefixlen}"
        yield Finding(f"{CLUSTER}.serviceCidr", why, "write a /16, such as 10.0.0.0/16")
        return
    path, address = f"{CLUSTER}.dnsServiceIp", cluster.dns_ip
    if address not in services:
        why = f"{address} is outside of the service network {services}"
        yield Finding(path, why, f"write {services.network_address + 10}, or remove the key")
    elif address in {services[0], services[1], services[-1]}:
        why = f"{address} is the first, second or last address of {services}, and those are taken"
        yield Finding(path, why, f"write {services.network_address + 10}, or remove the key")


def _pods(draft: Draft, cluster: Cluster) -> Iterator[Finding]:
    nodes = sum(pool.max_nodes + pool.surge_nodes for pool in draft.pools.values())
    room = 2 ** max(_NODE_PREFIX - cluster.pod_cidr.prefixlen, 0)
    if cluster.pod_cidr.prefixlen > _NODE_PREFIX or nodes > room:
        why = f"each node takes a /24 of the pod network, and {cluster.pod_cidr} has {room if cluster.pod_cidr.prefixlen <= _NODE_PREFIX else 'none'} of them for {nodes} nodes with their surge"
        remedy = (
            f"write a /{_NODE_PREFIX - max(nodes - 1, 0).bit_length()} or larger, or let the pools grow less"
        )
        yield Finding(f"{CLUSTER}.podCidr", why, remedy)


def _policy(draft: Draft, cluster: Cluster) -> Iterator[Finding]:
    windows = [pool.name for pool in draft.pools.values() if not pool.is_linux]
    if cluster.network_policy == "cilium" and windows:
        why = f"Azure CNI powered by Cilium is Linux only, and there are Windows pools ({', '.join(windows)})"
        yield Finding(f"{CLUSTER}.networkPolicy", why, "write `networkPolicy: calico`")
    if cluster.network_policy == "azure" and windows:
        why = f"Azure Network Policy Manager ended for Windows on 30 September 2026, and there are Windows pools ({', '.join(windows)})"
        yield Finding(f"{CLUSTER}.networkPolicy", why, "write `networkPolicy: calico`")


def _choice(network: Network) -> Iterator[Finding]:
    if network.existing and network.address_space:
        why = "a network is created (addressSpace) or exists (existing), not both"
        yield Finding(f"{NETWORK}.existing", why, "remove one of them")
    if network.of_aks and (network.existing or network.address_space):
        why = "AKS made the network (ofAks), or it is created (addressSpace) or exists (existing)"
        yield Finding(f"{NETWORK}.ofAks", why, "remove one of them")
    if not network.existing and not network.address_space and not network.of_aks:
        why = "the nodes have no network"
        yield Finding(
            NETWORK,
            why,
            "add `addressSpace: 10.60.0.0/16`, or `existing` with your subnets (`ofAks: true` in a cluster made elsewhere)",
        )
    if network.existing:
        for key, name in (("subnets", "subnets"), ("subnet_prefix", "subnetPrefix")):
            if key in network.model_fields_set:
                why = "it is about subnets to create, and these exist"
                yield Finding(f"{NETWORK}.{name}", why, "remove the key")
