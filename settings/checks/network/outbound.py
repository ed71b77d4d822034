"""What leaves the nodes' network: the gateway or the routes that `outboundType` names are there, and nothing else is."""

from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.sections.network import Network
from settings.words import repeated

NETWORK = "secure-aks:network"
_TYPE = "secure-aks:cluster.outboundType"


def check(draft: Draft) -> Iterator[Finding]:
    """Yield ways out that lead nowhere, and gateways and routes that nothing goes by."""
    if not (network := draft.network):
        return
    yield from _created(network)
    places = [
        (f"{NETWORK}.routes[{index}].range", str(one.range)) for index, one in enumerate(network.routes)
    ]
    for place, _, first in repeated(places):
        yield Finding(place, f"packets of this range go by {first} already", "name each range once")
    if draft.cluster:
        yield from _by(draft.cluster.outbound_type, network)


def _created(network: Network) -> Iterator[Finding]:
    if network.address_space:
        return
    for key, said in (("natGateway", network.nat_gateway), ("routes", network.routes)):
        if said:
            why = "it is for a network that is created here, and this one exists"
            yield Finding(f"{NETWORK}.{key}", why, "remove the key: a subnet that exists has its own")


def _by(outbound: str, network: Network) -> Iterator[Finding]:
    everything = [index for index, route in enumerate(network.routes) if route.range.prefixlen == 0]
    gateway, routed = outbound == "userAssignedNATGateway", outbound == "userDefinedRouting"
    if outbound == "managedNATGateway" and not network.of_aks:
        why = (
            "AKS manages a NAT gateway only in a network that it makes itself, and this one is not (`ofAks`)"
        )
        remedy = (
            "write userAssignedNATGateway with `natGateway: {}` under secure-aks:network, or loadBalancer"
        )
        yield Finding(_TYPE, why, remedy)
    if network.of_aks and (gateway or routed):
        why = f"{outbound} needs a gateway or route table in a network of your own"
        yield Finding(
            _TYPE, why, "name it in `secure-aks:network.existing`, or write `outboundType: loadBalancer`"
        )
    if network.address_space and gateway and not network.nat_gateway:
        why = "the network that is created here has no NAT gateway"
        yield Finding(
            _TYPE, why, "add `natGateway: {}` under secure-aks:network, or write `outboundType: loadBalancer`"
        )
    if network.address_space and routed and not everything:
        why = "the network that is created here has no route for what leaves it"
        remedy = "add `routes: [{range: 0.0.0.0/0, by: <address of the firewall>}]` under secure-aks:network, or write `outboundType: loadBalancer`"
        yield Finding(_TYPE, why, remedy)
    if network.nat_gateway and not gateway:
        why = f"what leaves the cluster goes by {outbound}, and the gateway would take it from there"
        remedy = "write `outboundType: userAssignedNATGateway` under secure-aks:cluster, or remove the key"
        yield Finding(f"{NETWORK}.natGateway", why, remedy)
    for index in [] if routed else everything:
        why = f"answers to what comes in by {outbound} would leave by the firewall, which drops them"
        remedy = "write `outboundType: userDefinedRouting` under secure-aks:cluster, or a narrower range"
        yield Finding(f"{NETWORK}.routes[{index}].range", why, remedy)
