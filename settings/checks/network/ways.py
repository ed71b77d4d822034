"""Subnets that are not for nodes, and networks that are joined with the stack's."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.sections.cluster import ApiServer
from settings.sections.network import Network
from settings.words import repeated

NETWORK = "secure-aks:network"
_KEYS = {"runners": "runnerSubnet", "api-server": "apiServerSubnet"}
_SMALLEST = {"runners": 29, "api-server": 28}
_SUGGESTED = 27


def check(draft: Draft) -> Iterator[Finding]:
    """Yield ranges that lie wrong, and ways to the API server that lead nowhere."""
    if not (network := draft.network):
        return
    yield from _ranges(draft, network)
    yield from _peerings(network)
    if draft.cluster:
        yield from _integration(draft.cluster.api_server, network)
        yield from _names(draft.cluster.api_server, network)


def _ranges(draft: Draft, network: Network) -> Iterator[Finding]:
    taken = {f"{path}.subnet": pool.subnet for path, pool in draft.pools.items() if pool.subnet}
    for name, cidr in network.set_apart.items():
        path = f"{NETWORK}.{_KEYS[name]}"
        if network.address_space is None:
            why = "it is a subnet to create, and the network exists"
            yield Finding(
                path, why, "remove the key" if name == "runners" else "name the subnet in `existing`"
            )
        elif not cidr.subnet_of(network.address_space):
            why = f"{cidr} is not part of the address space {network.address_space}"
            yield Finding(path, why, f"write a part of it, such as {_last(network.address_space)}")
        if cidr.prefixlen > _SMALLEST[name]:
            yield Finding(path, f"{cidr} is too small", f"write a /{_SMALLEST[name]} or larger")
        for other, range_ in taken.items():
            if cidr.overlaps(range_):
                yield Finding(
                    path, f"{cidr} overlaps {range_} of {other}", "choose ranges apart from each other"
                )
        taken[path] = cidr


def _last(space: IPv4Network) -> IPv4Network:
    """Return the last /27 of an address space, or all of a smaller one; a /0 has 134 million, which nobody lists."""
    length = max(_SUGGESTED, space.prefixlen)
    return IPv4Network((int(space.broadcast_address) >> (32 - length) << (32 - length), length))


def _peerings(network: Network) -> Iterator[Finding]:
    path = f"{NETWORK}.peerings"
    if network.peerings and not network.address_space:
        yield Finding(path, "a network that exists is joined with others where it was made", "remove the key")
    places = [(f"{path}[{index}].network", one.network) for index, one in enumerate(network.peerings)]
    for place, _, first in repeated(places):
        yield Finding(place, f"the network is {first} already", "name each network once")
    twice = {place for place, _, _ in repeated(places)}
    names = [(place, id_.rsplit("/", 1)[-1]) for place, id_ in places if place not in twice]
    for place, name, first in repeated(names):
        why = f"a peering is called after its network, and {first} is a network called {name} too"
        remedy = "leave it out here, and join it with `az network vnet peering create`, once for each side"
        yield Finding(place, why, remedy)


def _integration(server: ApiServer, network: Network) -> Iterator[Finding]:
    existing = network.existing.api_server_subnet if network.existing else None
    given = network.api_server_subnet or existing
    if server.vnet_integration and not given:
        why = "the API server has no subnet to be in"
        remedy = (
            "add `existing.apiServerSubnet` with the id of a delegated subnet"
            if network.existing
            else "add `apiServerSubnet: <a part of addressSpace, such as its last /28>` under secure-aks:network"
        )
        yield Finding("secure-aks:cluster.apiServer.vnetIntegration", why, remedy)
    if given and not server.vnet_integration:
        key = "apiServerSubnet" if network.api_server_subnet else "existing.apiServerSubnet"
        why = "the API server is in no subnet unless it is told"
        yield Finding(
            f"{NETWORK}.{key}", why, "add `vnetIntegration: true` under apiServer, or remove the key"
        )


def _names(server: ApiServer, network: Network) -> Iterator[Finding]:
    if server.access != "private" or server.private_dns_zone != "system" or network.runner_subnet:
        return
    if network.peerings and not network.existing:
        why = (
            "AKS links its own private DNS zone with the cluster's network alone, so machines in a peered network find "
            "no address for the API server's name"
        )
        remedy = (
            "write `none` (the name then stands in public DNS, with a private address), or the id of a zone that is "
            "linked with the peered network"
        )
        yield Finding("secure-aks:cluster.apiServer.privateDnsZone", why, remedy)
