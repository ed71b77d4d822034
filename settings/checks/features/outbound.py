"""What leaves the cluster: enough ports for every node, and a way that fits the type.

Source: AKS documentation, "Configure a standard load balancer" (64,000 ports an address) and "Network isolated clusters".
"""

from collections.abc import Iterator
from math import ceil

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.sections.cluster import Cluster
from settings.sections.features.load_balancer import LoadBalancer
from settings.words import repeated

PATH = "secure-aks:cluster"
PORTS = 64_000
"""SNAT ports of one address."""
_MOST_ADDRESSES = 100


def check(draft: Draft) -> Iterator[Finding]:
    """Yield addresses and ports that do not reach, and ways that are none."""
    if not (cluster := draft.cluster):
        return
    yield from _isolated(cluster)
    if cluster.nat_gateway and cluster.outbound_type != "managedNATGateway":
        why = f"what leaves the cluster goes by {cluster.outbound_type}, not by a NAT gateway of AKS's"
        remedy = "remove it, or write `outboundType: managedNATGateway`, which a network that AKS made takes"
        yield Finding(f"{PATH}.natGateway", why, remedy)
    if not (balancer := cluster.load_balancer):
        return
    if cluster.outbound_type != "loadBalancer":
        why = f"what leaves the cluster goes by {cluster.outbound_type}, not by a load balancer"
        yield Finding(f"{PATH}.loadBalancer", why, "remove it, or write `outboundType: loadBalancer`")
        return
    yield from _addresses(balancer)
    if draft.complete:
        nodes = sum(pool.max_nodes + pool.surge_nodes for pool in draft.pools.values())
        yield from _ports(balancer, nodes)


def _isolated(cluster: Cluster) -> Iterator[Finding]:
    if cluster.outbound_type == "none" and not cluster.image_source:
        why = "nothing leaves the cluster, so its nodes would not get the images they start with"
        remedy = "add `imageSource` with the resource id of a registry that caches AKS's own images"
        yield Finding(f"{PATH}.outboundType", why, remedy)
    if cluster.image_source and not cluster.kubelet_identity:
        why = "nodes pull from it before AKS has made them an identity"
        remedy = "add `kubeletIdentity` with the id of an identity that has the role AcrPull on the registry"
        yield Finding(f"{PATH}.imageSource", why, remedy)


def _addresses(balancer: LoadBalancer) -> Iterator[Finding]:
    given = {
        "addresses": balancer.addresses,
        "addressIds": balancer.address_ids,
        "prefixIds": balancer.prefix_ids,
    }
    named = [key for key, value in given.items() if value]
    for key in named[1:]:
        why = f"{named[0]} names the addresses already"
        yield Finding(f"{PATH}.loadBalancer.{key}", why, f"keep {named[0]} or {key}")
    for key, ids in (("addressIds", balancer.address_ids), ("prefixIds", balancer.prefix_ids)):
        places = [(f"{PATH}.loadBalancer.{key}[{i}]", one.lower()) for i, one in enumerate(ids)]
        for place, _, first in repeated(places):
            yield Finding(place, f"it is {first} already", "name each once")


def _ports(balancer: LoadBalancer, nodes: int) -> Iterator[Finding]:
    ports, addresses = balancer.ports_per_node, len(balancer.address_ids) or balancer.addresses or 1
    if not ports or balancer.prefix_ids or nodes * ports <= addresses * PORTS:
        return
    needed, fitting = ceil(nodes * ports / PORTS), addresses * PORTS // nodes // 8 * 8
    why = (
        f"{nodes:,} nodes, surge included, with {ports:,} ports each take {nodes * ports:,}, and {addresses} "
        f"address{'es have' if addresses > 1 else ' has'} {addresses * PORTS:,}: Azure would refuse the last nodes"
    )
    more = f"`{'addressIds` with' if balancer.address_ids else 'addresses:'} {needed}{'' if balancer.address_ids else '`'}"
    remedy = f"write `portsPerNode: {fitting}`" + (f", or {more}" if needed <= _MOST_ADDRESSES else "")
    yield Finding(f"{PATH}.loadBalancer.portsPerNode", why, remedy)
